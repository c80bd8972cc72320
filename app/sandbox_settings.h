#pragma once

#include "core/config/app_config.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/local/local_sandbox.h"

namespace aap {

/// The rooms agents work in, as configured; with the bundled seccomp profile. NotFound when the program lacks that.
Result<DockerSandboxSettings> sandboxSettings(const AppConfig& config);
/// The same without an engine.
Result<LocalSandboxSettings> localSandboxSettings(const AppConfig& config);

} // namespace aap
