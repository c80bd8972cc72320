#include "app/engine_walls.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr int kOldestMajor = 20;
constexpr int kOldestMinor = 10;

} // namespace

std::string missingConfinement(const Json& info)
{
    std::vector<std::string> missing;
    const auto& options = memberOf(info, "SecurityOptions");
    const auto isSeccomp = [](const Json& option) { return option.is_string() && option.get_ref<const std::string&>().find("seccomp") != std::string::npos; };
    if (options.is_array() && std::ranges::none_of(options, isSeccomp))
        missing.emplace_back("a filter of system calls (seccomp)");
    if (memberOf(info, "CgroupDriver") == Json("none"))
        missing.emplace_back("control groups (a rootless engine needs cgroup v2), so limits have no effect");
    for (const auto& [key, limit] : {std::pair{"MemoryLimit", "a limit of memory"}, {"PidsLimit", "a limit of processes"}, {"CpuCfsQuota", "a limit of processor time"}})
        if (memberOf(info, key) == Json(false))
            missing.emplace_back(limit);
    return fmt::format("{}", fmt::join(missing, ", "));
}

std::string thinWalls(const DockerEndpoint& endpoint)
{
    struct stat socket{};
    if (endpoint.transport == DockerEndpoint::Transport::Unix && ::stat(endpoint.path.c_str(), &socket) == 0 && (socket.st_mode & S_IWOTH) != 0)
        return fmt::format("everybody on this machine may write to {}, and whoever may is root", endpoint.path);
    if (endpoint.transport == DockerEndpoint::Transport::Tcp && !endpoint.tls)
        return "it listens without TLS, and whoever reaches it is root there";
    if (endpoint.tls && !endpoint.tls->verifiesServer)
        return "nobody verifies who answers: DOCKER_TLS_VERIFY is not set";
    return {};
}

std::string tooOld(const Json& info)
{
    const auto version = stringIn(info, "ServerVersion");
    const auto* const end = version.data() + version.size();
    int major = 0;
    int minor = 0;
    const auto first = std::from_chars(version.data(), end, major);
    const bool hasMinor = first.ec == std::errc() && first.ptr != end && *first.ptr == '.' && std::from_chars(first.ptr + 1, end, minor).ec == std::errc();
    if (!hasMinor || major > kOldestMajor || (major == kOldestMajor && minor >= kOldestMinor)) // Podman and others count otherwise, from low
        return {};
    return stringIn(info, "ServerVersion").starts_with("1") ? fmt::format("version {} is old and has known holes", version) : std::string();
}

Result<void> refuseThinWalls(DockerClient& engine, const std::stop_token& stop)
{
    const auto info = engine.call("GET", "/info", {}, stop);
    if (!info)
        return Error(info.error()).during("look at the Docker engine");
    std::vector<std::string> reasons{tooOld(*info), thinWalls(engine.endpoint())};
    if (const auto missing = missingConfinement(*info); !missing.empty())
        reasons.push_back("it lacks " + missing);
    std::erase(reasons, std::string());
    if (reasons.empty())
        return {};
    return Error{ErrorCode::Unauthorized, fmt::format("sandbox.strict is set, and of the Docker engine there is to say: {}", fmt::join(reasons, "; ")), {},
                 "Mend it ('agent-pipeline doctor' says how), or set sandbox.strict to false."};
}

} // namespace aap
