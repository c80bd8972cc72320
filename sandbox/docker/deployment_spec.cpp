#include "sandbox/docker/deployment_spec.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "sandbox/docker/names.h"

namespace aap {
namespace {

constexpr std::uint64_t kLeastMemory = 6U << 20U; // the engine's own minimum

/// An absolute path without tricks: a ':' would add options, ".." another place.
bool isPlainPath(std::string_view path)
{
    return path.size() > 1 && path.size() < 1024 && path.starts_with('/') && path.find("/..") == std::string_view::npos
        && std::ranges::none_of(path, [](char c) { return c == ':' || c == ',' || (c >= 0 && c < ' ') || c == 0x7f; });
}

/// Mounting there would replace what the kernel or the engine shows.
bool isReserved(std::string_view path)
{
    constexpr std::array<std::string_view, 3> places{"/proc", "/sys", "/dev"};
    return std::ranges::any_of(places, [&](std::string_view place) {
        return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
    });
}

Error badPath(std::string_view path)
{
    return Error{ErrorCode::Invalid, fmt::format("'{}' cannot be mounted in a service", path.substr(0, 200)), {},
                 "Use an absolute path such as /data, outside /proc, /sys and /dev."};
}

Json tmpfsOf(const ServiceSpec& spec, const Json& imageConfig, const DeployerSettings& settings)
{
    std::set<std::string> paths(spec.tmpfs.begin(), spec.tmpfs.end());
    paths.insert("/tmp");
    if (const auto& declared = member(imageConfig, "Volumes"); declared.is_object())
        for (const auto& [path, nothing] : declared.items())
            if (isPlainPath(path) && !isReserved(path))
                paths.insert(path); // else the engine makes a nameless volume without any limit
    for (const auto& [volume, path] : spec.volumes)
        paths.erase(path);
    Json tmpfs = Json::object();
    for (const auto& path : paths)
        tmpfs[path] = fmt::format("rw,nosuid,nodev,noexec,size={},mode=1777", settings.tmpBytes);
    return tmpfs;
}

Json hostConfig(const ServiceSpec& spec, const Json& imageConfig, double processors, const DeployerSettings& settings)
{
    Json security = {"no-new-privileges"};
    if (!settings.seccompProfile.empty())
        security.push_back("seccomp=" + settings.seccompProfile);
    Json mounts = Json::array();
    for (const auto& [volume, path] : spec.volumes)
        mounts.push_back({{"Type", "volume"}, {"Source", volume}, {"Target", path}});
    return {{"NetworkMode", spec.network},
            {"Dns", {"127.0.0.1"}}, // nobody listens there: names outside the network are asked of no one
            {"ReadonlyRootfs", true},
            {"CapDrop", {"ALL"}},
            {"SecurityOpt", std::move(security)},
            {"Privileged", false},
            {"Memory", spec.memoryBytes},
            {"MemorySwap", spec.memoryBytes},
            {"NanoCpus", std::int64_t(std::min(spec.cpus, processors) * 1e9)},
            {"PidsLimit", settings.processLimit},
            {"OomScoreAdj", 500},
            {"Ulimits", {{{"Name", "nofile"}, {"Soft", 4096}, {"Hard", 4096}}, {{"Name", "core"}, {"Soft", 0}, {"Hard", 0}}}},
            {"Tmpfs", tmpfsOf(spec, imageConfig, settings)},
            {"Mounts", std::move(mounts)},
            {"IpcMode", "private"},
            {"CgroupnsMode", "private"},
            {"RestartPolicy", {{"Name", spec.restartUnlessStopped ? "unless-stopped" : "no"}}},
            {"LogConfig", {{"Type", "json-file"}, {"Config", {{"max-size", "1m"}, {"max-file", "2"}}}}}};
}

} // namespace

Result<void> checkService(const ServiceSpec& spec)
{
    for (const auto& [volume, path] : spec.volumes)
        if (!isPlainPath(path) || isReserved(path))
            return badPath(path);
    for (const auto& path : spec.tmpfs)
        if (!isPlainPath(path) || isReserved(path))
            return badPath(path);
    for (const auto& [name, value] : spec.environment)
        if (name.empty() || name.find('=') != std::string::npos || (name + value).find('\0') != std::string::npos)
            return Error{ErrorCode::Invalid, fmt::format("'{}' cannot be a variable of a service", name.substr(0, 200))};
    if (!(spec.cpus >= 0.01 && spec.cpus <= 1024) || spec.memoryBytes < kLeastMemory || spec.memoryBytes > (1ULL << 50U))
        return Error{ErrorCode::Invalid, fmt::format("{} processors and {} bytes of memory are no limits for a service", spec.cpus, spec.memoryBytes),
                     {}, "Give at least 0.01 processors and 6 MB."};
    return {};
}

Json serviceBody(const ServiceSpec& spec, const Json& imageConfig, double processors, const DeployerSettings& settings)
{
    Json environment = Json::array();
    for (const auto& [name, value] : spec.environment)
        environment.push_back(name + "=" + value);
    Json body = {{"Image", spec.image},
                 {"Hostname", spec.name.substr(0, 63)},
                 {"Env", std::move(environment)},
                 {"Labels", deploymentLabels(spec.runId)},
                 {"StopSignal", "SIGTERM"},
                 {"Tty", false},
                 {"OpenStdin", false},
                 {"Healthcheck", {{"Test", {"NONE"}}}},
                 {"HostConfig", hostConfig(spec, imageConfig, processors, settings)}};
    if (!spec.command.empty())
        body["Cmd"] = spec.command;
    if (!spec.entrypoint.empty())
        body["Entrypoint"] = spec.entrypoint;
    if (spec.network != "none")
        body["NetworkingConfig"] = {{"EndpointsConfig", {{spec.network, {{"Aliases", {spec.name}}}}}}};
    return body;
}

} // namespace aap
