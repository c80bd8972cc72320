#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/llm/language_model.h"

namespace aap {

/// Why one attempt at a reply gave none, with all that a decision about another attempt needs.
struct ApiFailure {
    Error error{};
    int httpStatus = 0;       ///< 0: no answer at all; 200: the stream broke off
    std::string type{};       ///< the API's error.type ("overloaded_error"), or "stream_incomplete"
    std::string message{};    ///< the API's error.message
    std::string requestId{};
    bool isRetryable = false; ///< the same request may succeed a little later
    std::optional<Milliseconds> retryAfter{}; ///< how long the server wants us to wait
    std::string partialText{}; ///< shown already and to be withdrawn
    Usage spent{};             ///< tokens the server reported before it broke off
};

using Attempt = std::variant<ModelReply, ApiFailure>;

/// A model behind an API, asked once: nothing is repeated. RetryingModel makes a LanguageModel of it.
class AttemptModel {
public:
    AttemptModel() = default;
    AttemptModel(const AttemptModel&) = delete;
    AttemptModel& operator=(const AttemptModel&) = delete;
    virtual ~AttemptModel() = default;

    /// As LanguageModel::reply(), without repeating.
    virtual Attempt attempt(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) = 0;
};

} // namespace aap
