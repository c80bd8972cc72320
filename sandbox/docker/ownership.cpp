#include "sandbox/docker/ownership.h"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

std::string firstLine(const char* file)
{
    const auto text = readFile(file, 4096).value_or("");
    return text.substr(0, text.find('\n'));
}

/// A pid means something only within its boot and its pid namespace.
std::string bootAndNamespace()
{
    std::error_code failed;
    const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", failed).string();
    return firstLine("/proc/sys/kernel/random/boot_id") + "/" + space;
}

std::string thisMachine()
{
    auto id = firstLine("/etc/machine-id");
    return id.empty() ? firstLine("/proc/sys/kernel/hostname") : id;
}

std::string valueOf(const Labels& labels, const std::string& name)
{
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
}

Labels labelsOf(const Json& object)
{
    Labels labels;
    for (const auto& [name, value] : memberOf(object, "Labels").items()) {
        if (value.is_string())
            labels[name] = value.get<std::string>();
    }
    return labels;
}

std::string filtersFor(const Labels& labels)
{
    auto wanted = Json::array({"aap.app=1"});
    for (const auto& [name, value] : labels)
        wanted.push_back(name + "=" + value);
    return encodedFilters(Json{{"label", std::move(wanted)}});
}

/// A label alone is inherited by whatever is made from an image of ours; the name is not.
bool isOurs(const Json& object)
{
    const auto& names = memberOf(object, "Names");
    const auto name = names.is_array() && !names.empty() && names[0].is_string() ? names[0].get<std::string>().substr(1)
                                                                                   : stringIn(object, "Name");
    return name.starts_with("aap-");
}

/// Gone already is as good as removed.
void note(std::optional<Error>& first, const Result<Json>& removed)
{
    if (!removed && removed.error().code != ErrorCode::NotFound && !first)
        first = removed.error();
}

} // namespace

Labels ownLabels()
{
    return {{"aap.app", "1"},
            {"aap.host", thisMachine()},
            {"aap.boot", bootAndNamespace()},
            {"aap.pid", std::to_string(::getpid())}};
}

bool isOrphan(const Labels& labels)
{
    if (valueOf(labels, "aap.app") != "1" || valueOf(labels, "aap.host") != thisMachine())
        return false;
    const auto here = bootAndNamespace();
    const auto there = valueOf(labels, "aap.boot");
    const auto bootOf = [](const std::string& text) { return text.substr(0, text.find('/')); };
    if (bootOf(there) != bootOf(here))
        return !there.empty();
    pid_t pid = 0;
    const auto text = valueOf(labels, "aap.pid");
    std::from_chars(text.data(), text.data() + text.size(), pid);
    return there == here && pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

Result<void> removeLabelled(DockerClient& client, const Labels& labels, bool orphansOnly, const std::stop_token& stop)
{
    std::optional<Error> first;
    const auto filters = filtersFor(labels);
    const auto containers = client.call("GET", "/containers/json?all=1&filters=" + filters, {}, stop);
    if (!containers)
        return Error(containers.error()).during("look for left-over sandboxes");
    for (const auto& container : *containers) {
        if (isOurs(container) && (!orphansOnly || isOrphan(labelsOf(container))))
            note(first, client.call("DELETE", "/containers/" + stringIn(container, "Id") + "?force=1&v=1", {}, stop,
                                    std::chrono::seconds(60)));
    }
    const auto networks = client.call("GET", "/networks?filters=" + filters, {}, stop);
    if (!networks)
        return Error(networks.error()).during("look for left-over networks");
    for (const auto& network : *networks) {
        if (isOurs(network) && (!orphansOnly || isOrphan(labelsOf(network))))
            note(first, client.call("DELETE", "/networks/" + stringIn(network, "Id"), {}, stop, std::chrono::seconds(60)));
    }
    if (first)
        return *std::move(first);
    return {};
}

} // namespace aap
