#include "core/llm/message_assembler.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/llm/api_usage.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr std::size_t kMaxContentBytes = 16U << 20U;
constexpr std::size_t kMaxBlocks = 5000;

void setStopReason(ModelReply& reply, const Json& from)
{
    if (const auto& reason = memberOf(from, "stop_reason"); reason.is_string()) {
        reply.rawStopReason = reason.get<std::string>();
        reply.stopReason = parseStopReason(reply.rawStopReason);
    }
    if (const auto& details = memberOf(from, "stop_details"); details.is_object())
        reply.refusal = refusalText(details);
}

/// Makes `input` an object: what the model wrote if it is one, else {} with the raw text put aside.
void settleInput(Json& block, const std::string& raw, ModelReply& reply)
{
    auto parsed = parseBounded(raw);
    const bool isObject = parsed.is_object();
    if (!isObject && stringIn(block, "type") == "tool_use")
        reply.invalidInputs.emplace_back(stringIn(block, "id"), raw);
    block["input"] = isObject ? std::move(parsed) : Json::object();
}

bool isCallable(const Json& block)
{
    return stringIn(block, "type") != "tool_use" || (!stringIn(block, "id").empty() && !stringIn(block, "name").empty());
}

} // namespace

std::string refusalText(const Json& stopDetails)
{
    const auto category = stringIn(stopDetails, "category");
    const auto explanation = stringIn(stopDetails, "explanation");
    return category.empty() || explanation.empty() ? category + explanation : category + ": " + explanation;
}

ReplyAssembler::State MessageAssembler::take(std::string_view data)
{
    if (m_state != State::Open)
        return m_state;
    struct Handler {
        std::string_view type;
        void (MessageAssembler::*handle)(const Json&);
    };
    static constexpr std::array kHandlers{Handler{"message_start", &MessageAssembler::begin},
                                          Handler{"content_block_start", &MessageAssembler::startBlock},
                                          Handler{"content_block_delta", &MessageAssembler::applyDelta},
                                          Handler{"content_block_stop", &MessageAssembler::stopBlock},
                                          Handler{"message_delta", &MessageAssembler::takeMessageDelta},
                                          Handler{"message_stop", &MessageAssembler::finishMessage}};
    const auto event = parseBounded(data);
    const auto type = stringIn(event, "type");
    const auto handler = std::ranges::find(kHandlers, type, &Handler::type);
    if (event.is_discarded()) {
        fail("an event is not valid JSON");
    } else if (type == "error") {
        m_problem = problemIn(event);
        m_state = State::Failed;
    } else if (handler != kHandlers.end()) { // the rest is pings and what the API will invent
        if (m_begun || type == "message_start")
            (this->*handler->handle)(event);
        else
            fail(fmt::format("'{}' came before message_start", type));
    }
    return m_state;
}

void MessageAssembler::begin(const Json& event)
{
    if (m_begun)
        return fail("a second message_start");
    m_begun = true;
    const auto& message = memberOf(event, "message");
    m_reply.model = stringIn(message, "model");
    m_reply.usage.calls = 1;
    updateFromApi(m_reply.usage, memberOf(message, "usage"));
}

void MessageAssembler::startBlock(const Json& event)
{
    const auto& index = memberOf(event, "index");
    const auto& block = memberOf(event, "content_block");
    if (!index.is_number_integer() || !block.is_object() || find(index) || !isCallable(block))
        return fail("a content_block_start makes no sense");
    m_bytes += block.dump(-1, ' ', false, Json::error_handler_t::replace).size();
    if (m_blocks.size() == kMaxBlocks || m_bytes > kMaxContentBytes)
        return fail("the reply is larger than any model writes");
    m_blocks.push_back({.index = index.get<std::int64_t>(), .json = block});
    if (m_listener.text && stringIn(block, "type") == "text" && !stringIn(block, "text").empty())
        m_listener.text(stringIn(block, "text"));
}

