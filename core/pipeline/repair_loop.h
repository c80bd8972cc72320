#pragma once

#include "core/pipeline/stage_visit.h"

namespace aap {

/// Testing found the code at fault: rounds of Coding with the tests frozen, until the program sees every test pass, or a bound is
/// reached (rounds, share of the budget, no progress). `testing` is the outcome that asked for repair. Returns how Testing stands
/// afterwards; when it failed, the project is at its best snapshot. An Error only when the journal failed.
Result<StageOutcome> repairLoop(RunContext& run, StageOutcome testing);

} // namespace aap
