#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/domain/run_event.h"

namespace aap {

/// Everything that was said and done in a stage, as Markdown; foreign text stands in fences it cannot leave.
std::string transcript(StageId stage, const std::vector<RunEvent>& events);
/// The first thing the stage's agent was told; empty when it was never asked.
std::string firstPrompt(StageId stage, const std::vector<RunEvent>& events);
/// One document a turn, in order: what was new in the request, and the answer with its usage.
std::vector<Json> exchanges(const std::vector<RunEvent>& events);

} // namespace aap
