#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/llm/http_exchange.h"
#include "core/llm/recording.h"

namespace aap {

/// A request as the fake server saw it. Header names are lower-case.
struct SeenRequest {
    std::string method{};
    std::string path{}; ///< with its query
    std::map<std::string, std::string> headers{};
    std::string body{};
    int connection = 0; ///< from 1

    std::string header(const std::string& name) const;
    Json json() const { return Json::parse(body); }
};

/// One answer of the fake server.
struct Step {
    enum class End {
        Complete, ///< as HTTP wants it; the connection stays open
        Close,    ///< the body ends with the connection, which is legal
        Cut,      ///< the connection ends in the middle of a chunked body
        Reset,    ///< RST instead of an end
        Stall,    ///< everything is sent but the end, until release()
        Endless,  ///< the body again and again
        Raw,      ///< `body` is all bytes of the answer, head included; then the connection closes
    };
    int status = 200;
    HttpHeaders headers{{"content-type", "text/event-stream; charset=utf-8"}};
    std::string body{};
    std::vector<std::size_t> cuts{}; ///< offsets where a new network packet begins
    Milliseconds betweenPieces{0};
    End end = End::Complete;

    /// Cuts into pieces of that many bytes.
    Step inPieces(std::size_t bytes, Milliseconds between = Milliseconds(0)) &&;
    /// Ends differently, and after that many bytes.
    Step ending(End how, std::size_t afterBytes = std::string::npos) &&;
    Step with(std::string name, std::string value) &&;

    static Step json(int status, const Json& body);
    /// An API error: {"type": "error", "error": {"type", "message"}}.
    static Step error(int status, const std::string& type, const std::string& message);
    /// The turn as a Messages API stream: text in deltas, tool input in small pieces.
    static Step reply(const RecordedTurn& turn);
    /// The same as a Chat Completions stream.
    static Step chatReply(const RecordedTurn& turn);
};

} // namespace aap
