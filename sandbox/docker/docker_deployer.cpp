#include "sandbox/docker/docker_deployer.h"

#include <algorithm>

#include <fmt/format.h>

#include "sandbox/docker/container_use.h"
#include "sandbox/docker/exec_stream.h"
#include "sandbox/docker/leftovers.h"
#include "sandbox/docker/names.h"
#include "sandbox/docker/volume_owner.h"

namespace aap {
namespace {

constexpr Milliseconds kStartTimeout = std::chrono::seconds(60); // a busy machine takes seconds
constexpr Milliseconds kRemoveTimeout = std::chrono::seconds(30);
constexpr Milliseconds kGraceOfTheOld = std::chrono::seconds(10);
constexpr std::size_t kMostLog = 8U << 20U;

Error foreign(const std::string& kind, const std::string& name)
{
    return Error{ErrorCode::Invalid, fmt::format("the {} '{}' was not made by this program and is left alone", kind, name), {},
                 "Remove or rename it yourself if nobody needs it."};
}

std::string containerPath(const std::string& container, std::string_view rest)
{
    return fmt::format("/containers/{}{}", percentEncoded(container), rest);
}

ServiceState stateFrom(const Json& seen)
{
    const auto& state = member(seen, "State");
    return {.running = member(state, "Running") == true && member(state, "Restarting") != true,
            .exitCode = int(numberOf(state, "ExitCode")),
            .outOfMemory = member(state, "OOMKilled") == true,
            .restarts = int(numberOf(seen, "RestartCount")),
            .startedAt = textOf(state, "StartedAt")};
}

/// A network says whose it is: those that nobody uses are removed when their program is gone.
Json networkLabels(const std::string& runId)
{
    auto labels = deploymentLabels(runId);
    for (const auto& [name, value] : ownLabels())
        labels[name] = value;
    return labels;
}

} // namespace

DockerDeployer::DockerDeployer(DockerClient& client, DeployerSettings settings) : m_client(client), m_settings(std::move(settings)) {}

Result<Json> DockerDeployer::inspect(const std::string& container, const std::stop_token& stop)
{
    auto seen = m_client.call("GET", containerPath(container, "/json"), {}, stop);
    if (!seen)
        return seen;
    const auto& labels = member(member(*seen, "Config"), "Labels");
    const auto ours = deploymentName(textOf(labels, kRunLabel));
    if (!ours || !hasLabels(labels, deploymentLabels(textOf(labels, kRunLabel))) || !textOf(*seen, "Name").starts_with("/" + *ours + "-"))
        return foreign("container", container);
    return seen;
}

Result<void> DockerDeployer::checkOwn(const std::string& kind, const std::string& name, const std::string& runId, const std::stop_token& stop)
{
    auto seen = m_client.call("GET", fmt::format("/{}s/{}", kind, percentEncoded(name)), {}, stop);
    if (!seen)
        return std::move(seen).error();
    if (!hasLabels(member(*seen, "Labels"), deploymentLabels(runId)))
        return foreign(kind, name);
    return {};
}

Result<std::string> DockerDeployer::makeNetwork(const std::string& runId, const std::stop_token& stop)
{
    auto name = deploymentName(runId);
    if (!name)
        return name;
    auto there = checkOwn("network", *name, runId, stop);
    if (there)
        return name;
    if (there.error().code != ErrorCode::NotFound)
        return std::move(there).error().during("make the network " + *name);
    const Json body = {{"Name", *name},
                       {"CheckDuplicate", true},
                       {"Driver", "bridge"},
                       {"Internal", true},
                       {"Options", {{"com.docker.network.bridge.inhibit_ipv4", "true"}}}, // the host's ports are not in there
                       {"Labels", networkLabels(runId)}};
    if (auto made = m_client.call("POST", "/networks/create", body, stop, kStartTimeout); !made)
        return std::move(made).error().during("make the network " + *name);
    return name;
}

Result<std::string> DockerDeployer::makeVolume(const std::string& runId, const std::string& name, const std::stop_token& stop)
{
    auto full = deploymentName(runId, name);
    if (!full)
        return full;
    const Json body = {{"Name", *full}, {"Driver", "local"}, {"Labels", deploymentLabels(runId)}};
    if (auto made = m_client.call("POST", "/volumes/create", body, stop); !made)
        return std::move(made).error().during("make the volume " + *full);
    if (auto ours = checkOwn("volume", *full, runId, stop); !ours) // making one that is there gives the one that is there
        return std::move(ours).error();
    return full;
}

Result<void> DockerDeployer::checkPlace(const ServiceSpec& spec, const std::stop_token& stop)
{
    if (auto checked = checkService(spec); !checked)
        return checked;
    if (spec.network != "none")
        if (auto ours = checkOwn("network", spec.network, spec.runId, stop); !ours)
            return ours;
    for (const auto& [volume, path] : spec.volumes)
        if (auto ours = checkOwn("volume", volume, spec.runId, stop); !ours)
            return ours;
    return {};
}

Result<std::string> DockerDeployer::create(const ServiceSpec& spec, const std::string& name, const Json& image, const std::stop_token& stop)
{
    auto engine = m_client.call("GET", "/info", {}, stop);
    if (!engine)
        return std::move(engine).error();
    auto old = inspect(name, stop);
    if (old) {
        if (auto removed = remove(textOf(*old, "Id")); !removed)
            return std::move(removed).error();
    } else if (old.error().code != ErrorCode::NotFound) {
        return std::move(old).error();
    }
    const auto processors = double(std::max<std::int64_t>(numberOf(*engine, "NCPU"), 1));
    auto made = m_client.call("POST", "/containers/create?name=" + percentEncoded(name),
                              serviceBody(spec, member(image, "Config"), processors, m_settings), stop, kStartTimeout);
    if (!made)
        return std::move(made).error();
    return textOf(*made, "Id");
}

Result<void> DockerDeployer::launch(const ServiceSpec& spec, const std::string& container, const Json& image, const std::stop_token& stop)
{
    VolumeGift gift{.container = container, .containerName = "aap-" + spec.runId + "-" + spec.name, .image = textOf(image, "Id"),
                    .user = textOf(member(image, "Config"), "User"), .labels = deploymentLabels(spec.runId)};
    for (const auto& [volume, path] : spec.volumes)
        gift.volumes.push_back(volume);
    if (!gift.volumes.empty() && !gift.user.empty()) // without a user it is root, and new volumes are root's
        if (auto given = giveVolumesTo(m_client, gift, stop); !given)
            return std::move(given).error().during("give the volumes to the user " + gift.user);
    if (auto started = m_client.call("POST", containerPath(container, "/start"), {}, stop, kStartTimeout); !started)
        return std::move(started).error();
    return {};
}

Result<std::string> DockerDeployer::start(const ServiceSpec& spec, const std::stop_token& stop)
{
    const auto doing = "start the service " + spec.name.substr(0, 100);
    const auto name = deploymentName(spec.runId, spec.name);
    if (!name || spec.name.empty())
        return Error{ErrorCode::Invalid, name ? "a service needs a name" : name.error().detail, {doing}};
    if (auto checked = checkPlace(spec, stop); !checked)
        return std::move(checked).error().during(doing);
    auto image = m_client.call("GET", "/images/" + percentEncoded(spec.image) + "/json", {}, stop);
    if (!image)
        return std::move(image).error().during(doing);
    auto container = create(spec, *name, *image, stop);
    if (!container)
        return std::move(container).error().during(doing);
    if (auto launched = launch(spec, *container, *image, stop); !launched) {
        (void)remove(*container).has_value(); // the reason why it did not start is what counts
        return std::move(launched).error().during(doing);
    }
    return container;
}

Result<ServiceState> DockerDeployer::state(const std::string& container, const std::stop_token& stop)
{
    auto seen = inspect(container, stop);
    if (!seen)
        return std::move(seen).error();
    return stateFrom(*seen);
}

Result<std::string> DockerDeployer::logs(const std::string& container, int lines, const std::stop_token& stop)
{
    if (auto ours = inspect(container, stop); !ours)
        return std::move(ours).error();
    auto answer = m_client.send({.path = containerPath(container, fmt::format("/logs?stdout=1&stderr=1&tail={}", std::max(lines, 0))),
                                 .idleTimeout = std::chrono::seconds(30), .bodyLimit = kMostLog}, stop);
    if (!answer)
        return std::move(answer).error().during("read a service's log");
    if (answer->status != 200)
        return engineError(*answer).during("read a service's log");
    std::string text;
    ExecStream stream;
    if (auto fed = stream.feed(answer->body, [&](ExecStream::Source, std::string_view bytes) { text += bytes; }); !fed)
        return std::move(fed).error().during("read a service's log");
    return text;
}

Result<ResourceUse> DockerDeployer::resources(const std::string& container, const std::stop_token& stop)
{
    if (auto ours = inspect(container, stop); !ours)
        return std::move(ours).error();
    return containerUse(m_client, container, stop);
}

Result<std::pair<ServiceState, Milliseconds>> DockerDeployer::stop(const std::string& container, Milliseconds grace, const std::stop_token& stop)
{
    if (auto ours = inspect(container, stop); !ours)
        return std::move(ours).error();
    const auto seconds = std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(grace).count(), 0);
    const Stopwatch watch;
    auto ended = m_client.call("POST", containerPath(container, fmt::format("/stop?t={}", seconds)), {}, stop,
                               std::chrono::seconds(seconds) + kRemoveTimeout);
    const auto took = watch.elapsed();
    if (!ended)
        return std::move(ended).error().during("stop a service");
    auto after = state(container, stop);
    if (!after)
        return std::move(after).error();
    return std::pair(*std::move(after), took);
}

