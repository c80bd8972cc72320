#pragma once

#include <optional>
#include <string>

#include "core/llm/attempt_model.h"
#include "core/llm/http_exchange.h"
#include "core/llm/reply_assembler.h"
#include "core/llm/sse_parser.h"

namespace aap {

/// Feeds the answer to a streamed request to an assembler, whether it is a stream or, as some servers have it, one JSON object.
class AnswerReader {
public:
    explicit AnswerReader(ReplyAssembler& assembler) : m_assembler(assembler) {}

    HttpExchange::Want read(const HttpAnswer& head, std::string_view piece);
    /// What became of it, once the exchange is over.
    Attempt result(HttpAnswer answer);

private:
    HttpExchange::Want refuse(Error fault);

    ReplyAssembler& m_assembler;
    SseParser m_parser;
    std::optional<Error> m_fault;
    bool m_isJson = false;
    std::string m_json;
};

} // namespace aap
