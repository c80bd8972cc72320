#include "sandbox/docker/ownership.h"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

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

std::string labelOf(const Labels& labels, const std::string& name)
{
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
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
    if (labelOf(labels, "aap.app") != "1" || labelOf(labels, "aap.host") != thisMachine())
        return false;
    const auto here = bootAndNamespace();
    const auto there = labelOf(labels, "aap.boot");
    const auto bootOf = [](const std::string& text) { return text.substr(0, text.find('/')); };
    if (bootOf(there) != bootOf(here))
        return !there.empty();
    pid_t pid = 0;
    const auto text = labelOf(labels, "aap.pid");
    std::from_chars(text.data(), text.data() + text.size(), pid);
    return there == here && pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
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

} // namespace aap
