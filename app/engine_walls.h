#pragma once

#include <stop_token>
#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "sandbox/docker/docker_client.h"

namespace aap {

// What is said of an engine before it is trusted with foreign code. `info`: its GET /info. Each a clause, or empty when all is well.

/// What agents' commands could not be locked in by. What an engine does not speak of is taken to be there.
std::string missingConfinement(const Json& info);
/// What makes the engine's own walls thinner than they could be.
std::string thinWalls(const DockerEndpoint& endpoint);
/// Known holes of its version.
std::string tooOld(const Json& info);

/// For sandbox.strict: Unauthorized, with all of it, when there is anything.
Result<void> refuseThinWalls(DockerClient& engine, const std::stop_token& stop);

} // namespace aap
