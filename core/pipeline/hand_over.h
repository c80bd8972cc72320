#pragma once

#include <string>

#include "core/base/result.h"
#include "core/domain/pipeline_spec.h"
#include "core/pipeline/run_context.h"

namespace aap {

/// The first message of a stage's dialogue: its task and the frozen documents it rests on, each as marked data.
Result<std::string> firstMessage(const RunContext& run, const StageSpec& stage);
/// The same for a repair round of Coding; `repair` is the contract of that name.
Result<std::string> repairMessage(const RunContext& run, const StageSpec& stage, const Json& repair);
/// Testing once more, because Coding holds tests to be wrong: it decides.
Result<std::string> disputeMessage(const RunContext& run, const StageSpec& stage, const std::vector<std::string>& deviations);

} // namespace aap
