#pragma once

#include <memory>
#include <stop_token>
#include <string_view>

#include "core/base/pause.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "sandbox/docker/endpoint.h"

namespace aap {

/// What one step of a connection moved.
struct Traffic {
    std::size_t sent = 0;          ///< bytes taken of those that were to be sent
    std::string_view received{};   ///< valid until the next step
    bool ended = false;            ///< nothing more will be received
    bool otherSideDeaf = false;    ///< sending has failed; an answer may still be there to be received
};

/// A byte stream to a Docker engine. Belongs to the thread that opened it; destroying it closes it at once.
class EngineConnection {
public:
    EngineConnection() = default;
    EngineConnection(const EngineConnection&) = delete;
    EngineConnection& operator=(const EngineConnection&) = delete;
    virtual ~EngineConnection() = default;

    /// Sends what goes of `toSend` and receives what is there; returns as soon as either moved, or after `wait`. Never sends
    /// once `otherSideDeaf` was reported. Does not read ahead by more than 64 KiB, so that a slow caller slows the other side.
    virtual Result<Traffic> step(std::string_view toSend, Milliseconds wait) = 0;
};

/// Connects by the endpoint's transport. Errors: Unavailable, Unauthorized, Timeout, Invalid (certificates), Stopped; each
/// with a remedy.
Result<std::unique_ptr<EngineConnection>> connectTo(const DockerEndpoint& endpoint, Milliseconds timeout,
                                                    const std::stop_token& stop);

} // namespace aap
