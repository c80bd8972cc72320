#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/sandbox/sandbox_look.h"
#include "sandbox/docker/docker_client.h"

namespace aap {

/// What a container uses now: two looks, a quarter of a second apart. Blocks that long.
Result<ResourceUse> containerUse(DockerClient& client, const std::string& container, const std::stop_token& stop);
/// Its processes as ps shows them, first the titles.
Result<std::vector<std::vector<std::string>>> containerProcesses(DockerClient& client, const std::string& container, const std::stop_token& stop);
/// The sandboxes of a run that are at work now; none between two stages. Blocks as long as all their looks. Invalid: no run has that id.
Result<std::vector<SandboxLook>> lookAtSandboxes(DockerClient& client, const std::string& runId, const std::stop_token& stop);

} // namespace aap
