#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/engine_connection.h"
#include "sandbox/docker/http_reader.h"

namespace aap {

/// One request to the engine and its answer, on a connection of its own; after an upgrade a stream both ways. Belongs to one
/// thread. Destroying it closes the connection; what it started in the engine may run on.
class EngineCall {
public:
    /// Connects, sends the request and waits for the head of the answer. `target`: the path with its version.
    static Result<std::unique_ptr<EngineCall>> begin(const DockerEndpoint& endpoint, const DockerRequest& request,
                                                     const std::string& target, const std::stop_token& stop);

    const HttpHead& head() const { return m_reader.head(); }
    bool hasEnded() const { return m_reader.isComplete(); }
    /// Sends what goes of `input` (to an upgraded stream; drops the sent part from the view) and hands over what has arrived of
    /// the body; returns as soon as something moved, or after `wait`. True: something moved.
    Result<bool> step(std::string_view& input, Milliseconds wait, const HttpReader::OnBody& onBody);
    /// The whole rest of the body. Errors: Timeout after `idle` without a byte, Limit, Stopped, Protocol.
    Result<std::string> body(Milliseconds idle, std::size_t limit, const std::stop_token& stop);
    /// The same to a listener.
    Result<void> body(Milliseconds idle, const HttpReader::OnBody& onBody, const std::stop_token& stop);

private:
    EngineCall(std::unique_ptr<EngineConnection> connection, bool bodyless);
    Result<void> drain(Milliseconds idle, const std::stop_token& stop, const std::function<bool(std::string_view)>& wantsMore);
    Result<void> send(std::string_view bytes, const Deadline& deadline, const std::stop_token& stop);
    Result<void> sendPieces(const DockerRequest& request, const std::stop_token& stop);
    Result<void> awaitHead(Milliseconds timeout, const std::stop_token& stop);

    std::unique_ptr<EngineConnection> m_connection;
    HttpReader m_reader;
    std::string m_early{}; ///< body that came together with the head
    bool m_deaf = false;   ///< the engine takes no more bytes; its answer says why
};

} // namespace aap
