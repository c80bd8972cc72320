#include "core/llm/answer_reader.h"

#include <fmt/format.h>

#include "core/llm/api_failure.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr std::size_t kMaxJsonBytes = 16U << 20U;

} // namespace

HttpExchange::Want AnswerReader::read(const HttpAnswer& head, std::string_view piece)
{
    m_isJson = headerValue(head.headers, "content-type").find("json") != std::string::npos;
    if (m_isJson) {
        if (m_json.size() + piece.size() > kMaxJsonBytes)
            return refuse(Error{ErrorCode::Protocol, fmt::format("the answer is longer than {} bytes", kMaxJsonBytes)});
        m_json += piece;
        return HttpExchange::Want::More;
    }
    const auto events = m_parser.push(piece);
    if (!events)
        return refuse(events.error());
    for (const auto& event : *events)
        m_assembler.take(event.data);
    return m_assembler.state() == ReplyAssembler::State::Open ? HttpExchange::Want::More : HttpExchange::Want::Enough;
}

HttpExchange::Want AnswerReader::refuse(Error fault)
{
    m_fault = std::move(fault);
    return HttpExchange::Want::Enough;
}

Attempt AnswerReader::result(HttpAnswer answer)
{
    if (answer.status < 200 || answer.status > 299)
        return failureOf(answer, problemIn(parseBounded(answer.body)));
    if (m_fault)
        answer.cut = m_fault;
    if (m_assembler.state() == ReplyAssembler::State::Open && !answer.cut)
        m_isJson ? m_assembler.takeWhole(parseBounded(m_json)) : m_assembler.end();
    if (m_assembler.state() == ReplyAssembler::State::Complete) {
        auto reply = m_assembler.takeReply();
        reply.requestId = headerValue(answer.headers, "request-id");
        if (reply.requestId.empty())
            reply.requestId = headerValue(answer.headers, "x-request-id");
        return reply;
    }
    auto failure = failureOf(answer, m_assembler.problem());
    failure.partialText = m_assembler.partialText();
    failure.spent = m_assembler.usage();
    return failure;
}

} // namespace aap
