#pragma once

#include <string>

#include "sandbox/docker/container_body.h"
#include "sandbox/docker/room.h"

namespace aap {

/// Looks from inside whether each hardening has taken effect: engines ignore silently what they cannot do. Names all that have
/// not in one Error (Unavailable).
Result<void> testHardening(Room& room, const ContainerPlan& plan, const DockerSandboxSettings& settings, const std::stop_token& stop);

/// What the test's script reported ("key value" lines), judged; empty when all is well. For tests.
std::string hardeningFaults(const std::string& report, const ContainerPlan& plan, const DockerSandboxSettings& settings);

} // namespace aap
