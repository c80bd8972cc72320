#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_event.h"

namespace aap {

/// Where one stage stands.
struct StageState {
    StageId id{};
    StageStatus status = StageStatus::NotStarted;
    int attempt = 0;
    int turn = 0;
    int maxTurns = 0;
    std::string model{};
    Usage usage{};
    Money cost{};
    std::string currentTool{};  ///< "run_command  pytest -q" while one runs
    std::string lastActivity{}; ///< one line
    std::string reason{};       ///< why it failed or was skipped
    std::vector<PlanItem> plan{};
    std::vector<Check> checks{}; ///< of the last attempt
    std::optional<TimePoint> startedAt{};
    std::optional<TimePoint> finishedAt{};
    std::string container{};
    std::string imageId{};
    std::string commit{};
    Json document{}; ///< what was handed in and passed; null before
    bool skipAsked = false; ///< by the user: Skipped is then no failure
    std::string comment{};  ///< why the user sent it back; empty when that was not so, or is done
};

/// Everything anyone sees of a run: the fold of its events and nothing else.
struct RunState {
    std::string id{};
    std::int64_t lastSeq = 0;
    RunStarted started{}; ///< with what the user changed since: limits of the pipeline, words added to the requirements
    std::optional<TimePoint> startedAt{};
    std::optional<TimePoint> finishedAt{};
    std::optional<RunEnding> ending{}; ///< empty while it runs, or when the program died
    std::string reason{};
    std::string remedy{};
    std::vector<StageState> stages{}; ///< the enabled ones, in order
    std::optional<StageId> currentStage{};
    int repairRound = 0;
    int maxRepairRounds = 0;
    std::optional<GateOpened> openGate{};
    std::set<std::string> approvedGates{}; ///< not to be asked again
    std::string pausedFor{};               ///< the reason; empty while it is not paused
    Usage usage{};
    Money cost{};
    std::vector<ArtifactRecorded> artifacts{};
    std::vector<std::string> warnings{};
    std::vector<std::string> errors{};
    Json deployment{}; ///< details of the last DeploymentChanged

    const StageState* stage(StageId wanted) const;
    StageState* stage(StageId wanted);
};

/// Whether a run that ended so, or whose program died (empty), can be resumed.
bool mayGoOn(const std::optional<RunEnding>& ending);
/// Invalid for a run that was imported: it may only be read, whatever its ending.
Result<void> isOurOwn(const RunStarted& started);

/// Pure. Folding all events of a run gives its state; unknown order is tolerated, nothing throws.
RunState fold(RunState state, const RunEvent& event);
void apply(RunState& state, const RunEvent& event); ///< the same in place, for long runs

/// Requirements with what the user answered when asked whether they are right: its lines as further items.
std::string amendedRequirements(std::string requirements, std::string_view comment);

/// The stage that works on what a user says at a gate instead of approving it; none: the requirements, or there is none before.
std::optional<StageId> sentBackStage(const RunState& state, std::string_view gate);

/// `pipeline_state.json`: the plan's keys (status current_stage stages_completed results errors started_at completed_at)
/// plus run_id, usage and cost_usd.
Json pipelineStateJson(const RunState& state);

} // namespace aap
