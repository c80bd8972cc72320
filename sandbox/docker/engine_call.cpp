#include "sandbox/docker/engine_call.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr Milliseconds kConnectTimeout = std::chrono::seconds(3);
constexpr Milliseconds kSendTimeout = std::chrono::seconds(60); // of a whole body, or of one piece

std::string requestHead(const DockerRequest& request, const std::string& target)
{
    auto text = fmt::format("{} {} HTTP/1.1\r\nHost: docker\r\nUser-Agent: agent-pipeline\r\n", request.method, target);
    for (const auto& [name, value] : request.headers)
        text += fmt::format("{}: {}\r\n", name, value);
    if (request.bodyPieces)
        text += fmt::format("Content-Type: {}\r\nTransfer-Encoding: chunked\r\n", request.contentType);
    else if (!request.body.empty() || request.method == "POST" || request.method == "PUT")
        text += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", request.contentType, request.body.size());
    if (headerValue(request.headers, "Connection").empty())
        text += "Connection: close\r\n";
    return text + "\r\n";
}

Error noAnswer(Milliseconds waited)
{
    return Error{ErrorCode::Timeout, fmt::format("Docker did not answer within {} s", waited.count() / 1000), {},
                 "Docker is busy or stuck: try again, or restart it with 'sudo systemctl restart docker'."};
}

Error stopped()
{
    return Error{ErrorCode::Stopped, "stopped while waiting for Docker"};
}

} // namespace

EngineCall::EngineCall(std::unique_ptr<EngineConnection> connection, bool bodyless) :
    m_connection(std::move(connection)), m_reader(bodyless)
{
}

Result<std::unique_ptr<EngineCall>> EngineCall::begin(const DockerEndpoint& endpoint, const DockerRequest& request,
                                                      const std::string& target, const std::stop_token& stop)
{
    auto connection = connectTo(endpoint, kConnectTimeout, stop);
    if (!connection)
        return std::move(connection).error();
    std::unique_ptr<EngineCall> call(new EngineCall(*std::move(connection), request.method == "HEAD"));
    auto sent = call->send(requestHead(request, target), Deadline::in(kSendTimeout), stop);
    if (sent)
        sent = request.bodyPieces ? call->sendPieces(request, stop)
                                  : call->send(request.body, Deadline::in(kSendTimeout), stop);
    if (!sent)
        return std::move(sent).error();
    if (auto head = call->awaitHead(request.headTimeout, stop); !head)
        return std::move(head).error();
    return call;
}

Result<bool> EngineCall::step(std::string_view& input, Milliseconds wait, const HttpReader::OnBody& onBody)
{
    if (!m_early.empty()) {
        onBody(std::exchange(m_early, {}));
        return true;
    }
    if (hasEnded())
        return false;
    auto traffic = m_connection->step(m_deaf ? std::string_view() : input, wait);
    if (!traffic)
        return std::move(traffic).error();
    m_deaf = m_deaf || traffic->otherSideDeaf;
    input.remove_prefix(m_deaf ? input.size() : traffic->sent);
    if (auto fed = m_reader.feed(traffic->received, onBody); !fed)
        return std::move(fed).error();
    if (traffic->ended) {
        if (auto closed = m_reader.close(); !closed)
            return std::move(closed).error();
    }
    return traffic->sent > 0 || !traffic->received.empty() || traffic->ended;
}

Result<std::string> EngineCall::body(Milliseconds idle, std::size_t limit, const std::stop_token& stop)
{
    std::string whole;
    bool tooLong = false;
    auto read = drain(idle, stop, [&](std::string_view bytes) {
        tooLong = tooLong || bytes.size() > limit - whole.size();
        if (!tooLong)
            whole += bytes;
        return !tooLong;
    });
    if (!read)
        return std::move(read).error();
    if (tooLong)
        return Error{ErrorCode::Limit, fmt::format("Docker's answer is longer than {} bytes", limit)};
    return whole;
}

Result<void> EngineCall::body(Milliseconds idle, const HttpReader::OnBody& onBody, const std::stop_token& stop)
{
    return drain(idle, stop, [&](std::string_view bytes) {
        onBody(bytes);
        return true;
    });
}

Result<void> EngineCall::drain(Milliseconds idle, const std::stop_token& stop,
                               const std::function<bool(std::string_view)>& wantsMore)
{
    bool more = true;
    std::string_view nothing;
    auto deadline = Deadline::in(idle);
    while (more && (!hasEnded() || !m_early.empty())) {
        const auto moved = step(nothing, kStopSlice, [&](std::string_view bytes) { more = wantsMore(bytes); });
        if (!moved)
            return moved.error();
        if (stop.stop_requested())
            return stopped();
        if (*moved)
            deadline = Deadline::in(idle);
        else if (deadline.hasPassed())
            return noAnswer(idle);
    }
    return {};
}

/// Ends early when the engine has answered or listens no more: then its answer is what counts.
Result<void> EngineCall::send(std::string_view bytes, const Deadline& deadline, const std::stop_token& stop)
{
    while (!bytes.empty() && !m_deaf && !m_reader.hasHead()) {
        const auto moved = step(bytes, kStopSlice, [this](std::string_view early) { m_early += early; });
        if (!moved)
            return moved.error();
        if (stop.stop_requested())
            return stopped();
        if (deadline.hasPassed())
            return noAnswer(kSendTimeout);
    }
    return {};
}

Result<void> EngineCall::sendPieces(const DockerRequest& request, const std::stop_token& stop)
{
    while (!m_deaf && !m_reader.hasHead()) {
        auto piece = request.bodyPieces();
        if (!piece)
            return std::move(piece).error();
        auto sent = send(fmt::format("{:x}\r\n{}\r\n", piece->size(), *piece), Deadline::in(kSendTimeout), stop);
        if (!sent || piece->empty())
            return sent;
    }
    return {};
}

Result<void> EngineCall::awaitHead(Milliseconds timeout, const std::stop_token& stop)
{
    const auto deadline = Deadline::in(timeout);
    std::string_view nothing;
    while (!m_reader.hasHead()) {
        const auto moved = step(nothing, std::min(kStopSlice, deadline.remaining() + Milliseconds(1)),
                                [this](std::string_view early) { m_early += early; });
        if (!moved)
            return moved.error();
        if (stop.stop_requested())
            return stopped();
        if (deadline.hasPassed() && !m_reader.hasHead())
            return noAnswer(timeout);
    }
    return {};
}

} // namespace aap
