#include "core/domain/run_state.h"

#include <algorithm>
#include <utility>

namespace aap {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

/// The enabled stages of the pipeline a run was started with.
std::vector<StageState> stagesOf(const Json& pipeline)
{
    std::vector<StageState> stages;
    if (!pipeline.is_object() || !pipeline.contains("stages") || !pipeline["stages"].is_array())
        return stages;
    for (const auto& spec : pipeline["stages"]) {
        if (!spec.is_object())
            continue;
        const auto name = spec.find("id") != spec.end() ? spec.find("id") : spec.find("stage");
        const auto enabled = spec.find("enabled");
        const bool isOff = enabled != spec.end() && enabled->is_boolean() && !enabled->get<bool>();
        if (isOff || name == spec.end() || !name->is_string())
            continue;
        if (const auto id = parseStage(name->get<std::string>()))
            stages.push_back({.id = *id});
    }
    return stages;
}

bool isDone(StageStatus status)
{
    return status == StageStatus::Passed || status == StageStatus::Waived;
}

/// The member of a pipeline's limits that a raised limit is.
void raise(Json& limits, const LimitRaised& raised)
{
    if (!limits.is_object())
        limits = Json::object();
    if (raised.limit == "usd")
        limits["usd"] = raised.to;
    else if (raised.limit == "minutes")
        limits["wall_time_minutes"] = raised.to;
    else if (raised.limit == "tokens" || raised.limit == "calls")
        limits[raised.limit] = std::int64_t(raised.to);
}

void raiseStage(Json& spec, const LimitRaised& raised)
{
    if (raised.limit == "turns")
        spec["max_turns"] = int(raised.to);
    else
        raise(spec["limits"], raised);
}

/// In the pipeline the run was started with, so that whoever resumes it has it too.
void raise(RunState& state, std::optional<StageId> stage, const LimitRaised& raised)
{
    auto& pipeline = state.started.pipeline;
    if (!pipeline.is_object())
        return;
    if (!stage && raised.limit != "turns")
        return raise(pipeline["limits"], raised);
    if (const auto stages = pipeline.find("stages"); stages != pipeline.end() && stages->is_array())
        for (auto& spec : *stages)
            if (spec.is_object() && (!stage || spec.value("id", Json()) == Json(std::string(slug(*stage)))))
                raiseStage(spec, raised);
}

/// It and the stages after it are as if they had never been, but for what they cost.
void reopenFrom(RunState& state, StageId first, const std::string& comment)
{
    const auto from = std::ranges::find(state.stages, first, &StageState::id);
    for (auto stage = from; stage != state.stages.end(); ++stage) {
        stage->status = StageStatus::NotStarted;
        stage->skipAsked = false;
        stage->reason.clear();
        stage->comment.clear();
        stage->currentTool.clear();
        stage->checks.clear();
        stage->document = Json();
        stage->finishedAt.reset();
        state.approvedGates.erase("stage." + std::string(slug(stage->id)));
        if (stage->id == StageId::Deployment)
            state.approvedGates.erase("deployment");
    }
    if (from != state.stages.end())
        from->comment = comment;
    state.repairRound = 0;
}

std::string firstLine(const std::string& text)
{
    return text.substr(0, std::min(text.find('\n'), std::size_t(200)));
}

std::string lastSaid(const Json& content)
{
    std::string said;
    if (content.is_array())
        for (const auto& block : content)
            if (block.is_object() && block.contains("text") && block["text"].is_string())
                said = firstLine(block["text"].get<std::string>());
    return said;
}

/// Applies what concerns one stage; a stage that the pipeline did not name is added, so that nothing is lost.
class StageFold {
public:
    StageFold(RunState& run, StageState& stage, TimePoint at) : m_run(run), m_stage(stage), m_at(at) {}

