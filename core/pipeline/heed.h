#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/run_context.h"

namespace aap {

/// What the user's wishes mean for the stage that is running.
struct Heeded {
    std::vector<std::string> messages{}; ///< for its agent
    int turns = 0;                       ///< not 0: it may now take so many
    bool leaves = false;                 ///< the stage is not wanted any more, or not now
};

/// Does what the user wished meanwhile, on the run's thread: stands still as long as a pause lasts, with `room` frozen, raises
/// limits, notes what shall be skipped and where to go back to. Each is in the journal before it has effect; what makes no sense
/// is answered with a warning. `running`: the stage whose agent is at work; none between stages, and messages then wait for the
/// next one. Errors: Stopped during a pause; the journal's.
Result<Heeded> heed(RunContext& run, std::optional<StageId> running, Sandbox* room);

} // namespace aap
