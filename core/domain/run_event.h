#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/pipeline_spec.h"
#include "core/domain/stage.h"
#include "core/domain/usage.h"

namespace aap {

/// How a run ended. The exit codes are those of the command line: nothing but Completed is a success.
enum class RunEnding {
    Completed = 0,
    Failed = 1,
    InvalidInput = 2, ///< usage or configuration; no run was begun
    CompletedWithWaivers = 3,
    LimitReached = 4,
    EnvironmentProblem = 5, ///< no engine, no key, no image
    ProviderGaveUp = 6,
    WaitingAtGate = 10,
    Stopped = 130,
};
std::string_view slug(RunEnding ending);  ///< "completed_with_waivers"
std::string_view title(RunEnding ending); ///< "Completed with waivers"
inline int exitCode(RunEnding ending) { return int(ending); }

enum class StageStatus { NotStarted, Running, Checking, Repairing, Waiting, Passed, Waived, Failed, Skipped, Cancelled, BudgetExceeded, Refused, Incomplete };
std::string_view slug(StageStatus status);  ///< the words of contracts.schema.json
std::string_view title(StageStatus status); ///< "Passed"

enum class CheckStatus { Passed, Failed, Skipped, Waived, NotChecked };
std::string_view slug(CheckStatus status);

/// One exit criterion, checked by the program and never by a model.
struct Check {
    std::string id{};          ///< "coding.build"
    bool must = true;          ///< a `should` is reported and does not block
    CheckStatus status = CheckStatus::Passed;
    double seconds = 0;
    std::vector<std::string> argv{}; ///< the command, where there was one
    std::optional<int> exitCode{};
    std::string log{};    ///< path of the full log in the output folder, relative
    std::string reason{}; ///< why it failed, was skipped or is not checked: a sentence the model can act upon
};

struct PlanItem {
    std::string text{};
    std::string status{}; ///< pending | in_progress | completed
};

// ── payloads: one struct for each thing that can have happened ──────────────────────────────────────────────────────
struct RunStarted {
    RunMode mode{};
    std::string title{};
    std::string requirements{}; ///< the text as the user wrote it
    std::string repository{};   ///< URL or path the project began with; may be empty
    Json pipeline{};            ///< PipelineSpec
    Json settings{};            ///< AppConfig without secrets
    std::string provider{};
    std::string model{};
    std::string workspace{};    ///< host folder
    std::string output{};       ///< host folder pipeline_output/<run-id>
    std::string recordingLabel{}; ///< not empty: replies are recorded, no model is called
    std::string program{};      ///< version that ran it
    std::string effort{};
    std::vector<std::string> reviewFocus{};
    std::vector<std::string> attachments{}; ///< where the files lay that the user attached
    std::string recording{};    ///< what the replies are taken from: a file, a resource or a run
    std::string forkOf{};       ///< the run whose past it has up to its event `forkAt`; empty: it has none but its own
    std::int64_t forkAt = 0;
    std::string signedBy{};     ///< the public key of the bundle it was imported from, Base64: it may only be read; empty: it ran here
};
struct RunPaused { std::string reason{}; };
struct RunResumed { Json pipeline{}; std::string model{}; }; ///< what holds from now on: limits may have been raised
struct RunFinished { RunEnding ending = RunEnding::Failed; std::string reason{}; std::string remedy{}; };
/// `commit` is the snapshot the visit began from; `resumed`: it goes on after an interruption, in a fresh container.
struct StageStarted { int attempt = 1; int round = 0; std::string model{}; int maxTurns = 0; std::string container{}; std::string imageId{}; std::string commit{}; bool resumed = false; };
/// `evidence`: Testing blames the code; the failing tests. Null otherwise.
struct StageFinished { StageStatus status{}; std::string reason{}; Json document{}; std::string commit{}; Json evidence{}; };
struct TurnStarted { int turn = 0; };
/// A message of the user's side: the task, tool results, a reminder. With TurnFinished it is the whole dialogue.
/// TurnFinished::invalidInputs maps calls to the text of an input that was no JSON object.
struct UserTurn { Json content = Json::array(); };
struct TurnFinished { int turn = 0; Json content = Json::array(); std::string stopReason{}; Usage usage{}; Money cost{}; std::string model{}; std::string requestId{}; Milliseconds duration{}; std::string refusal{}; Json invalidInputs{}; };
struct ToolStarted { std::string callId{}; std::string tool{}; Json input = Json::object(); std::string summary{}; };
struct ToolFinished { std::string callId{}; std::string tool{}; bool isError = false; std::string result{}; std::optional<int> exitCode{}; std::string log{}; std::string snapshot{}; Milliseconds duration{}; Json read{}; }; ///< read: path -> SHA-256 of what the agent now knows
struct PlanUpdated { std::vector<PlanItem> items{}; };
struct Submitted { Json document{}; };
struct StageChecking {};
struct CheckFinished { Check check{}; };
struct RepairStarted { int round = 0; int maxRounds = 0; std::vector<std::string> failing{}; std::string commit{}; }; ///< commit: the round begins from it
struct GateOpened { std::string gate{}; std::string question{}; Json details{}; };
struct GateDecided { std::string gate{}; std::string decision{}; std::string by{}; std::string comment{}; }; ///< approved | rejected | waiting
struct SteeringMessage { std::string text{}; };
/// The user allows more. `limit`: usd | tokens | calls | minutes | turns; of the event's stage, or of the run when it names none.
struct LimitRaised { std::string limit{}; double to = 0; };
struct SkipAsked { std::string reason{}; };       ///< the event's stage is not wanted: what runs of it ends, and it counts as waived
struct StageSentBack { std::string comment{}; };  ///< the event's stage begins anew with the comment, and every stage after it
struct ArtifactRecorded { std::string path{}; std::string sha256{}; std::uint64_t bytes = 0; };
struct DeploymentChanged { std::string state{}; Json details{}; }; ///< built | set_aside | started | healthy | replaced | rolled_back | removed
struct Warned { std::string text{}; };
/// The sandbox of the event's stage decided about the network, or ended something at a limit: see SandboxNotice.
struct SandboxReported { std::string kind{}; std::string subject{}; std::string text{}; int count = 1; };
struct ErrorRaised { std::string text{}; std::string remedy{}; };
/// How the project stands before the first round of a repair (0) and after each: the failing tests, the snapshot, what the round did
/// in a line, and what the run had cost by then.
struct RepairJudged { int round = 0; Json evidence{}; std::string commit{}; std::string tried{}; Money spent{}; };

/// The user changed files of the project by hand: paths below repo/, and the snapshot with them.
struct FilesEdited { std::vector<std::string> paths{}; std::string commit{}; };

using Payload = std::variant<RunStarted, RunPaused, RunResumed, RunFinished, StageStarted, StageFinished, TurnStarted, UserTurn,
                             TurnFinished, ToolStarted, ToolFinished, PlanUpdated, Submitted, StageChecking, CheckFinished,
                             RepairStarted, GateOpened, GateDecided, SteeringMessage, LimitRaised, SkipAsked, StageSentBack, ArtifactRecorded, DeploymentChanged,
                             Warned, ErrorRaised, RepairJudged, FilesEdited, SandboxReported>;

/// One durable thing that happened. `seq` counts from 1 within a run without gaps.
struct RunEvent {
    std::int64_t seq = 0;
    TimePoint at{};
    std::optional<StageId> stage{};
    Payload payload{};
};

std::string_view typeName(const Payload& payload); ///< "turn_finished"
Json toJson(const RunEvent& event);                ///< {"seq","at","stage","type",…payload's members in snake_case}
/// Lenient with unknown members, strict with missing ones; an unknown type is an error.
Result<RunEvent> parseRunEvent(const Json& json);

/// What is only seen live and never stored: pieces of text and raw output.
struct LiveEvent {
    enum class Kind { Text, Thinking, ToolOutput, Retrying, Withdrawn, Note };
    Kind kind{};
    std::optional<StageId> stage{};
    std::string callId{}; ///< ToolOutput
    std::string text{};
};

} // namespace aap
