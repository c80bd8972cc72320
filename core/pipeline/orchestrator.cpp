#include "core/pipeline/orchestrator.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/domain/contracts.h"
#include "core/engine/redact_texts.h"
#include "core/pipeline/checks/review_findings.h"
#include "core/pipeline/hand_over.h"
#include "core/pipeline/heed.h"
#include "core/pipeline/repair_loop.h"
#include "core/pipeline/run_context.h"
#include "core/pipeline/run_deployment.h"
#include "core/pipeline/run_input.h"
#include "core/pipeline/stage_visit.h"
#include "core/pipeline/workspace.h"

namespace aap {
namespace {

/// How a run ends, before it is in the journal.
struct Ending {
    RunEnding ending = RunEnding::Completed;
    std::string reason{};
    std::string remedy{};
};

Ending endingFrom(const Error& error)
{
    const auto ending = error.code == ErrorCode::Invalid ? RunEnding::InvalidInput : endingOf(error, false).run;
    return {ending, error.text(), error.remedy};
}

Ending endingFrom(StageId stage, const StageOutcome& outcome)
{
    return {outcome.ends.value_or(RunEnding::Failed), fmt::format("{}: {}", title(stage), outcome.reason), outcome.remedy};
}

/// What an answer that is no approval ends a run with.
Ending endingFrom(const GateOpened& gate, const Approver::Answer& answer)
{
    if (answer.decision == Approver::Decision::Waiting)
        return {RunEnding::WaitingAtGate, "waiting for your answer at the gate " + gate.gate, std::string(kDecideLater)};
    return {RunEnding::Stopped, "not approved at the gate " + gate.gate + (answer.comment.empty() ? "" : ": " + answer.comment),
            "Change what was asked for, then run again."};
}

class Run {
public:
    Run(const RunRequest& request, RunServices& services, const std::stop_token& stop, std::string source, Json requirements,
        const std::vector<RunEvent>& events = {}, RunPast past = {}) :
        m_request(request), m_services(services), m_stop(stop), m_source(std::move(source)), m_requirements(std::move(requirements)),
        m_recorder(request.runId, services.journal, services.redactor, services.observer, events), m_past(std::move(past)),
        m_deployment(services.deployer, m_recorder)
    {
    }

    Result<RunState> carryOut();
    /// The run has ended, and its program died before everything was put away.
    Result<RunState> putAway();

private:
    RunStarted started() const;
    Ending work();
    Result<Folder> openWorkspace();
    Result<void> putBack(Snapshots& snapshots);
    Result<void> remember(RunContext& run);
    Ending walk(RunContext& run);
    Result<std::optional<Ending>> beforeStages(RunContext& run);
    Result<void> amend(RunContext& run, const std::string& comment);
    const StageSpec* nextStage() const;
    std::optional<std::string> lacksFor(const RunContext& run, const StageSpec& stage) const;
    Result<void> forgetUndone(RunContext& run);
    Result<std::optional<Ending>> stageGate(RunContext& run, const StageSpec& stage);
    Result<std::optional<Ending>> begin(RunContext& run, const StageSpec& stage);
    Result<std::optional<Ending>> carryOut(RunContext& run, const StageSpec& stage);
    Ending everyStageSettled() const;
    Result<void> handOn(RunContext& run, StageId stage, const StageOutcome& outcome);
    Result<void> skipRest(const RunContext& run);
    void cleanUp();
    Result<void> close(const Ending& ending);
    Result<void> writeOutput();

