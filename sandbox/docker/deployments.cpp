#include "sandbox/docker/deployments.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "sandbox/docker/names.h"

namespace aap {
namespace {

/// "/aap-<run>-api" → "api"; empty: it is no service of that run.
std::string serviceNameOf(const Json& container, const std::string& prefix)
{
    const auto& names = member(container, "Names");
    if (names.is_array())
        for (const auto& name : names)
            if (name.is_string() && name.get_ref<const std::string&>().starts_with("/" + prefix + "-"))
                return cleanText(name.get_ref<const std::string&>().substr(prefix.size() + 2));
    return {};
}

DeployedContainer containerFrom(const Json& listed, std::string service)
{
    const bool isAside = service.ends_with(kAsideSuffix);
    if (isAside)
        service.resize(service.size() - kAsideSuffix.size());
    const std::chrono::seconds created(std::max<std::int64_t>(numberOf(listed, "Created"), 0));
    return {.service = std::move(service), .isAside = isAside, .container = textOf(listed, "Id"), .image = cleanText(textOf(listed, "Image")), .state = cleanText(textOf(listed, "State")),
            .status = cleanText(textOf(listed, "Status")), .created = TimePoint(created)};
}

} // namespace

Result<std::vector<Deployment>> listDeployments(DockerClient& client, const std::stop_token& stop)
{
    const auto wanted = Json::array({std::string(kAppLabel) + "=1", fmt::format("{}={}", kKindLabel, kDeploymentKind)});
    const auto listed = client.call("GET", "/containers/json?all=1&filters=" + encodedFilters(Json{{"label", wanted}}), {}, stop);
    if (!listed)
        return Error(listed.error()).during("list what is deployed");
    std::map<std::string, Deployment, std::greater<>> byRun; // ids begin with their time
    for (const auto& container : *listed) {
        const auto run = textOf(member(container, "Labels"), kRunLabel);
        const auto prefix = deploymentName(run);
        auto service = prefix ? serviceNameOf(container, *prefix) : std::string();
        if (service.empty())
            continue;
        auto& deployment = byRun[run];
        deployment.runId = run;
        deployment.services.push_back(containerFrom(container, std::move(service)));
    }
    std::vector<Deployment> deployments;
    for (auto& [run, deployment] : byRun) {
        std::ranges::sort(deployment.services, {}, &DeployedContainer::service);
        deployments.push_back(std::move(deployment));
    }
    return deployments;
}

Result<Deployment> findDeployment(DockerClient& client, const std::string& runId, const std::stop_token& stop)
{
    const auto all = listDeployments(client, stop);
    if (!all)
        return all.error();
    const auto found = std::ranges::find(*all, runId, &Deployment::runId);
    if (found == all->end())
        return Error{ErrorCode::NotFound, fmt::format("nothing of run '{}' is deployed", cleanText(runId.substr(0, 100))), {}, "'agent-pipeline deployments list' shows what is."};
    return *found;
}

} // namespace aap
