#include "sandbox/docker/self_test.h"

#include <fmt/format.h>

#include "sandbox/hardening_report.h"

namespace aap {
namespace {

constexpr std::uint64_t kPage = 4096;

} // namespace

std::string hardeningFaults(const std::string& text, const ContainerPlan& plan, const DockerSandboxSettings& settings)
{
    HardeningReport report(text);
    report.wantClosed(plan.user.uid, plan.user.gid, plan.spec.purpose, plan.network != "none");
    if (const auto init = report.value("init"); !init.ends_with("init") && init != "tini" && init != "catatonit")
        report.fault(fmt::format("PID 1 is no init ({})", init));
    report.want("pids", std::to_string(settings.pids), "the limit of processes has no effect");
    report.want("memory", std::to_string(settings.memoryBytes / kPage * kPage), "the limit of memory has no effect");
    return report.faults();
}

Result<void> testHardening(Room& room, const ContainerPlan& plan, const DockerSandboxSettings& settings, const std::stop_token& stop)
{
    const auto result = room.run(HardeningReport::look(), {}, stop);
    if (!result)
        return Error(result.error()).during("test the sandbox from inside");
    if (result->ending == Ending::Stopped)
        return Error{ErrorCode::Stopped, "stopped while testing the sandbox"};
    const auto faults = hardeningFaults(result->standardOutput, plan, settings);
    if (!faults.empty())
        return Error{ErrorCode::Unavailable, "the sandbox is not as closed as it must be: " + faults, {},
                     "Use a current rootful Docker engine with seccomp and control groups; 'docker info' shows what it lacks."};
    return {};
}

} // namespace aap
