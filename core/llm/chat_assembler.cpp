#include "core/llm/chat_assembler.h"

#include "core/llm/bounded_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aap {
namespace {

constexpr std::size_t kMaxChatBytes = 16U << 20U;
constexpr std::size_t kMaxCalls = 1000;

std::int64_t tokens(const Json& figure)
{
    constexpr double most = 1e12;
    return figure.is_number() ? std::int64_t(std::clamp(figure.get<double>(), 0.0, most)) : 0;
}

/// What the finish_reason means; tool calls win over a "stop" that came with them.
StopReason stopReasonOf(const std::string& finishReason, bool hasCalls, bool hasRefusal)
{
    if (finishReason == "length")
        return StopReason::MaxTokens;
    if (finishReason == "content_filter" || hasRefusal)
        return StopReason::Refusal;
    if (hasCalls)
        return StopReason::ToolUse;
    return finishReason == "stop" ? StopReason::EndTurn : StopReason::Unknown;
}

} // namespace

ChatAssembler::ChatAssembler(const ReplyListener& listener, std::set<std::string> usedIds)
    : m_listener(listener), m_usedIds(std::move(usedIds))
{
}

ReplyAssembler::State ChatAssembler::take(std::string_view data)
{
    if (m_state != State::Open)
        return m_state;
    if (data == "[DONE]")
        return end();
    const auto chunk = parseBounded(data);
    if (chunk.is_discarded())
        fail("an event is not valid JSON");
    else
        takeChunk(chunk);
    return m_state;
}

void ChatAssembler::takeChunk(const Json& chunk)
{
    if (const auto& error = memberOf(chunk, "error"); !error.is_null()) {
        m_problem = problemIn(chunk);
        m_state = State::Failed;
        return;
    }
    m_reply.usage.calls = 1;
    if (const auto model = stringIn(chunk, "model"); !model.empty())
        m_reply.model = model;
    if (const auto& usage = memberOf(chunk, "usage"); usage.is_object()) {
        m_knowsUsage = true;
        const auto cached = tokens(memberOf(memberOf(usage, "prompt_tokens_details"), "cached_tokens"));
        const auto prompt = tokens(memberOf(usage, "prompt_tokens"));
        m_reply.usage.cacheReadTokens = std::min(cached, prompt);
        m_reply.usage.inputTokens = prompt - m_reply.usage.cacheReadTokens;
        m_reply.usage.outputTokens = tokens(memberOf(usage, "completion_tokens"));
    }
    const auto& choices = memberOf(chunk, "choices");
    if (!choices.is_array() || choices.empty())
        return;
    takeDelta(memberOf(choices[0], "delta"));
    if (const auto reason = stringIn(choices[0], "finish_reason"); !reason.empty())
        m_finishReason = reason;
}

void ChatAssembler::takeDelta(const Json& delta)
{
    for (const char* name : {"reasoning_content", "reasoning"}) {
        if (const auto& piece = memberOf(delta, name); piece.is_string()) {
            append(m_thinking, piece, m_listener.thinking);
            break; // a server that sends both means the same
        }
    }
    append(m_text, memberOf(delta, "content"), m_listener.text);
    append(m_refusal, memberOf(delta, "refusal"), {});
    if (const auto& pieces = memberOf(delta, "tool_calls"); pieces.is_array())
        for (const auto& piece : pieces)
            takeCall(piece);
    if (m_bytes > kMaxChatBytes || m_calls.size() > kMaxCalls)
        fail("the reply is larger than any model writes");
}

void ChatAssembler::append(std::string& to, const Json& piece, const std::function<void(std::string_view)>& listener)
{
    if (!piece.is_string())
        return;
    const auto& text = piece.get_ref<const std::string&>();
    m_bytes += text.size();
    to += text;
    if (listener && !text.empty())
        listener(text);
}

void ChatAssembler::takeCall(const Json& piece)
{
    auto& call = callFor(piece);
    const auto& function = memberOf(piece, "function");
    if (const auto id = stringIn(piece, "id"); !id.empty())
        call.id = id;
    if (const auto name = stringIn(function, "name"); !name.empty())
        call.name = name;
    const auto& arguments = memberOf(function, "arguments");
    if (arguments.is_object())
        append(call.arguments, Json(arguments.dump(-1, ' ', false, Json::error_handler_t::replace)), {});
    else
        append(call.arguments, arguments, {});
}

/// The call a piece belongs to: the last one at its index, unless the piece brings a new id, or a name that cannot be that call's.
ChatAssembler::Call& ChatAssembler::callFor(const Json& piece)
{
    const auto id = stringIn(piece, "id");
    const auto& position = memberOf(piece, "index");
    const auto index = position.is_number_integer() ? std::optional(position.get<std::int64_t>()) : std::nullopt;
    const auto last = std::ranges::find_if(m_calls.rbegin(), m_calls.rend(), [&](const Call& call) { return !index || call.index == index; });
    bool isNew = last == m_calls.rend();
    if (!isNew && !id.empty())
        isNew = !last->id.empty() && last->id != id;
    else if (const auto name = stringIn(memberOf(piece, "function"), "name"); !isNew && !name.empty() && !last->name.empty())
        isNew = last->name != name || parseBounded(last->arguments).is_object();
    if (isNew)
        return m_calls.emplace_back(Call{.index = index});
    return *last;
}

ReplyAssembler::State ChatAssembler::end()
{
    if (m_state == State::Open) {
        if (m_finishReason.empty())
            fail("it ended before its finish_reason");
        else if (std::ranges::any_of(m_calls, [](const Call& call) { return call.name.empty(); }))
            fail("a tool call without a name");
        else
            complete();
    }
    return m_state;
}

ReplyAssembler::State ChatAssembler::takeWhole(Json answer)
{
    const auto& choices = memberOf(answer, "choices");
    if (choices.is_array() && !choices.empty() && choices[0].is_object())
        answer["choices"][0]["delta"] = memberOf(choices[0], "message");
    takeChunk(answer);
    return end();
}

void ChatAssembler::complete()
{
    auto& content = m_reply.content;
    if (!m_thinking.empty())
        content.push_back({{"type", "thinking"}, {"thinking", m_thinking}});
    if (!m_text.empty())
        content.push_back({{"type", "text"}, {"text", m_text}});
    for (const auto& call : m_calls)
        content.push_back(toolUse(call));
    m_reply.stopReason = stopReasonOf(m_finishReason, !m_calls.empty(), !m_refusal.empty());
    m_reply.rawStopReason = m_reply.stopReason == StopReason::Unknown ? m_finishReason : std::string(apiName(m_reply.stopReason));
    m_reply.refusal = m_refusal;
    m_state = State::Complete;
}

Json ChatAssembler::toolUse(const Call& call)
{
    auto id = call.id;
    for (auto n = m_usedIds.size() + 1; id.empty() || m_usedIds.contains(id); ++n)
        id = fmt::format("call_{}", n);
    m_usedIds.insert(id);
    auto input = parseBounded(call.arguments.find_first_not_of(" \t\r\n") == std::string::npos ? "{}" : call.arguments);
    if (!input.is_object()) {
        m_reply.invalidInputs.emplace_back(id, call.arguments);
        input = Json::object();
    }
    return {{"type", "tool_use"}, {"id", id}, {"name", call.name}, {"input", std::move(input)}};
}

ModelReply ChatAssembler::takeReply()
{
    return std::move(m_reply);
}

void ChatAssembler::fail(std::string message)
{
    m_problem = {.type = "stream_incomplete", .message = std::move(message)};
    m_state = State::Failed;
}

} // namespace aap
