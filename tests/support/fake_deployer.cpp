#include "tests/support/fake_deployer.h"

#include <algorithm>

namespace aap {

Result<BuiltImage> FakeImageBuilder::build(const BuildRequest& request, const OutputListener& log, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while the image was built"};
    asked.push_back(request);
    if (!result)
        return result.error();
    auto built = *result;
    built.tag = request.tag;
    if (log)
        log(built.log);
    images.insert(request.tag);
    return built;
}

Result<bool> FakeImageBuilder::imageExists(const std::string& reference, const std::stop_token& /*stop*/)
{
    return images.contains(reference);
}

Result<ServiceState*> FakeDeployer::find(const std::string& container)
{
    const auto found = containers.find(container);
    if (found == containers.end())
        return Error{ErrorCode::NotFound, "No such container: " + container};
    return &found->second;
}

Result<std::string> FakeDeployer::makeNetwork(const std::string& runId, const std::stop_token& /*stop*/)
{
    return *networks.insert("aap-" + runId).first;
}

Result<std::string> FakeDeployer::makeVolume(const std::string& runId, const std::string& name, const std::stop_token& /*stop*/)
{
    return *volumes.insert("aap-" + runId + "-" + name).first;
}

Result<std::string> FakeDeployer::start(const ServiceSpec& spec, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped before the service started"};
    if (starting)
        if (auto allowed = starting(spec); !allowed)
            return allowed.error();
    started.push_back(spec);
    const auto id = "container-" + std::to_string(started.size());
    containers[id] = startsAs ? startsAs(spec) : ServiceState{.running = true, .startedAt = "2026-11-24T12:00:00.000Z"};
    return id;
}

Result<ServiceState> FakeDeployer::state(const std::string& container, const std::stop_token& /*stop*/)
{
    const auto found = find(container);
    if (!found)
        return found.error();
    return **found;
}

Result<std::string> FakeDeployer::logs(const std::string& container, int /*lines*/, const std::stop_token& /*stop*/)
{
    if (const auto found = find(container); !found)
        return found.error();
    return log;
}

Result<ResourceUse> FakeDeployer::resources(const std::string& container, const std::stop_token& /*stop*/)
{
    if (const auto found = find(container); !found)
        return found.error();
    return ResourceUse{.cpuPercent = 2, .memoryBytes = 40U << 20U, .memoryLimitBytes = 512U << 20U, .processes = 2};
}

Result<std::pair<ServiceState, Milliseconds>> FakeDeployer::stop(const std::string& container, Milliseconds /*grace*/, const std::stop_token& /*stop*/)
{
    const auto found = find(container);
    if (!found)
        return found.error();
    (*found)->running = false;
    (*found)->exitCode = exitCodeOnStop;
    return std::pair(**found, stoppingTakes);
}

Result<void> FakeDeployer::startAgain(const std::string& container, const std::stop_token& /*stop*/)
{
    const auto found = find(container);
    if (!found)
        return found.error();
    (*found)->running = true;
    return {};
}

Result<void> FakeDeployer::setAside(const std::string& /*runId*/, const std::vector<std::string>& set, const std::stop_token& stop)
{
    for (const auto& container : set)
        if (auto ended = this->stop(container, {}, stop); !ended)
            return std::move(ended).error();
    return {};
}

Result<void> FakeDeployer::bringBack(const std::string& /*runId*/, const std::vector<std::string>& set)
{
    std::erase_if(containers, [&](const auto& there) { return std::ranges::find(set, there.first) == set.end(); });
    for (const auto& container : set)
        if (auto runs = startAgain(container, {}); !runs)
            return runs;
    return {};
}

Result<void> FakeDeployer::discard(const std::string& /*runId*/, const std::vector<std::string>& set)
{
    std::erase_if(containers, [&](const auto& there) { return std::ranges::find(set, there.first) != set.end(); });
    return {};
}

Result<void> FakeDeployer::remove(const std::string& container)
{
    containers.erase(container);
    return {};
}

Result<void> FakeDeployer::removeDeployment(const std::string& runId)
{
    removedDeployments.push_back(runId);
    containers.clear();
    std::erase_if(networks, [&](const std::string& name) { return name == "aap-" + runId; });
    std::erase_if(volumes, [&](const std::string& name) { return name.starts_with("aap-" + runId + "-"); });
    return {};
}

} // namespace aap
