#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "core/base/beneath.h"
#include "core/engine/run_recorder.h"
#include "core/pipeline/check_context.h"
#include "core/pipeline/orchestrator.h"
#include "core/pipeline/run_past.h"
#include "core/store/output_folder.h"
#include "core/store/snapshots.h"

namespace aap {

/// What a run has at hand while it goes: lent to its stages one after the other, on the run's thread.
struct RunContext {
    const RunRequest& request;
    RunServices& services;
    RunRecorder& recorder;
    OutputFolder& output;
    Folder& workspace;
    Snapshots& snapshots;
    RunPast past{}; ///< empty for a run that begins
    std::stop_token stop{};
    Json requirements{};                      ///< null for a review
    std::map<std::string, Json> documents{};  ///< contract -> what was handed in and passed: "design", "testreport", …
    std::optional<DeploymentHandle> deployed{};

    /// Null when no stage has handed it in.
    const Json& document(const std::string& contract) const;
    /// Saves a file into the output folder and records it as an artifact, unless it is one already.
    Result<void> saveArtifact(std::optional<StageId> stage, const std::string& path, std::string_view text);
    /// Asks the approver, unless the gate is approved already; GateOpened and GateDecided are in the journal before anything acts
    /// upon the answer. The time it takes does not count as the run's.
    Result<Approver::Answer> ask(std::optional<StageId> stage, const GateOpened& gate);
    /// As the run was started, with what the user raised since.
    StageSpec specOf(const StageSpec& stage) const;
    /// What the checks of a stage see; the references must outlive it.
    CheckContext checkContext(StageId stage, const Json& document);
};

/// What to do when nobody answers at a gate.
inline constexpr std::string_view kDecideLater = "Decide with 'agent-pipeline approve ID' or 'agent-pipeline reject ID --comment TEXT' and then 'agent-pipeline resume ID', "
                                                 "or run again at a terminal or with --yes.";

/// How an Error that ended a stage ends the run. `fromModel`: the model's side said it, not the sandbox or a disk.
struct ErrorEnding {
    StageStatus stage{};
    RunEnding run{};
};
ErrorEnding endingOf(const Error& error, bool fromModel);

} // namespace aap
