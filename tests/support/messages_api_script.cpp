#include "tests/support/messages_api_script.h"

#include <algorithm>

#include "core/llm/api_usage.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr std::size_t kPieceBytes = 11; // small and odd, so that words and escapes are cut

/// The text in pieces that end with whole characters.
std::vector<std::string> pieces(std::string_view text)
{
    std::vector<std::string> all;
    while (!text.empty()) {
        auto length = std::min(kPieceBytes, text.size());
        while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
            ++length;
        all.emplace_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return all;
}

std::string modelOf(const RecordedTurn& turn)
{
    return turn.model.empty() ? "recorded-replies" : turn.model;
}

/// Writes a Messages API stream.
class MessageStream {
public:
    void event(const Json& data) { m_text += "event: " + stringIn(data, "type") + "\ndata: " + data.dump() + "\n\n"; }

    void block(std::size_t index, const Json& block)
    {
        const auto type = stringIn(block, "type");
        Json start = block;
        if (type == "text")
            start["text"] = "";
        if (type == "thinking")
            start["thinking"] = start["signature"] = "";
        if (start.contains("input"))
            start["input"] = Json::object();
        event({{"type", "content_block_start"}, {"index", index}, {"content_block", start}});
        if (type == "text")
            deltas(index, "text_delta", "text", stringIn(block, "text"));
        if (type == "thinking") {
            deltas(index, "thinking_delta", "thinking", stringIn(block, "thinking"));
            event({{"type", "content_block_delta"}, {"index", index}, {"delta", {{"type", "signature_delta"}, {"signature", stringIn(block, "signature")}}}});
        }
        if (block.contains("input"))
            deltas(index, "input_json_delta", "partial_json", block["input"].dump());
        event({{"type", "content_block_stop"}, {"index", index}});
    }

    std::string take() { return std::move(m_text); }

private:
    void deltas(std::size_t index, const char* type, const char* member, const std::string& text)
    {
        for (const auto& piece : pieces(text))
            event({{"type", "content_block_delta"}, {"index", index}, {"delta", {{"type", type}, {member, piece}}}});
    }

    std::string m_text;
};

/// Writes a Chat Completions stream.
class ChatStream {
public:
    explicit ChatStream(std::string model) : m_model(std::move(model)) {}

    void chunk(const Json& delta, const Json& finish = nullptr)
    {
        write({{"id", "chatcmpl-fake"},
               {"object", "chat.completion.chunk"},
               {"model", m_model},
               {"choices", Json::array({Json{{"index", 0}, {"delta", delta}, {"finish_reason", finish}}})}});
    }

    void block(const Json& block)
    {
        const auto type = stringIn(block, "type");
        if (type == "text")
            for (const auto& piece : pieces(stringIn(block, "text")))
                chunk(Json{{"content", piece}});
        if (type == "thinking")
            chunk(Json{{"reasoning_content", stringIn(block, "thinking")}});
        if (type != "tool_use")
            return;
        call({{"index", m_calls}, {"id", block.at("id")}, {"type", "function"}, {"function", {{"name", block.at("name")}, {"arguments", ""}}}});
        for (const auto& piece : pieces(block.at("input").dump()))
            call({{"index", m_calls}, {"function", Json{{"arguments", piece}}}});
        ++m_calls;
    }

    std::string finish(const RecordedTurn& turn)
    {
        chunk(Json::object(), m_calls > 0 ? "tool_calls" : turn.stopReason == "max_tokens" ? "length" : "stop");
        write({{"model", m_model},
               {"choices", Json::array()},
               {"usage",
                {{"prompt_tokens", turn.usage.promptTokens()},
                 {"completion_tokens", turn.usage.outputTokens},
                 {"total_tokens", turn.usage.totalTokens()},
                 {"prompt_tokens_details", Json{{"cached_tokens", turn.usage.cacheReadTokens}}}}}});
        return std::move(m_text) + "data: [DONE]\n\n";
    }

private:
    void call(const Json& toolCall) { chunk(Json{{"tool_calls", Json::array({toolCall})}}); }
    void write(const Json& data) { m_text += "data: " + data.dump() + "\n\n"; }

    std::string m_model;
    std::string m_text;
    int m_calls = 0;
};

} // namespace

std::string SeenRequest::header(const std::string& name) const
{
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

Step Step::inPieces(std::size_t bytes, Milliseconds between) &&
{
    cuts.clear();
    for (auto at = bytes; at < body.size(); at += bytes)
        cuts.push_back(at);
    betweenPieces = between;
    return std::move(*this);
}

Step Step::ending(End how, std::size_t afterBytes) &&
{
    end = how;
    body = body.substr(0, afterBytes);
    return std::move(*this);
}

Step Step::with(std::string name, std::string value) &&
{
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

Step Step::json(int status, const Json& body)
{
    return {.status = status, .headers = {{"content-type", "application/json"}}, .body = body.dump()};
}

Step Step::error(int status, const std::string& type, const std::string& message)
{
    return json(status, {{"type", "error"}, {"error", {{"type", type}, {"message", message}}}}).with("request-id", "req_fake");
}

Step Step::reply(const RecordedTurn& turn)
{
    MessageStream stream;
    auto usage = toApi(turn.usage);
    usage["output_tokens"] = 1;
    Json message{{"id", "msg_fake"}, {"type", "message"}, {"role", "assistant"}, {"model", modelOf(turn)}, {"content", Json::array()},
                 {"stop_reason", nullptr}, {"stop_sequence", nullptr}, {"usage", usage}};
    stream.event({{"type", "message_start"}, {"message", std::move(message)}});
    stream.event(Json{{"type", "ping"}});
    for (std::size_t i = 0; i < turn.content.size(); ++i)
        stream.block(i, turn.content[i]);
    stream.event({{"type", "message_delta"},
                  {"delta", {{"stop_reason", turn.stopReason}, {"stop_sequence", nullptr}}},
                  {"usage", Json{{"output_tokens", turn.usage.outputTokens}}}});
    stream.event(Json{{"type", "message_stop"}});
    return Step{.body = stream.take()}.with("request-id", "req_fake");
}

Step Step::chatReply(const RecordedTurn& turn)
{
    ChatStream stream(modelOf(turn));
    for (const auto& block : turn.content)
        stream.block(block);
    return Step{.body = stream.finish(turn)};
}

} // namespace aap
