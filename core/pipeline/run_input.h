#pragma once

#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/pipeline/run_request.h"

namespace aap {

/// The requirements as text; of a run of chosen stages that has none, what their tasks ask for.
std::string sourceText(const RunRequest& request);

/// Stage 0: `source` read as requirements. Null for a review, which has none. Invalid: they cannot be read; Bug: a line was lost.
Result<Json> takeInRequirements(const RunRequest& request, const std::string& source);

/// What runPipeline() refuses before a run begins: requirements that cannot be read, stages without their input. Invalid or Bug.
/// The requirements as they are read; null for a review.
Result<Json> checkRequest(const RunRequest& request);

} // namespace aap
