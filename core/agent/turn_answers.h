#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/agent/tool_runner.h"
#include "core/llm/language_model.h"

namespace aap {

/// The answers to a turn's calls, in their order.
struct TurnAnswers {
    std::vector<Json> blocks{};
    std::optional<std::size_t> submit{}; ///< the call that hands in; its block is open
    bool anyError = false;
    bool onlyMistakes = true;
    std::optional<Error> failure{}; ///< the sandbox, the program or the journal failed, or the user stopped: the others are declined
};

/// Runs the calls one after the other, but for the first that hands in.
TurnAnswers answersTo(ToolRunner& runner, const ModelReply& reply, const std::vector<ToolCall>& calls, const std::stop_token& stop);

/// What the API wants to hear about an input that was no JSON object; nothing when this call's input was one.
std::optional<std::string> invalidInput(const ModelReply& reply, const std::string& callId);

Error stoppedByUser();

} // namespace aap
