#pragma once

#include "core/llm/attempt_model.h"
#include "core/llm/http_exchange.h"
#include "core/llm/reply_assembler.h"

namespace aap {

/// What an answer that is no reply means: the right code, a sentence of advice and whether waiting helps.
/// `status` 200 with a problem stands for a stream that said or suffered it.
ApiFailure failureOf(const HttpAnswer& answer, const ApiProblem& problem);

/// How long the server wants us to wait: retry-after-ms, else retry-after in seconds or as an HTTP date seen from `at`.
std::optional<Milliseconds> retryAfter(const HttpHeaders& headers, TimePoint at);

} // namespace aap
