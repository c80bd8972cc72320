#include "sandbox/docker/self_test.h"

#include <charconv>
#include <map>
#include <sstream>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::uint64_t kPage = 4096;

/// "key value" lines; of two lines with one key the last counts.
constexpr auto kScript = R"sh(echo "uid $(id -u)"; echo "gid $(id -g)"
while read -r k v; do case $k in CapEff:|CapBnd:|NoNewPrivs:|Seccomp:) echo "$k $v";; esac; done </proc/self/status
(: >/aap-self-test) 2>/dev/null && echo "root writable" || echo "root closed"
(: >/workspace/.aap-self-test) 2>/dev/null && rm -f /workspace/.aap-self-test && echo "workspace writable" || echo "workspace closed"
read -r name </proc/1/comm; echo "init $name"
{ read -r name; while read -r name rest; do echo "route $name"; done; } </proc/net/route
for f in /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max; do [ -r $f ] && read -r n <$f && echo "pids $n"; done
for f in /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max; do [ -r $f ] && read -r n <$f && echo "memory $n"; done
exit 0)sh";

class Report {
public:
    explicit Report(const std::string& text)
    {
        std::istringstream lines(text);
        std::string key;
        for (std::string value; lines >> key && std::getline(lines >> std::ws, value);)
            m_values[key] = value;
    }
    /// Adds a fault unless the value is the wanted one.
    void want(const std::string& key, const std::string& value, const std::string& meaning)
    {
        const auto found = m_values.find(key);
        const auto is = found == m_values.end() ? std::string("unknown") : found->second;
        if (is != value)
            fault(fmt::format("{} ({})", meaning, is));
    }
    std::string value(const std::string& key) const
    {
        const auto found = m_values.find(key);
        return found == m_values.end() ? std::string() : found->second;
    }
    void fault(const std::string& text) { m_faults += (m_faults.empty() ? "" : ", ") + text; }
    const std::string& faults() const { return m_faults; }

private:
    std::map<std::string, std::string> m_values{};
    std::string m_faults{};
};

bool isZero(const std::string& hex)
{
    return !hex.empty() && hex.find_first_not_of('0') == hex.npos;
}

} // namespace

std::string hardeningFaults(const std::string& text, const ContainerPlan& plan, const DockerSandboxSettings& settings)
{
    Report report(text);
    report.want("uid", std::to_string(plan.user.uid), "commands run as another user");
    report.want("gid", std::to_string(plan.user.gid), "commands run in another group");
    if (!isZero(report.value("CapEff:")) || !isZero(report.value("CapBnd:")))
        report.fault("capabilities are left");
    report.want("NoNewPrivs:", "1", "new privileges are possible");
    report.want("Seccomp:", "2", "there is no system call filter");
    report.want("root", "closed", "the root file system is writable");
    if (plan.spec.purpose == SandboxPurpose::Agent)
        report.want("workspace", "writable", "the workspace cannot be written");
    else
        report.want("workspace", "closed", "the workspace is not protected");
    if (const auto init = report.value("init"); !init.ends_with("init") && init != "tini" && init != "catatonit")
        report.fault(fmt::format("PID 1 is no init ({})", init));
    if (plan.network == "none" && !report.value("route").empty())
        report.fault(fmt::format("there is a network ({})", report.value("route")));
    report.want("pids", std::to_string(settings.pids), "the limit of processes has no effect");
    report.want("memory", std::to_string(settings.memoryBytes / kPage * kPage), "the limit of memory has no effect");
    return report.faults();
}

Result<void> testHardening(Room& room, const ContainerPlan& plan, const DockerSandboxSettings& settings, const std::stop_token& stop)
{
    const auto result = room.run(Command{.argv = {"/bin/sh", "-c", kScript}, .workdir = "/", .timeout = std::chrono::seconds(20)}, {}, stop);
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
