#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/domain/pipeline_spec.h"
#include "core/pipeline/check_context.h"
#include "core/pipeline/run_context.h"

namespace aap {

struct VisitOptions {
    int attempt = 1;
    int round = 0;                     ///< of the repair loop; 0 outside it
    std::string message{};             ///< the first one of the dialogue
    std::vector<std::string> frozen{}; ///< paths of repo/ the agent may not write; they exist
};

/// How a visit of a stage ended.
struct StageOutcome {
    StageStatus status = StageStatus::Failed;
    std::string reason{};
    std::string remedy{};
    Json document{};                   ///< what was handed in last; null when nothing was
    std::optional<RunEnding> ends{};   ///< the whole run ends so, whatever the status of the stage says
    bool left = false;                 ///< the user wanted it so; the run goes on from its state
    bool wantsRepair = false;          ///< Testing: the tests fail because of the code, and everything else holds
    TestEvidence evidence{};           ///< Testing: what the program saw when it ran the tests

    bool passed() const { return status == StageStatus::Passed || status == StageStatus::Waived; }
};

/// Lets the agent of a stage work in a sandbox of its own until what it handed in passes the program's checks, or a limit is
/// reached. Everything is in the journal afterwards, StageFinished last. An Error only when the journal failed.
/// A visit that the run has behind it is not made again: its outcome is returned, or it goes on where it was cut.
Result<StageOutcome> visitStage(RunContext& run, const StageSpec& stage, const VisitOptions& options);

/// The program's checks of a stage's document, by themselves: StageChecking and each CheckFinished are recorded.
/// `context.before` is what the stage found.
Result<std::vector<Check>> checkStage(CheckContext& context, RunContext& run, TestEvidence& evidence);

/// Ends a visit in the journal and in stages/<n>/result.json.
Result<void> finishStage(RunContext& run, StageId stage, const StageOutcome& outcome);

} // namespace aap