    void operator()(const StageStarted& started)
    {
        m_stage.status = started.round > 0 ? StageStatus::Repairing : StageStatus::Running;
        m_stage.attempt = started.attempt;
        m_stage.model = started.model;
        m_stage.maxTurns = started.maxTurns;
        m_stage.container = started.container;
        m_stage.imageId = started.imageId;
        if (!started.resumed)
            m_stage.turn = 0;
        m_stage.reason.clear();
        m_stage.finishedAt.reset();
        if (!m_stage.startedAt)
            m_stage.startedAt = m_at;
        m_run.currentStage = m_stage.id;
    }
    void operator()(const StageFinished& finished)
    {
        m_stage.status = finished.status;
        m_stage.reason = finished.reason;
        m_stage.commit = finished.commit;
        m_stage.currentTool.clear();
        m_stage.finishedAt = m_at;
        if (isDone(finished.status)) {
            m_stage.document = finished.document;
            m_stage.comment.clear();
        }
        m_run.currentStage.reset();
    }
    void operator()(const LimitRaised& raised)
    {
        if (raised.limit == "turns" && m_stage.maxTurns > 0)
            m_stage.maxTurns = int(raised.to);
    }
    void operator()(const SkipAsked& asked)
    {
        if (isDone(m_stage.status))
            return;
        m_stage.status = StageStatus::Skipped;
        m_stage.reason = asked.reason;
        m_stage.skipAsked = true;
    }
    void operator()(const StageSentBack& sent) { reopenFrom(m_run, m_stage.id, sent.comment); }
    void operator()(const TurnStarted& turn)
    {
        m_stage.turn = turn.turn;
        if (m_stage.status == StageStatus::Checking || m_stage.status == StageStatus::Waiting)
            m_stage.status = m_run.repairRound > 0 && m_stage.id == StageId::Coding ? StageStatus::Repairing : StageStatus::Running;
    }
    void operator()(const TurnFinished& turn)
    {
        m_stage.usage += turn.usage;
        m_stage.cost += turn.cost;
        m_run.usage += turn.usage;
        m_run.cost += turn.cost;
        if (auto said = lastSaid(turn.content); !said.empty())
            m_stage.lastActivity = std::move(said);
    }
    void operator()(const ToolStarted& tool)
    {
        m_stage.currentTool = tool.summary.empty() ? tool.tool : tool.tool + "  " + firstLine(tool.summary);
        m_stage.lastActivity = m_stage.currentTool;
    }
    void operator()(const ToolFinished&) { m_stage.currentTool.clear(); }
    void operator()(const PlanUpdated& plan) { m_stage.plan = plan.items; }
    void operator()(const StageChecking&)
    {
        m_stage.status = StageStatus::Checking;
        m_stage.checks.clear();
        m_stage.finishedAt.reset();
        m_run.currentStage = m_stage.id;
    }
    void operator()(const CheckFinished& checked)
    {
        const auto same = std::ranges::find(m_stage.checks, checked.check.id, &Check::id);
        if (same == m_stage.checks.end())
            m_stage.checks.push_back(checked.check);
        else
            *same = checked.check;
        m_stage.lastActivity = "check " + checked.check.id;
    }
    void operator()(const GateOpened&) { m_stage.status = StageStatus::Waiting; }
    void operator()(const GateDecided& decided)
    {
        if (m_stage.status == StageStatus::Waiting && decided.decision != "waiting")
            m_stage.status = m_stage.startedAt ? StageStatus::Running : StageStatus::NotStarted;
    }
    void operator()(const auto&) {}

private:
    RunState& m_run;
    StageState& m_stage;
    TimePoint m_at;
};

/// After an interruption, as a pause is none.
void takeUp(RunState& state, const RunResumed& resumed)
{
    state.started.pipeline = resumed.pipeline;
    state.started.model = resumed.model;
    state.reason.clear();
    state.remedy.clear();
    for (auto& stage : state.stages) // what was left out then has its turn yet
        if (stage.status == StageStatus::Skipped && !stage.skipAsked) {
            stage.status = StageStatus::NotStarted;
            stage.reason.clear();
            stage.finishedAt.reset();
        }
}

/// What was written again takes its own place.
void keep(std::vector<ArtifactRecorded>& artifacts, const ArtifactRecorded& artifact)
{
    const auto same = std::ranges::find(artifacts, artifact.path, &ArtifactRecorded::path);
    if (same == artifacts.end())
        artifacts.push_back(artifact);
    else
        *same = artifact;
}

void applyToRun(RunState& state, const RunEvent& event)
{
    std::visit(Overloaded{
                   [&](const RunStarted& started) {
                       state.started = started;
                       state.startedAt = event.at;
                       state.stages = stagesOf(started.pipeline);
                   },
                   [&](const RunFinished& finished) {
                       state.ending = finished.ending;
                       state.reason = finished.reason;
                       state.remedy = finished.remedy;
                       state.finishedAt = event.at;
                       state.currentStage.reset();
                       state.pausedFor.clear();
                   },
                   [&](const RunPaused& paused) { state.pausedFor = paused.reason.empty() ? "paused" : paused.reason; },
                   [&](const RunResumed& resumed) {
                       state.ending.reset();
                       state.finishedAt.reset();
                       state.pausedFor.clear();
                       if (!resumed.pipeline.is_null())
                           takeUp(state, resumed);
                   },
                   [&](const LimitRaised& raised) { raise(state, event.stage, raised); },
                   [&](const RepairStarted& repair) {
                       state.repairRound = repair.round;
                       state.maxRepairRounds = repair.maxRounds;
                   },
                   [&](const GateOpened& gate) {
                       state.openGate = gate;
                       state.approvedGates.erase(gate.gate);
                   },
                   [&](const GateDecided& decided) {
                       if (decided.decision != "waiting")
                           state.openGate.reset();
                       if (decided.decision == "approved")
                           state.approvedGates.insert(decided.gate);
                       if (decided.decision == "rejected" && decided.gate == "requirements")
                           state.started.requirements = amendedRequirements(std::move(state.started.requirements), decided.comment);
                   },
                   [&](const ArtifactRecorded& artifact) { keep(state.artifacts, artifact); },
                   [&](const DeploymentChanged& deployment) {
                       state.deployment = deployment.state == "removed" ? Json() : deployment.details;
                       if (state.deployment.is_object())
                           state.deployment["state"] = deployment.state;
                   },
                   [&](const Warned& warned) { state.warnings.push_back(warned.text); },
                   [&](const ErrorRaised& error) { state.errors.push_back(error.text); },
                   [](const auto&) {},
               },
               event.payload);
}

/// "running" until the end is known: a program that died leaves it so, and the next one knows.
std::string statusWord(const RunState& state)
{
    return state.ending ? std::string(slug(*state.ending)) : "running";
}

Json resultOf(const StageState& stage)
{
    Json checks = Json::object();
    for (const auto& check : stage.checks)
        checks[check.id] = std::string(slug(check.status));
    return {{"status", std::string(slug(stage.status))}, {"attempts", stage.attempt}, {"reason", stage.reason}, {"checks", checks},
            {"cost_usd", stage.cost.inUsd()}, {"model", stage.model}, {"commit", stage.commit}};
}

} // namespace

