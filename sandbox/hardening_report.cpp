#include "sandbox/hardening_report.h"

#include <sstream>

#include <fmt/format.h>

namespace aap {
namespace {

/// "key value" lines; of two lines with one key the last counts.
constexpr auto kLook = R"sh(echo "uid $(id -u)"; echo "gid $(id -g)"
while read -r k v; do case $k in CapEff:|CapBnd:|NoNewPrivs:|Seccomp:) echo "$k $v";; esac; done </proc/self/status
(: >/aap-self-test) 2>/dev/null && echo "root writable" || echo "root closed"
(: >/workspace/.aap-self-test) 2>/dev/null && rm -f /workspace/.aap-self-test && echo "workspace writable" || echo "workspace closed"
read -r name </proc/1/comm; echo "init $name"
{ read -r name; while read -r name rest; do echo "route $name"; done; } </proc/net/route
for f in /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max; do [ -r $f ] && read -r n <$f && echo "pids $n"; done
for f in /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max; do [ -r $f ] && read -r n <$f && echo "memory $n"; done
exit 0)sh";

bool isZero(const std::string& hex)
{
    return !hex.empty() && hex.find_first_not_of('0') == hex.npos;
}

} // namespace

Command HardeningReport::look()
{
    return {.argv = {"/bin/sh", "-c", kLook}, .workdir = "/", .timeout = std::chrono::seconds(20)};
}

HardeningReport::HardeningReport(const std::string& text)
{
    std::istringstream lines(text);
    std::string key;
    for (std::string value; lines >> key && std::getline(lines >> std::ws, value);)
        m_values[key] = value;
}

void HardeningReport::want(const std::string& key, const std::string& value, const std::string& meaning)
{
    const auto found = m_values.find(key);
    const auto is = found == m_values.end() ? std::string("unknown") : found->second;
    if (is != value)
        fault(fmt::format("{} ({})", meaning, is));
}

void HardeningReport::wantClosed(unsigned uid, unsigned gid, SandboxPurpose purpose, bool hasNetwork)
{
    want("uid", std::to_string(uid), "commands run as another user");
    want("gid", std::to_string(gid), "commands run in another group");
    if (!isZero(value("CapEff:")) || !isZero(value("CapBnd:")))
        fault("capabilities are left");
    want("NoNewPrivs:", "1", "new privileges are possible");
    want("Seccomp:", "2", "there is no system call filter");
    want("root", "closed", "the root file system is writable");
    if (purpose == SandboxPurpose::Agent)
        want("workspace", "writable", "the workspace cannot be written");
    else
        want("workspace", "closed", "the workspace is not protected");
    if (!hasNetwork && !value("route").empty())
        fault(fmt::format("there is a network ({})", value("route")));
}

std::string HardeningReport::value(const std::string& key) const
{
    const auto found = m_values.find(key);
    return found == m_values.end() ? std::string() : found->second;
}

} // namespace aap
