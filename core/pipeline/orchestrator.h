#pragma once

#include <stop_token>

#include "core/base/redact.h"
#include "core/engine/run_recorder.h"
#include "core/pipeline/run_request.h"
#include "core/sandbox/deployer.h"
#include "core/sandbox/sandbox.h"
#include "core/store/journal.h"

namespace aap {

class Steering;

/// What a run works with; everything outlives it.
struct RunServices {
    SandboxProvider& sandboxes;
    ImageBuilder& images;
    Deployer& deployer;
    ModelSource& models;
    Journal& journal;
    Approver& approver;
    RunObserver& observer;
    const Redactor& redactor;
    Steering* steering = nullptr; ///< null: nobody steers
    std::string warning{};        ///< said at the beginning: what a run of these services lacks
};

/// Walks a run from requirements to its end on the calling thread: intake, stages, checks, repair loop, gates, output folder.
/// Returns the final state, whatever the ending; an Error when no run was begun: Invalid input, or a journal that cannot be written.
/// Whatever the ending: no sandbox, container or network of the run is left, except a deployment that passed.
Result<RunState> runPipeline(const RunRequest& request, RunServices services, const std::stop_token& stop);

/// Goes on with a run whose program died, or that ended so that it may go on (mayGoOn), from what its journal has: what is left of it
/// in the engine is removed, the project put back to the snapshot of the last tool that finished, and the next turn asked. No turn that
/// is in the journal is asked again, no tool run twice. `request` is the run's own, with limits that may be others now. The caller holds
/// the run's lock. As above; Invalid, too: the run has ended, or cannot be gone on with.
Result<RunState> resumePipeline(const RunRequest& request, RunServices services, const std::vector<RunEvent>& past, const std::stop_token& stop);

} // namespace aap