void MessageAssembler::applyDelta(const Json& event)
{
    auto* block = find(memberOf(event, "index"));
    if (!block || block->isFinished)
        return;
    const auto& delta = memberOf(event, "delta");
    const auto kind = stringIn(delta, "type");
    const auto type = stringIn(block->json, "type");
    if (kind == "text_delta" && type == "text")
        append(block->json["text"], memberOf(delta, "text"), m_listener.text);
    else if (kind == "thinking_delta" && type == "thinking")
        append(block->json["thinking"], memberOf(delta, "thinking"), m_listener.thinking);
    else if (kind == "signature_delta" && type == "thinking")
        block->json["signature"] = stringIn(delta, "signature"); // replaces, is not appended
    else if (kind == "citations_delta") {
        if (auto& citations = block->json["citations"]; !citations.is_array())
            citations = Json::array({memberOf(delta, "citation")});
        else
            citations.push_back(memberOf(delta, "citation"));
    } else if (kind == "input_json_delta") {
        const auto piece = stringIn(delta, "partial_json");
        m_bytes += piece.size();
        block->partialInput += piece;
    }
    if (m_bytes > kMaxContentBytes)
        fail("the reply is larger than any model writes");
}

void MessageAssembler::append(Json& member, const Json& piece, const std::function<void(std::string_view)>& to)
{
    if (!piece.is_string())
        return;
    const auto& text = piece.get_ref<const std::string&>();
    m_bytes += text.size();
    if (member.is_string())
        member.get_ref<std::string&>() += text;
    else
        member = text;
    if (to && !text.empty())
        to(text);
}

void MessageAssembler::stopBlock(const Json& event)
{
    if (auto* block = find(memberOf(event, "index")))
        finishBlock(*block);
}

void MessageAssembler::finishBlock(Block& block)
{
    if (std::exchange(block.isFinished, true))
        return;
    const auto& input = memberOf(block.json, "input");
    if (!block.partialInput.empty())
        settleInput(block.json, block.partialInput, m_reply);
    else if (stringIn(block.json, "type") == "tool_use" && !input.is_object())
        settleInput(block.json, input.is_null() || input == "" ? "{}" : input.dump(-1, ' ', false, Json::error_handler_t::replace), m_reply);
}

void MessageAssembler::takeMessageDelta(const Json& event)
{
    setStopReason(m_reply, memberOf(event, "delta"));
    updateFromApi(m_reply.usage, memberOf(event, "usage"));
}

void MessageAssembler::finishMessage(const Json& /*event*/)
{
    if (m_reply.rawStopReason.empty())
        return fail("message_stop came without a stop_reason");
    for (auto& block : m_blocks) {
        finishBlock(block);
        m_reply.content.push_back(std::move(block.json));
    }
    m_state = State::Complete;
}

ModelReply MessageAssembler::takeReply()
{
    return std::move(m_reply);
}

std::string MessageAssembler::partialText() const
{
    std::string text;
    for (const auto& block : m_blocks)
        if (stringIn(block.json, "type") == "text")
            text += stringIn(block.json, "text");
    return text;
}

void MessageAssembler::fail(std::string message)
{
    m_problem = {.type = "stream_incomplete", .message = std::move(message)};
    m_state = State::Failed;
}

MessageAssembler::Block* MessageAssembler::find(const Json& index)
{
    if (!index.is_number_integer())
        return nullptr;
    const auto found = std::ranges::find(m_blocks, index.get<std::int64_t>(), &Block::index);
    return found == m_blocks.end() ? nullptr : &*found;
}

ReplyAssembler::State MessageAssembler::end()
{
    if (m_state == State::Open)
        fail("it ended before message_stop");
    return m_state;
}

ReplyAssembler::State MessageAssembler::takeWhole(Json message)
{
    m_begun = true;
    m_reply.model = stringIn(message, "model");
    m_reply.usage.calls = 1;
    setStopReason(m_reply, message);
    updateFromApi(m_reply.usage, memberOf(message, "usage"));
    if (!memberOf(message, "content").is_array() || m_reply.rawStopReason.empty()) {
        fail("the answer is no complete message");
        return m_state;
    }
    for (auto& block : message["content"])
        m_blocks.push_back({.json = std::move(block)});
    if (std::ranges::all_of(m_blocks, [](const Block& block) { return isCallable(block.json); }))
        finishMessage({});
    else
        fail("a tool_use block lacks its id or name");
    return m_state;
}

} // namespace aap
