#pragma once

#include "sandbox/docker/engine_connection.h"

namespace aap {

/// An EngineConnection over TCP, with TLS when the endpoint has it. Used by connectTo() alone.
Result<std::unique_ptr<EngineConnection>> connectByTcp(const DockerEndpoint& endpoint, Milliseconds timeout,
                                                       const std::stop_token& stop);

} // namespace aap
