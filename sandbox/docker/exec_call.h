#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "core/base/time.h"
#include "sandbox/docker/engine_call.h"

namespace aap {

/// Starts an exec that was created, attached; what it writes comes as frames (ExecStream). An answer that is no stream is an Error.
Result<std::unique_ptr<EngineCall>> beginExec(DockerClient& client, const std::string& exec, const std::stop_token& stop,
                                              Milliseconds timeout = std::chrono::seconds(60));

} // namespace aap
