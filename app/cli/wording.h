#pragma once

#include <string>

#include "core/domain/run_event.h"
#include "core/domain/run_state.h"

namespace aap {

class Prices;

/// "3 s", "2 min 5 s", "1 h 4 min".
std::string durationText(Milliseconds span);
/// "940", "12.3 k", "1.1 M".
std::string countText(std::int64_t count);
/// "✔", "✖", "▶" …; words always stand beside it.
std::string_view symbol(StageStatus status);
/// SGR colour of a status: "32"; empty for none.
std::string_view colourCode(StageStatus status);
/// A line that tells what happened, for plain output; empty for what is not worth a line.
std::string sentence(const RunEvent& event);
/// What a gate asks, and what about. Of a tool: its whole input, escaped, so that nothing of it can hide behind its own length or look like
/// words of ours. Lines, each with its end.
std::string questionLines(const GateOpened& gate);
/// "Cache: 82 % of the prompts' tokens, saved $1.20"; empty when nothing was read from a cache, without the money where a model has
/// no price.
std::string cacheWords(const RunState& state, const Prices& prices);
/// The last words about a run: one paragraph with the ending, where the results lie, and what it cost.
std::string lastWords(const RunState& state, std::string_view unended = "Interrupted");

} // namespace aap
