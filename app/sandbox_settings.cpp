#include "app/sandbox_settings.h"

namespace aap {

Result<DockerSandboxSettings> sandboxSettings(const AppConfig& config)
{
    auto profile = bundledSeccompProfile();
    if (!profile)
        return std::move(profile).error();
    DockerSandboxSettings settings;
    settings.image = config.dockerImage;
    settings.cpus = config.sandbox.cpus;
    settings.memoryBytes = std::uint64_t(config.sandbox.memoryMb) << 20U;
    settings.workspace.bytes = std::uint64_t(config.sandbox.diskMb) << 20U;
    settings.pids = config.sandbox.pids;
    settings.network = config.sandbox.network == "open" ? NetworkPolicy::Open : config.sandbox.network == "allow-list" ? NetworkPolicy::AllowList : NetworkPolicy::None;
    settings.allowedHosts = config.sandbox.allowedHosts;
    settings.keepsSpare = true;
    settings.seccompProfile = *std::move(profile);
    return settings;
}

Result<LocalSandboxSettings> localSandboxSettings(const AppConfig& config)
{
    auto profile = bundledSeccompProfile();
    if (!profile)
        return std::move(profile).error();
    LocalSandboxSettings settings;
    settings.cpus = config.sandbox.cpus;
    settings.memoryBytes = std::uint64_t(config.sandbox.memoryMb) << 20U;
    settings.workspace.bytes = std::uint64_t(config.sandbox.diskMb) << 20U;
    settings.pids = config.sandbox.pids;
    settings.seccompProfile = *std::move(profile);
    return settings;
}

} // namespace aap
