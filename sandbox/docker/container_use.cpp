#include "sandbox/docker/container_use.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/pause.h"
#include "sandbox/docker/names.h"

namespace aap {
namespace {

constexpr Milliseconds kCpuSample{250};

struct CpuSample {
    std::int64_t used = 0;
    std::int64_t system = 0;
    std::int64_t cpus = 0;
};

CpuSample cpuSample(const Json& stats)
{
    const auto& cpu = member(stats, "cpu_stats");
    return {numberOf(member(cpu, "cpu_usage"), "total_usage"), numberOf(cpu, "system_cpu_usage"), numberOf(cpu, "online_cpus")};
}

/// What the page cache could give back at once is not counted; its name depends on the version of cgroups.
std::uint64_t memoryIn(const Json& stats)
{
    const auto& memory = member(stats, "memory_stats");
    const auto& details = member(memory, "stats");
    const auto cache = std::max(numberOf(details, "total_inactive_file"), numberOf(details, "inactive_file"));
    return std::uint64_t(std::max<std::int64_t>(numberOf(memory, "usage") - cache, 0));
}

std::vector<std::string> cellsOf(const Json& row)
{
    std::vector<std::string> cells;
    for (const auto& cell : row)
        cells.push_back(cell.is_string() ? cell.get<std::string>() : std::string());
    return cells;
}

Result<SandboxLook> lookAt(DockerClient& client, const Json& container, const std::stop_token& stop)
{
    const auto& labels = member(container, "Labels");
    const auto& names = member(container, "Names");
    const auto name = names.is_array() && !names.empty() && names[0].is_string() ? names[0].get<std::string>() : std::string();
    SandboxLook look{.info = {.id = textOf(container, "Id"), .name = name.substr(std::min<std::size_t>(name.size(), 1)), .image = textOf(container, "Image"), .imageId = textOf(container, "ImageID")},
                     .stage = textOf(labels, "aap.agent"),
                     .purpose = textOf(labels, "aap.purpose")};
    auto use = containerUse(client, look.info.id, stop);
    if (!use)
        return std::move(use).error();
    look.use = *use;
    auto processes = containerProcesses(client, look.info.id, stop);
    if (!processes)
        return std::move(processes).error();
    look.processes = *std::move(processes);
    return look;
}

} // namespace

Result<ResourceUse> containerUse(DockerClient& client, const std::string& container, const std::stop_token& stop)
{
    const auto path = "/containers/" + container + "/stats?stream=false&one-shot=true";
    const auto before = client.call("GET", path, {}, stop);
    if (!before)
        return Error(before.error()).during("measure a container");
    if (!pause(kCpuSample, stop))
        return Error{ErrorCode::Stopped, "stopped while measuring a container"};
    const auto after = client.call("GET", path, {}, stop);
    if (!after)
        return Error(after.error()).during("measure a container");
    const auto first = cpuSample(*before);
    const auto second = cpuSample(*after);
    ResourceUse use{.memoryBytes = memoryIn(*after),
                    .memoryLimitBytes = std::uint64_t(std::max<std::int64_t>(numberOf(member(*after, "memory_stats"), "limit"), 0)),
                    .processes = std::uint64_t(std::max<std::int64_t>(numberOf(member(*after, "pids_stats"), "current"), 0))};
    if (second.system > first.system && second.used >= first.used)
        use.cpuPercent = 100.0 * double(second.used - first.used) / double(second.system - first.system) * double(second.cpus);
    return use;
}

Result<std::vector<std::vector<std::string>>> containerProcesses(DockerClient& client, const std::string& container, const std::stop_token& stop)
{
    const auto top = client.call("GET", "/containers/" + container + "/top?ps_args=" + percentEncoded("-eo pid,ppid,user,pcpu,rss,etime,args"), {}, stop);
    if (!top)
        return Error(top.error()).during("list the processes of a container");
    std::vector<std::vector<std::string>> table{cellsOf(member(*top, "Titles"))};
    for (const auto& process : member(*top, "Processes"))
        table.push_back(cellsOf(process));
    return table;
}

Result<std::vector<SandboxLook>> lookAtSandboxes(DockerClient& client, const std::string& runId, const std::stop_token& stop)
{
    const auto prefix = deploymentName(runId);
    if (!prefix)
        return Error(prefix.error()).during("look at the sandboxes of a run");
    const auto wanted = Json::array({std::string(kAppLabel) + "=1", fmt::format("{}=sandbox", kKindLabel), fmt::format("{}={}", kRunLabel, runId)});
    const auto listed = client.call("GET", "/containers/json?filters=" + encodedFilters(Json{{"label", wanted}, {"status", {"running"}}}), {}, stop);
    if (!listed)
        return Error(listed.error()).during("look at the sandboxes of a run");
    std::vector<SandboxLook> looks;
    for (const auto& container : *listed) {
        auto look = lookAt(client, container, stop);
        if (look)
            looks.push_back(*std::move(look));
        else if (stop.stop_requested())
            return std::move(look).error();
        // Else it ended meanwhile: it is not at work any more.
    }
    return looks;
}

} // namespace aap