Result<void> DockerDeployer::startAgain(const std::string& container, const std::stop_token& stop)
{
    if (auto ours = inspect(container, stop); !ours)
        return std::move(ours).error();
    if (auto started = m_client.call("POST", containerPath(container, "/start"), {}, stop, kStartTimeout); !started)
        return std::move(started).error().during("start a service again");
    return {};
}

Result<Json> DockerDeployer::inspectOf(const std::string& runId, const std::string& container, const std::stop_token& stop)
{
    auto seen = inspect(container, stop);
    if (seen && textOf(member(member(*seen, "Config"), "Labels"), kRunLabel) != runId)
        return foreign("container", container);
    return seen;
}

Result<void> DockerDeployer::setAside(const std::string& runId, const std::vector<std::string>& containers, const std::stop_token& stop)
{
    for (auto id = containers.rbegin(); id != containers.rend(); ++id) { // who depends on others stops first
        const auto seen = inspectOf(runId, *id, stop);
        if (!seen)
            return Error(seen.error()).during("set aside what is deployed");
        const auto name = textOf(*seen, "Name").substr(1);
        if (auto stopped = this->stop(*id, kGraceOfTheOld, stop); !stopped)
            return std::move(stopped).error();
        if (name.ends_with(kAsideSuffix))
            continue;
        if (auto renamed = m_client.call("POST", containerPath(*id, "/rename?name=" + percentEncoded(name + std::string(kAsideSuffix))), {}, stop); !renamed)
            return std::move(renamed).error().during("set aside the service " + name);
    }
    return {};
}

