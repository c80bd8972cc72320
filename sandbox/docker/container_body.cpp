#include "sandbox/docker/container_body.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "sandbox/docker/ownership.h"
#include "sandbox/porter/porter_channel.h"

namespace aap {
namespace {

constexpr std::uint64_t kFewestFiles = 16384;
constexpr std::uint64_t kBytesForOneFile = 8192;
constexpr std::uint64_t kSecretBytes = 4U << 20U;
constexpr unsigned kKeeper = 65534; // PID 1 is somebody else, so that the agent's kill -9 -1 does not end the container

const char* nameOf(SandboxPurpose purpose)
{
    switch (purpose) {
    case SandboxPurpose::Agent:
        return "agent";
    case SandboxPurpose::Verifier:
        return "verifier";
    case SandboxPurpose::Prober:
        return "prober";
    }
    return "agent";
}

/// Of a room that reaches anybody.
void addNetwork(std::vector<std::string>& variables, const ContainerPlan& plan)
{
    if (plan.network != "none")
        std::erase(variables, "PIP_NO_INDEX=1");
    if (plan.proxy.empty())
        return;
    for (const auto* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"})
        variables.push_back(std::string(name) + "=" + plan.proxy);
    for (const auto* name : {"NO_PROXY", "no_proxy"})
        variables.push_back(std::string(name) + "=localhost,127.0.0.1,::1");
}

Json environment(const ContainerPlan& plan)
{
    auto variables = agentEnvironment(plan.cpus);
    for (const auto* name : {"LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "ENV"}) // without a value: not even the image's own; these run code before ours
        variables.emplace_back(name);
    addNetwork(variables, plan);
    return variables;
}

/// Files count against the memory of the container, too; their number is bounded so that it says "no space" before that.
std::string tmpfs(std::uint64_t bytes, const std::string& more)
{
    return fmt::format("rw,nosuid,nodev,exec,size={},nr_inodes={},{}", bytes, std::max<std::uint64_t>(kFewestFiles, bytes / kBytesForOneFile), more);
}

Json tmpfses(const ContainerPlan& plan, const DockerSandboxSettings& settings)
{
    const auto owned = fmt::format("uid={},gid={},mode=0700", plan.user.uid, plan.user.gid);
    Json json = {{"/tmp", tmpfs(settings.tmpBytes, "mode=1777")}, {"/home/agent", tmpfs(settings.homeBytes, owned)}};
    if (plan.spec.purpose == SandboxPurpose::Verifier)
        json["/scratch"] = tmpfs(settings.scratchBytes, owned);
    if (plan.spec.purpose != SandboxPurpose::Prober && !settings.secrets.empty())
        json["/run/secrets"] = fmt::format("rw,nosuid,nodev,noexec,size={},nr_inodes=128,{}", kSecretBytes, owned);
    return json;
}

Json bindMount(const std::filesystem::path& source, const std::string& target, bool readOnly)
{
    return {{"Type", "bind"},
            {"Source", source.string()},
            {"Target", target},
            {"ReadOnly", readOnly},
            {"BindOptions", {{"Propagation", "rprivate"}}}};
}

/// `Mounts`, not `Binds`: the latter would make a missing source as root.
Json mounts(const ContainerPlan& plan, const DockerSandboxSettings& settings)
{
    const auto& spec = plan.spec;
    auto json = Json::array();
    if (plan.hasPorter)
        json.push_back(bindMount(settings.porter, PorterChannel::kPath, true));
    if (spec.purpose == SandboxPurpose::Prober)
        return json;
    const auto workspace = std::filesystem::absolute(spec.workspace);
    json.push_back(bindMount(workspace, "/workspace", spec.purpose == SandboxPurpose::Verifier));
    for (const auto& path : spec.frozen)
        json.push_back(bindMount(workspace / "repo" / path, "/workspace/repo/" + path, true));
    return json;
}

Json limit(const char* name, std::uint64_t value)
{
    return {{"Name", name}, {"Soft", value}, {"Hard", value}};
}

Json hostConfig(const ContainerPlan& plan, const DockerSandboxSettings& settings)
{
    Json config{{"NetworkMode", plan.network},
            {"ReadonlyRootfs", true},
            {"CapDrop", {"ALL"}},
            {"SecurityOpt", {"no-new-privileges", "seccomp=" + settings.seccompProfile}},
            {"Privileged", false},
            {"Init", true},
            {"Memory", settings.memoryBytes},
            {"MemorySwap", settings.memoryBytes},
            {"NanoCpus", std::int64_t(plan.cpus * 1e9)},
            {"PidsLimit", settings.pids},
            {"OomScoreAdj", 500},
            {"ShmSize", 64U << 20U},
            {"Ulimits", Json::array({limit("nofile", 4096), limit("fsize", settings.fileBytes), limit("core", 0)})},
            {"Tmpfs", tmpfses(plan, settings)},
            {"Mounts", mounts(plan, settings)},
            {"IpcMode", "private"},
            {"CgroupnsMode", "private"},
            {"RestartPolicy", {{"Name", "no"}}},
            {"AutoRemove", false},
            {"LogConfig", {{"Type", "none"}, {"Config", Json::object()}}}};
    const bool isOwnNetwork = plan.network != "none" && !plan.network.starts_with("container:") && plan.network != settings.outerNetwork;
    if (isOwnNetwork) {
        config["Dns"] = {"127.0.0.1"}; // nobody listens there: names outside the network are asked of no one
        config["DnsOptions"] = {"timeout:1", "attempts:1"};
    }
    return config;
}

} // namespace

Json sandboxLabels(const std::string& runId, const std::string& stage, const std::string& purpose)
{
    Json json = Json::object();
    for (const auto& [name, value] : ownLabels())
        json[name] = value;
    json["aap.kind"] = "sandbox";
    json["aap.purpose"] = purpose;
    json["aap.run"] = runId;
    json["aap.agent"] = stage;
    return json;
}

Json containerBody(const ContainerPlan& plan, const DockerSandboxSettings& settings)
{
    Json body = {{"Image", plan.image},
                 {"User", fmt::format("{}:{}", kKeeper, kKeeper)},
                 {"Entrypoint", Json::array()},
                 {"Cmd", {"sleep", std::to_string(settings.lifetime.count())}},
                 {"WorkingDir", plan.spec.purpose == SandboxPurpose::Prober ? "/tmp" : "/workspace"},
                 {"Env", environment(plan)},
                 {"Labels", sandboxLabels(plan.spec.runId, plan.spec.stage, nameOf(plan.spec.purpose))},
                 {"Healthcheck", {{"Test", {"NONE"}}}},
                 {"StopSignal", "SIGKILL"},
                 {"StopTimeout", 1},
                 {"Tty", false},
                 {"OpenStdin", false},
                 {"HostConfig", hostConfig(plan, settings)}};
    if (!plan.network.starts_with("container:"))
        body["Hostname"] = "sandbox"; // a shared network brings its own
    return body;
}

} // namespace aap
