#pragma once

#include <string>
#include <string_view>

#include "core/llm/language_model.h"

namespace aap {

/// What an API says about an error, in a body or in the middle of a stream.
struct ApiProblem {
    std::string type{};      ///< "overloaded_error", or our own "stream_incomplete"
    std::string message{};
    std::string code{};      ///< error.details.error_code: "enforced_spend_limit_reached"
    std::string requestId{};
};
/// The error object of a body or an event; all empty when there is none, as in a proxy's HTML page.
ApiProblem problemIn(const Json& body);

/// Builds a reply from what an API sends, piece by piece.
class ReplyAssembler {
public:
    enum class State { Open, Complete, Failed };

    ReplyAssembler() = default;
    ReplyAssembler(const ReplyAssembler&) = delete;
    ReplyAssembler& operator=(const ReplyAssembler&) = delete;
    virtual ~ReplyAssembler() = default;

    /// Takes the data of one event. What comes after the end is ignored.
    virtual State take(std::string_view data) = 0;
    /// The stream ended in order. Complete or Failed, never Open.
    virtual State end() = 0;
    /// A whole answer that was not streamed.
    virtual State takeWhole(Json answer) = 0;
    virtual State state() const = 0;

    /// The reply, when Complete.
    virtual ModelReply takeReply() = 0;
    /// What went wrong, when Failed.
    virtual const ApiProblem& problem() const = 0;
    /// Text shown so far.
    virtual std::string partialText() const = 0;
    /// Figures reported so far; `calls` is 1 as soon as the server has begun.
    virtual const Usage& usage() const = 0;
};

} // namespace aap