    const RunRequest& m_request;
    RunServices& m_services;
    const std::stop_token m_stop;
    std::string m_source;
    Json m_requirements;
    RunRecorder m_recorder;
    RunPast m_past;
    RunDeployment m_deployment;
    std::optional<OutputFolder> m_output{};
    std::optional<Folder> m_workspace{};
    bool m_goesOnRepairing = false;
};

RunStarted Run::started() const
{
    RunStarted started;
    started.mode = m_request.pipeline.mode;
    started.title = m_requirements.is_null() ? "Review of " + m_request.repository.value_or("") : m_requirements.at("title").get<std::string>();
    started.requirements = m_source;
    started.repository = m_request.repository.value_or("");
    started.pipeline = toJson(m_request.pipeline);
    started.settings = m_request.settings;
    started.provider = m_request.provider;
    started.model = m_request.model;
    started.workspace = (m_request.workspaceFolder / m_request.runId).string();
    started.output = (m_request.outputFolder / m_request.runId).string();
    started.recordingLabel = m_request.recordingLabel;
    started.program = AAP_VERSION;
    started.effort = m_request.effort;
    started.reviewFocus = m_request.reviewFocus;
    for (const auto& attachment : m_request.attachments)
        started.attachments.push_back(attachment.string());
    started.recording = m_request.recording;
    return started;
}

Result<RunState> Run::carryOut()
{
    const bool isNew = m_recorder.state().lastSeq == 0;
    if (auto begun = m_recorder.record({}, isNew ? Payload(started()) : Payload(RunResumed{toJson(m_request.pipeline), m_request.model})); !begun)
        return std::move(begun).error();
    if (!m_services.warning.empty())
        if (auto warned = m_recorder.record({}, Warned{m_services.warning}); !warned)
            return std::move(warned).error();
    Ending ending;
    try {
        ending = work();
    } catch (const std::exception& bug) { // whatever happens in there, the run gets its end and its things are put away
        ending = {RunEnding::Failed, std::string("an unexpected fault: ") + bug.what(), "Report this as a fault of the program."};
    }
    cleanUp();
    if (auto closed = close(ending); !closed)
        return std::move(closed).error();
    return m_recorder.state();
}

Ending Run::work()
{
    auto output = OutputFolder::create(m_request.outputFolder, m_request.runId);
    if (!output)
        return endingFrom(output.error());
    m_output.emplace(*std::move(output));
    auto workspace = openWorkspace();
    if (!workspace)
        return endingFrom(std::move(workspace).error().during("prepare the workspace"));
    m_workspace.emplace(*std::move(workspace));
    auto snapshots = Snapshots::open(m_output->path() / "snapshots.git", *m_workspace);
    if (!snapshots)
        return endingFrom(std::move(snapshots).error().during("open the snapshots"));
    if (auto ready = putBack(**snapshots); !ready)
        return endingFrom(ready.error());
    auto deployed = m_deployment.find(m_past.hasVisits(), m_stop);
    if (!deployed)
        return endingFrom(std::move(deployed).error().during("look for what was deployed"));
    RunContext run{.request = m_request, .services = m_services, .recorder = m_recorder, .output = *m_output, .workspace = *m_workspace,
                   .snapshots = **snapshots, .past = std::move(m_past), .stop = m_stop, .requirements = m_requirements, .deployed = *std::move(deployed)};
    return walk(run);
}

/// A new one, or the one an interrupted run has left; what the snapshots do not have of it is kept where it is still there.
Result<Folder> Run::openWorkspace()
{
    WorkspaceRequest wanted{.folder = m_request.workspaceFolder, .runId = m_request.runId, .repository = m_request.repository, .attachments = m_request.attachments, .owner = m_services.sandboxes.agentUser()};
    const auto there = m_past.hasVisits() ? Folder::open(m_request.workspaceFolder / m_request.runId) : Error{ErrorCode::NotFound, "it is not kept"};
    if (there && there->stat("repo"))
        return there;
    if (m_past.hasVisits()) { // the snapshot has everything
        wanted.repository.reset();
        wanted.attachments.clear();
    }
    if (auto removed = removeWorkspace(wanted.folder, wanted.runId); !removed)
        return std::move(removed).error();
    return prepareWorkspace(wanted, m_stop);
}

/// The project as the last tool that finished left it; the first snapshot of a new run.
Result<void> Run::putBack(Snapshots& snapshots)
{
    if (m_past.hasVisits()) {
        auto restored = snapshots.restore(m_past.lastCommit(), m_services.sandboxes.agentUser());
        return restored ? Result<void>() : std::move(restored).error().during("put the project back to where the run was interrupted");
    }
    auto first = snapshots.take("before the first stage");
    return first ? Result<void>() : std::move(first).error().during("take the first snapshot");
}

Ending Run::walk(RunContext& run)
{
    if (auto remembered = remember(run); !remembered)
        return endingFrom(remembered.error());
    auto ended = beforeStages(run);
    while (ended && !*ended) { // from the state, which the user may have turned back
        const auto* next = nextStage();
        if (next == nullptr)
            break;
        ended = begin(run, *next);
    }
    if (!ended)
        return endingFrom(ended.error());
    return *ended ? **ended : everyStageSettled();
}

Ending Run::everyStageSettled() const
{
    const auto isStage = [](StageStatus status) { return [status](const StageState& stage) { return stage.status == status; }; };
    const auto& stages = m_recorder.state().stages;
    if (std::ranges::any_of(stages, isStage(StageStatus::Skipped)))
        return {RunEnding::CompletedWithWaivers, "the stages that ran passed, others were skipped", ""};
    if (std::ranges::any_of(stages, isStage(StageStatus::Waived)))
        return {RunEnding::CompletedWithWaivers, "every stage passed, some checks were waived", ""};
    return {RunEnding::Completed, "every stage passed", ""};
}

const StageSpec* Run::nextStage() const
{
    if (m_goesOnRepairing && !isSettled(m_recorder.state().stage(StageId::Testing)))
        return m_request.pipeline.stage(StageId::Testing);
    for (const auto& stage : m_request.pipeline.stages)
        if (stage.enabled && !isSettled(m_recorder.state().stage(stage.id)))
            return &stage;
    return nullptr;
}

Result<std::optional<Ending>> Run::beforeStages(RunContext& run)
{
    while (!m_requirements.is_null()) {
        if (auto saved = run.saveArtifact({}, "requirements.md", m_source); !saved)
            return std::move(saved).error();
        if (auto saved = run.saveArtifact({}, "requirements.json", m_requirements.dump(2, ' ', false, Json::error_handler_t::replace)); !saved)
            return std::move(saved).error();
        const auto count = m_requirements.at("items").size();
        const GateOpened gate{.gate = "requirements", .question = fmt::format("Is this what shall be built? {} requirement(s) were read.", count),
                              .details = {{"items", m_requirements.at("items")}, {"questions", m_requirements.value("questions", Json::array())}}};
        const auto answer = run.ask({}, gate);
        if (!answer)
            return answer.error();
        if (answer->decision == Approver::Decision::Approved)
            break;
        if (!answer->isSentBack())
            return std::optional(endingFrom(gate, *answer));
        if (auto amended = amend(run, answer->comment); !amended)
            return std::move(amended).error();
    }
    return std::optional<Ending>();
}

/// The user's words become requirements.
Result<void> Run::amend(RunContext& run, const std::string& comment)
{
    m_source = amendedRequirements(std::move(m_source), comment);
    auto requirements = takeInRequirements(m_request, m_source);
    if (!requirements)
        return std::move(requirements).error().during("read the requirements");
    m_requirements = *std::move(requirements);
    run.requirements = m_requirements;
    return {};
}

/// Why a stage cannot begin now that others were skipped.
std::optional<std::string> Run::lacksFor(const RunContext& run, const StageSpec& stage) const
{
    const auto wasSkipped = [&](StageId id) {
        const auto* state = m_recorder.state().stage(id);
        return state != nullptr && state->status == StageStatus::Skipped;
    };
    if (stage.id == StageId::Monitoring && !run.deployed && wasSkipped(StageId::Deployment))
        return "there is no deployment to watch";
    const bool needsCode = stage.id != StageId::Architecture && stage.id != StageId::Coding;
    if (needsCode && !m_request.repository && wasSkipped(StageId::Coding) && run.document("implementation").is_null())
        return "no stage has written code";
    return std::nullopt;
}

/// The user may have gone back behind what was done.
Result<void> Run::forgetUndone(RunContext& run)
{
    for (const auto& stage : m_request.pipeline.stages) {
        if (isSettled(m_recorder.state().stage(stage.id)))
            continue;
        run.documents.erase(m_request.pipeline.mode == RunMode::Review ? std::string(slug(stage.id)) : std::string(contractOf(stage.id)));
    }
    return {};
}

/// A stage's turn: unless the user wants otherwise, it is carried out.
Result<std::optional<Ending>> Run::begin(RunContext& run, const StageSpec& stage)
{
    if (m_stop.stop_requested())
        return Error{ErrorCode::Stopped, fmt::format("stopped before {}", title(stage.id))};
    if (const auto why = lacksFor(run, stage)) {
        auto skipped = m_recorder.record(stage.id, StageFinished{.status = StageStatus::Skipped, .reason = *why});
        return skipped ? Result<std::optional<Ending>>(std::optional<Ending>()) : std::move(skipped).error();
    }
    if (stage.gateBefore)
        if (auto decided = stageGate(run, stage); !decided || *decided)
            return decided;
    if (const auto heeded = heed(run, {}, nullptr); !heeded)
        return heeded.error();
    if (auto forgotten = forgetUndone(run); !forgotten)
        return std::move(forgotten).error();
    if (nextStage() != &stage)
        return std::optional<Ending>();
    return carryOut(run, run.specOf(stage));
}

Result<std::optional<Ending>> Run::stageGate(RunContext& run, const StageSpec& stage)
{
    const GateOpened gate{.gate = fmt::format("stage.{}", slug(stage.id)), .question = fmt::format("Begin the stage {}?", title(stage.id)), .details = Json::object()};
    const auto answer = run.ask(stage.id, gate);
    if (!answer)
        return answer.error();
    if (answer->decision == Approver::Decision::Approved)
        return std::optional<Ending>();
    const auto back = sentBackStage(m_recorder.state(), gate.gate);
    if (!answer->isSentBack() || !back)
        return std::optional(endingFrom(gate, *answer));
    auto sent = m_recorder.record(back, StageSentBack{answer->comment});
    return sent ? Result<std::optional<Ending>>(std::optional<Ending>()) : std::move(sent).error();
}

Result<std::optional<Ending>> Run::carryOut(RunContext& run, const StageSpec& stage)
{
    Json input = Json::array();
    for (const auto& artifact : m_recorder.state().artifacts)
        input.push_back({{"path", artifact.path}, {"sha256", artifact.sha256}, {"bytes", artifact.bytes}});
    if (auto written = m_output->write("stages/" + stageFolder(stage.id) + "/input.json", input); !written)
        return std::move(written).error();
    auto message = firstMessage(run, stage);
    if (!message)
        return std::move(message).error();
    m_goesOnRepairing = false;
    const auto* before = m_recorder.state().stage(stage.id);
    auto outcome = visitStage(run, stage, {.attempt = before == nullptr ? 1 : before->attempt + 1, .message = *std::move(message)});
    if (outcome && outcome->wantsRepair)
        outcome = repairLoop(run, *std::move(outcome));
    if (!outcome)
        return std::move(outcome).error();
    if (outcome->left)
        return std::optional<Ending>();
    if (!outcome->passed()) {
        if (auto skipped = skipRest(run); !skipped)
            return std::move(skipped).error();
        return std::optional(endingFrom(stage.id, *outcome));
    }
    if (auto handed = handOn(run, stage.id, *outcome); !handed)
        return std::move(handed).error();
    return std::optional<Ending>();
}

/// What the stages that passed before an interruption hand on; what was deployed is deployed again where it is gone.
Result<void> Run::remember(RunContext& run)
{
    for (const auto& spec : m_request.pipeline.stages) {
        const auto* stage = m_recorder.state().stage(spec.id);
        if (stage == nullptr || stage->document.is_null())
            continue;
        if (auto handed = handOn(run, spec.id, {.status = stage->status, .document = stage->document}); !handed)
            return handed;
    }
    m_goesOnRepairing = run.past.isRepairing();
    return m_deployment.restore(run);
}

/// What passed is an input of the stages after it.
Result<void> Run::handOn(RunContext& run, StageId stage, const StageOutcome& outcome)
{
    if (stage == StageId::Deployment && run.deployed)
        m_deployment.keep();
    if (m_request.pipeline.mode != RunMode::Review) {
        run.documents[std::string(contractOf(stage))] = outcome.document;
        return {};
    }
    run.documents[std::string(slug(stage))] = outcome.document;
    std::vector<std::pair<StageId, Json>> reviews;
    for (const auto reviewer : kReviewStages)
        if (const auto& document = run.document(std::string(slug(reviewer))); !document.is_null())
            reviews.emplace_back(reviewer, document);
    const auto findings = mergedFindings(reviews);
    if (auto saved = run.saveArtifact(stage, "reports/findings.json", findings.dump(2, ' ', false, Json::error_handler_t::replace)); !saved)
        return saved;
    return run.saveArtifact(stage, "reports/findings.md", findingsMarkdown(findings));
}

Result<void> Run::skipRest(const RunContext& run)
{
    for (const auto& stage : run.request.pipeline.stages) {
        const auto* state = m_recorder.state().stage(stage.id);
        if (!stage.enabled || (state != nullptr && state->status != StageStatus::NotStarted))
            continue;
        if (auto skipped = m_recorder.record(stage.id, StageFinished{.status = StageStatus::Skipped, .reason = "an earlier stage did not pass"}); !skipped)
            return skipped;
    }
    return {};
}

void Run::cleanUp()
{
    m_deployment.removeUnlessKept();
    if (auto swept = m_services.sandboxes.sweep(m_request.runId); !swept && swept.error().code != ErrorCode::Unavailable)
        (void)m_recorder.record({}, Warned{"sandboxes may be left: " + swept.error().text()});
}

Result<void> Run::close(const Ending& ending)
{
    if (ending.ending != RunEnding::Completed && ending.ending != RunEnding::Stopped && ending.ending != RunEnding::WaitingAtGate)
        if (auto raised = m_recorder.record({}, ErrorRaised{ending.reason, ending.remedy}); !raised)
            return raised;
    if (auto finished = m_recorder.record({}, RunFinished{ending.ending, ending.reason, ending.remedy}); !finished)
        return finished;
    return writeOutput();
}

Result<RunState> Run::putAway()
{
    auto output = OutputFolder::create(m_request.outputFolder, m_request.runId);
    auto workspace = openWorkspace();
    if (!output || !workspace)
        return output ? std::move(workspace).error() : std::move(output).error();
    m_output.emplace(*std::move(output));
    m_workspace.emplace(*std::move(workspace));
    auto snapshots = Snapshots::open(m_output->path() / "snapshots.git", *m_workspace);
    if (!snapshots)
        return std::move(snapshots).error();
    if (auto whole = putBack(**snapshots); !whole) // a part of it may have been removed already
        return std::move(whole).error();
    if (auto written = writeOutput(); !written)
        return std::move(written).error();
    return m_recorder.state();
}

Result<void> Run::writeOutput()
{
    if (!m_output)
        return {};
    auto written = m_output->writeState(m_recorder.state());
    const auto events = m_services.journal.events(m_request.runId);
    if (written && !events)
        written = events.error();
    auto requirements = m_requirements; // as the user wrote them; agents read that, files do not tell it
    redactTexts(requirements, m_services.redactor);
    if (written && m_workspace)
        written = m_output->finish({.state = m_recorder.state(), .events = *events, .requirements = requirements, .workspace = *m_workspace,
                                    .intermediate = m_request.saveIntermediateResults});
    if (written && m_workspace)
        written = removeWorkspace(m_request.workspaceFolder, m_request.runId);
    if (!written)
        return m_recorder.record({}, ErrorRaised{"the output folder is incomplete: " + written.error().text(), written.error().remedy});
    return {};
}

} // namespace

Result<RunState> runPipeline(const RunRequest& request, RunServices services, const std::stop_token& stop)
{
    auto requirements = checkRequest(request);
    if (!requirements)
        return std::move(requirements).error();
    return Run(request, services, stop, sourceText(request), *std::move(requirements)).carryOut();
}

Result<RunState> resumePipeline(const RunRequest& request, RunServices services, const std::vector<RunEvent>& events, const std::stop_token& stop)
{
    RunState state;
    for (const auto& event : events)
        apply(state, event);
    if (auto own = isOurOwn(state.started); !own)
        return std::move(own).error();
    const bool isOver = !mayGoOn(state.ending);
    if (std::error_code failed; isOver && !std::filesystem::exists(request.workspaceFolder / request.runId, failed))
        return Error{ErrorCode::Invalid, fmt::format("the run has ended: {}", title(*state.ending)), {}, "Begin a new run; 'agent-pipeline runs' shows which ones can go on."};
    auto past = RunPast::parse(events);
    if (!past)
        return std::move(past).error();
    auto requirements = checkRequest(request);
    if (!requirements)
        return std::move(requirements).error();
    if (auto swept = services.sandboxes.sweep(request.runId); !swept)
        return std::move(swept).error().during("remove what the interrupted run left");
    Run run(request, services, stop, sourceText(request), *std::move(requirements), events, *std::move(past));
    return isOver ? run.putAway() : run.carryOut();
}

} // namespace aap
