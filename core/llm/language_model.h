#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/usage.h"

namespace aap {

/// A tool as the model sees it. `inputSchema` is a JSON object schema (draft-07 subset).
struct ToolDefinition {
    std::string name{};
    std::string description{};
    Json inputSchema{};
};

/// One turn of the dialogue. `content` is the API's array of blocks, kept exactly as received or built:
/// text, thinking, redacted_thinking, tool_use, tool_result, image and whatever unknown block came along.
struct Message {
    enum class Role { User, Assistant };
    Role role = Role::User;
    Json content = Json::array();

    static Message user(std::string_view text) { return {Role::User, Json::array({{{"type", "text"}, {"text", text}}})}; }
};

/// What one call asks. The history is append-only: system, tools and earlier messages never change within a dialogue.
struct ModelRequest {
    std::string model{};
    int maxTokens = 64000;
    std::string effort = "medium"; ///< low | medium | high | xhigh | max
    std::string system{};
    std::vector<ToolDefinition> tools{}; ///< sorted by name
    std::vector<Message> messages{};
    std::string stage{}; ///< slug of the stage that asks; for budgets and recordings, never sent
};

enum class StopReason { EndTurn, ToolUse, MaxTokens, StopSequence, PauseTurn, Refusal, ContextWindowExceeded, Unknown };
std::string_view apiName(StopReason reason);
StopReason parseStopReason(std::string_view text);

/// A complete reply: the stream reached its own end. Anything cut is an Error instead.
struct ModelReply {
    Json content = Json::array(); ///< to be echoed unchanged
    StopReason stopReason = StopReason::Unknown;
    std::string rawStopReason{};
    std::string refusal{}; ///< category and explanation when stopReason is Refusal
    /// Ids of tool_use blocks whose input was no JSON object, with the raw text; content holds `{}` for them.
    std::vector<std::pair<std::string, std::string>> invalidInputs{};
    std::string model{}; ///< as the server names it
    std::string requestId{};
    Usage usage{};
    Money cost{}; ///< zero where no price is known

    /// All text blocks, joined.
    std::string text() const;
};

/// A tool_use block of a reply, taken apart.
struct ToolCall {
    std::string id{};
    std::string name{};
    Json input = Json::object();
};
std::vector<ToolCall> toolCalls(const ModelReply& reply);

/// What happens while a reply comes in; called on the thread that asked. Every member may be empty.
struct ReplyListener {
    std::function<void(std::string_view)> text{};
    std::function<void(std::string_view)> thinking{};
    /// The attempt failed and is repeated after `wait`; text shown so far is withdrawn.
    std::function<void(const Error& why, Milliseconds wait, int attempt)> retrying{};
    /// There will be no reply, but the server had begun one and bills this much. (A reply's usage contains its failed attempts.)
    /// What that costs is filled in by PricedModel; zero before.
    std::function<void(const Usage&, Money)> lost{};
};

/// A model behind an API, a recording of one, or a decorator around either.
class LanguageModel {
public:
    LanguageModel() = default;
    LanguageModel(const LanguageModel&) = delete;
    LanguageModel& operator=(const LanguageModel&) = delete;
    virtual ~LanguageModel() = default;

    /// Blocks until the reply is complete, a limit is hit or `stop` is requested (then within 300 ms). Worker threads only;
    /// always the same thread for one object.
    virtual Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) = 0;
};

} // namespace aap