Result<void> DockerDeployer::removeOthers(const std::string& runId, const std::vector<std::string>& containers)
{
    auto labels = Json::array();
    const auto ours = deploymentLabels(runId);
    for (const auto& [name, value] : ours.items())
        labels.push_back(fmt::format("{}={}", name, value.get<std::string>()));
    const auto listed = m_client.call("GET", "/containers/json?all=1&filters=" + encodedFilters(Json{{"label", std::move(labels)}}), {}, {});
    if (!listed)
        return listed.error();
    for (const auto& other : *listed)
        if (const auto id = textOf(other, "Id"); std::ranges::find(containers, id) == containers.end())
            if (auto removed = discard(runId, {id}); !removed && removed.error().code != ErrorCode::Invalid) // what only inherited our labels stays
                return removed;
    return {};
}

Result<void> DockerDeployer::bringBack(const std::string& runId, const std::vector<std::string>& containers)
{
    const std::string doing = "bring back what was deployed before";
    for (const auto& id : containers) // before anything is removed for them
        if (const auto seen = inspectOf(runId, id, {}); !seen)
            return Error(seen.error()).during(doing);
    if (auto removed = removeOthers(runId, containers); !removed)
        return std::move(removed).error().during(doing);
    for (const auto& id : containers) {
        const auto seen = inspectOf(runId, id, {});
        if (!seen)
            return Error(seen.error()).during(doing);
        auto name = textOf(*seen, "Name").substr(1);
        if (name.ends_with(kAsideSuffix)) {
            name.resize(name.size() - kAsideSuffix.size());
            if (auto renamed = m_client.call("POST", containerPath(id, "/rename?name=" + percentEncoded(name)), {}, {}); !renamed)
                return std::move(renamed).error().during(doing);
        }
        if (auto started = startAgain(id, {}); !started) // of one that runs it is no error
            return std::move(started).error().during(doing);
    }
    return {};
}

