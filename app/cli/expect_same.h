#pragma once

#include <ostream>
#include <vector>

#include "core/engine/expected_run.h"
#include "core/llm/recording.h"

namespace aap {

// replay --expect-same: whether a run comes out as it was recorded.

/// Invalid: the recording does not say what its run came to.
Result<std::vector<RunFact>> expectedFacts(const Recording& recording);

/// Says how it came out: on `out` that it is the same, on `err` the first difference; as one JSON object on `out` when asked. The exit
/// code: 0 or 1.
int sameOrNot(const ExpectedRun& run, bool asJson, std::ostream& out, std::ostream& err);

} // namespace aap