bool mayGoOn(const std::optional<RunEnding>& ending)
{
    if (!ending)
        return true;
    switch (*ending) {
    case RunEnding::LimitReached:
    case RunEnding::EnvironmentProblem:
    case RunEnding::ProviderGaveUp:
    case RunEnding::WaitingAtGate:
    case RunEnding::Stopped: return true;
    case RunEnding::Completed:
    case RunEnding::Failed:
    case RunEnding::InvalidInput:
    case RunEnding::CompletedWithWaivers: break;
    }
    return false;
}

Result<void> isOurOwn(const RunStarted& started)
{
    if (started.signedBy.empty())
        return {};
    return Error{ErrorCode::Invalid, "the run was imported: it may be read, compared, replayed and exported, but not carried on", {},
                 "Carry it on where it ran, or begin a run of your own."};
}

const StageState* RunState::stage(StageId wanted) const
{
    const auto found = std::ranges::find(stages, wanted, &StageState::id);
    return found == stages.end() ? nullptr : &*found;
}

StageState* RunState::stage(StageId wanted)
{
    const auto found = std::ranges::find(stages, wanted, &StageState::id);
    return found == stages.end() ? nullptr : &*found;
}

void apply(RunState& state, const RunEvent& event)
{
    state.lastSeq = event.seq;
    applyToRun(state, event);
    if (!event.stage)
        return;
    if (!state.stage(*event.stage))
        state.stages.push_back({.id = *event.stage});
    std::visit(StageFold(state, *state.stage(*event.stage), event.at), event.payload);
}

RunState fold(RunState state, const RunEvent& event)
{
    apply(state, event);
    return state;
}

std::string amendedRequirements(std::string requirements, std::string_view comment)
{
    bool isFirst = true;
    while (!comment.empty()) {
        auto line = comment.substr(0, comment.find('\n'));
        comment.remove_prefix(std::min(line.size() + 1, comment.size()));
        const auto begin = line.find_first_not_of(" \t\r-*");
        if (begin == std::string_view::npos)
            continue;
        if (std::exchange(isFirst, false))
            requirements += requirements.ends_with('\n') ? "\n" : "\n\n";
        requirements.append("- ").append(line.substr(begin)).append("\n");
    }
    return requirements;
}

std::optional<StageId> sentBackStage(const RunState& state, std::string_view gate)
{
    if (gate == "deployment")
        return StageId::Deployment;
    std::optional<StageId> before;
    for (const auto& stage : state.stages) {
        if (gate == "stage." + std::string(slug(stage.id)))
            return before;
        if (isDone(stage.status))
            before = stage.id;
    }
    return std::nullopt;
}

Json pipelineStateJson(const RunState& state)
{
    Json completed = Json::array();
    Json results = Json::object();
    for (const auto& stage : state.stages) {
        const std::string name(slug(stage.id));
        if (stage.status == StageStatus::Passed || stage.status == StageStatus::Waived)
            completed.push_back(name);
        if (stage.startedAt)
            results[name] = resultOf(stage);
    }
    return {{"status", statusWord(state)},
            {"current_stage", state.currentStage ? Json(std::string(slug(*state.currentStage))) : Json(nullptr)},
            {"stages_completed", completed},
            {"results", results},
            {"errors", state.errors},
            {"started_at", state.startedAt ? Json(toIso8601(*state.startedAt)) : Json(nullptr)},
            {"completed_at", state.finishedAt ? Json(toIso8601(*state.finishedAt)) : Json(nullptr)},
            {"run_id", state.id},
            {"usage", {{"input_tokens", state.usage.inputTokens}, {"output_tokens", state.usage.outputTokens},
                       {"cache_read_tokens", state.usage.cacheReadTokens}, {"cache_write_tokens", state.usage.cacheWriteTokens + state.usage.cacheWrite1hTokens},
                       {"calls", state.usage.calls}}},
            {"cost_usd", state.cost.inUsd()}};
}

} // namespace aap
