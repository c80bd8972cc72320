#include "core/llm/language_model.h"

#include <algorithm>
#include <array>

namespace aap {
namespace {

constexpr std::array<std::pair<StopReason, std::string_view>, 7> kReasons{{
    {StopReason::EndTurn, "end_turn"},
    {StopReason::ToolUse, "tool_use"},
    {StopReason::MaxTokens, "max_tokens"},
    {StopReason::StopSequence, "stop_sequence"},
    {StopReason::PauseTurn, "pause_turn"},
    {StopReason::Refusal, "refusal"},
    {StopReason::ContextWindowExceeded, "model_context_window_exceeded"},
}};

std::string stringAt(const Json& block, const char* key)
{
    const auto found = block.find(key);
    return found != block.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

std::string_view apiName(StopReason reason)
{
    const auto found = std::ranges::find(kReasons, reason, &decltype(kReasons)::value_type::first);
    return found == kReasons.end() ? "unknown" : found->second;
}

StopReason parseStopReason(std::string_view text)
{
    const auto found = std::ranges::find(kReasons, text, &decltype(kReasons)::value_type::second);
    return found == kReasons.end() ? StopReason::Unknown : found->first;
}

std::string ModelReply::text() const
{
    std::string all;
    for (const auto& block : content)
        if (stringAt(block, "type") == "text")
            all += stringAt(block, "text");
    return all;
}

std::vector<ToolCall> toolCalls(const ModelReply& reply)
{
    std::vector<ToolCall> calls;
    for (const auto& block : reply.content)
        if (stringAt(block, "type") == "tool_use")
            calls.push_back({stringAt(block, "id"), stringAt(block, "name"), block.value("input", Json::object())});
    return calls;
}

} // namespace aap
