#pragma once

#include <deque>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/llm/language_model.h"

namespace aap {

/// A model that says what a test wrote down, and keeps what it was asked.
class ScriptedModel final : public LanguageModel {
public:
    /// A reply, a failure, or something that happens while the model is asked.
    using Line = std::function<Result<ModelReply>(const ModelRequest&, const ReplyListener&)>;

    ScriptedModel() = default;
    explicit ScriptedModel(std::vector<Result<ModelReply>> script)
    {
        for (auto& reply : script)
            add(std::move(reply));
    }

    void add(Result<ModelReply> reply)
    {
        m_script.push_back([reply = std::move(reply)](const ModelRequest&, const ReplyListener&) { return reply; });
    }
    void add(Line line) { m_script.push_back(std::move(line)); }

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& /*stop*/) override
    {
        asked.push_back(request);
        if (m_script.empty())
            return Error{ErrorCode::NotFound, "the script has no reply left"};
        const auto line = std::move(m_script.front());
        m_script.pop_front();
        return line(request, listener);
    }

    std::vector<ModelRequest> asked;

private:
    std::deque<Line> m_script;
};

/// A reply of these blocks; "tool_use" when one of them is a call.
inline ModelReply replyOf(std::vector<Json> blocks, std::string_view stopReason = {})
{
    ModelReply reply{.content = std::move(blocks), .model = "scripted", .usage = {.inputTokens = 100, .outputTokens = 10, .calls = 1}};
    const auto natural = toolCalls(reply).empty() ? "end_turn" : "tool_use";
    reply.rawStopReason = stopReason.empty() ? natural : std::string(stopReason);
    reply.stopReason = parseStopReason(reply.rawStopReason);
    return reply;
}
inline Json said(std::string_view text)
{
    return Json{{"type", "text"}, {"text", text}};
}
inline Json called(std::string_view id, std::string_view tool, Json input = Json::object())
{
    return Json{{"type", "tool_use"}, {"id", id}, {"name", tool}, {"input", std::move(input)}};
}

} // namespace aap