Result<void> DockerDeployer::discard(const std::string& runId, const std::vector<std::string>& containers)
{
    const auto prefix = deploymentName(runId);
    if (!prefix)
        return prefix.error();
    for (const auto& id : containers) {
        const auto seen = inspectOf(runId, id, {});
        if (!seen && seen.error().code == ErrorCode::NotFound)
            continue;
        if (!seen)
            return seen.error();
        if (auto removed = remove(id); !removed)
            return removed;
        std::vector<std::string> left;
        for (const auto& mount : member(*seen, "Mounts"))
            if (const auto volume = textOf(mount, "Name"); volume.starts_with(*prefix + "-") && checkOwn("volume", volume, runId, {}))
                left.push_back("/volumes/" + percentEncoded(volume));
        if (const auto image = textOf(member(*seen, "Config"), "Image"); image.starts_with(*prefix + "-"))
            left.push_back("/images/" + percentEncoded(image));
        for (const auto& path : left)
            if (auto gone = m_client.call("DELETE", path, {}, {}, kRemoveTimeout); !gone && gone.error().code != ErrorCode::NotFound && gone.error().code != ErrorCode::Invalid)
                return std::move(gone).error().during("remove what a deployment had"); // in conflict: another one uses it
    }
    return {};
}

Result<void> DockerDeployer::remove(const std::string& container)
{
    auto ours = inspect(container, {});
    if (!ours)
        return ours.error().code == ErrorCode::NotFound ? Result<void>() : std::move(ours).error();
    auto removed = m_client.call("DELETE", containerPath(container, "?force=1&v=1"), {}, {}, kRemoveTimeout);
    if (!removed && removed.error().code != ErrorCode::NotFound)
        return std::move(removed).error().during("remove a service");
    return {};
}

Result<void> DockerDeployer::removeDeployment(const std::string& runId)
{
    const auto name = deploymentName(runId);
    if (!name)
        return name.error();
    const Labels labels{{std::string(kRunLabel), runId}, {std::string(kKindLabel), std::string(kDeploymentKind)}};
    if (auto removed = removeOurs(m_client, labels, *name, Whose::Everybodys, {}); !removed)
        return std::move(removed).error().during("remove the deployment of run " + runId);
    return {};
}

} // namespace aap
