#include "core/pipeline/stage_visit.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/agent/dialogue.h"
#include "core/agent/roles.h"
#include "core/base/files.h"
#include "core/domain/contracts.h"
#include "core/pipeline/heed.h"
#include "core/pipeline/repair.h"
#include "core/pipeline/stage_room.h"
#include "core/pipeline/test_blame.h"

namespace aap {
namespace {

/// Remembers whether the last error came from the model's side.
class WatchedModel final : public LanguageModel {
public:
    explicit WatchedModel(LanguageModel& inner) : m_inner(inner) {}

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override
    {
        auto reply = m_inner.reply(request, listener, stop);
        failed = !reply;
        return reply;
    }
    bool failed = false;

private:
    LanguageModel& m_inner;
};

/// One dialogue with everything it needs, in the order of their lives.
class Visit {
public:
    Visit(RunContext& run, const StageSpec& stage, const VisitOptions& options, std::optional<PastVisit> past) :
        m_run(run), m_stage(stage), m_options(options), m_past(std::move(past)), m_room(run.services.sandboxes, roomSpec(), [this](const SandboxNotice& seen) { return noted(seen); }), m_check(run.checkContext(stage.id, m_document)),
        m_tools{.stage = stage.id, .sandbox = m_room, .workspace = run.workspace}
    {
    }

    Result<StageOutcome> carryOut();

private:
    SandboxSpec roomSpec() const
    {
        return {.runId = m_run.request.runId, .stage = std::string(slug(m_stage.id)), .workspace = m_run.workspace.path(), .frozen = m_options.frozen};
    }
    Result<void> noted(const SandboxNotice& seen)
    {
        return m_run.recorder.record(m_stage.id, SandboxReported{.kind = seen.kind, .subject = seen.subject, .text = seen.text, .count = seen.count});
    }
    Result<StageOutcome> work();
    Result<void> prepare();
    Result<std::string> lookAround();
    Result<void> start(const DialogueSettings& settings, const std::string& commit);
    Result<void> compareImages(const std::string& imageId);
    Result<std::optional<StageOutcome>> answer(const DialogueOutcome& handedIn, std::string& failures);
    Result<std::optional<StageOutcome>> judge(const DialogueOutcome& handedIn, std::string& failures);
    Result<std::optional<StageOutcome>> deploymentGate(std::string& failures);
    Result<std::vector<std::string>> steered();
    Result<std::string> permitted(std::string_view tool, const Json& input);
    StageOutcome failed(const Error& error) const;
    StageOutcome leftByUser() const;
    DialogueSettings dialogueSettings(const Role& role);

    RunContext& m_run;
    const StageSpec& m_stage;
    const VisitOptions& m_options;
    std::optional<PastVisit> m_past; ///< it goes on
    Json m_document{};
    StageRoom m_room;
    CheckContext m_check;
    ToolContext m_tools;
    Toolbox m_toolbox{};
    std::unique_ptr<LanguageModel> m_model{};
    std::unique_ptr<WatchedModel> m_watched{};
    std::unique_ptr<Dialogue> m_dialogue{};
    bool m_isSentBack = false; ///< by the user at the gate, which is no failed check
    bool m_waits = false;      ///< for an answer about a tool, and nobody is there
    bool m_left = false; ///< the user does not want it any more
};

StageOutcome Visit::failed(const Error& error) const
{
    const auto ending = endingOf(error, m_watched && m_watched->failed);
    StageOutcome outcome;
    outcome.status = ending.stage;
    outcome.reason = error.text();
    outcome.remedy = error.remedy;
    outcome.document = m_document;
    outcome.ends = ending.run;
    if (m_waits) {
        outcome.status = StageStatus::Waiting;
        outcome.ends = RunEnding::WaitingAtGate;
    }
    return outcome;
}

Result<StageOutcome> Visit::carryOut()
{
    auto outcome = work();
    m_dialogue.reset();
    m_room.close();
    if (!outcome)
        outcome = m_left ? leftByUser() : failed(outcome.error());
    if (auto finished = finishStage(m_run, m_stage.id, *outcome); !finished)
        return std::move(finished).error();
    return outcome;
}

/// Of a repair the stage had passed before; it stays so.
StageOutcome Visit::leftByUser() const
{
    const auto& state = *m_run.recorder.state().stage(m_stage.id);
    StageOutcome outcome{.status = StageStatus::Cancelled, .reason = "the user went back to an earlier stage", .document = m_document, .left = true};
    if (state.skipAsked)
        outcome = {.status = StageStatus::Skipped, .reason = state.reason, .document = m_document, .left = true};
    else if (m_options.round > 0 && state.status == StageStatus::Repairing)
        outcome = {.status = StageStatus::Waived, .reason = "the user left the repair", .document = m_run.document("implementation"), .left = true};
    return outcome;
}

/// Between two turns: what the user wished. An Error when the stage is to be left.
Result<std::vector<std::string>> Visit::steered()
{
    auto heeded = heed(m_run, m_stage.id, &m_room);
    if (!heeded)
        return std::move(heeded).error();
    if (heeded->turns > 0)
        m_dialogue->allowTurns(heeded->turns);
    m_left = heeded->leaves;
    if (m_left)
        return Error{ErrorCode::Stopped, "the user left the stage"};
    return std::move(heeded->messages);
}

/// What the policy says about a call of the agent; asks the user where it says so, once for the same thing.
Result<std::string> Visit::permitted(std::string_view tool, const Json& input)
{
    const auto verdict = m_run.request.policy.judge(m_stage.id, tool, input);
    if (verdict.action == PolicyAction::Allow)
        return std::string();
    const auto why = verdict.reason.empty() ? std::string() : " The reason: " + verdict.reason;
    if (verdict.action == PolicyAction::Deny)
        return fmt::format("Not run: the user's policy does not allow {}.{} Find another way, or say in your result what is missing.", verdict.about, why);
    const GateOpened gate{.gate = "tool." + sha256(std::string(tool) + '\n' + verdict.about).substr(0, 16),
                          .question = fmt::format("{} wants to use {}: {}", title(m_stage.id), tool, verdict.about),
                          .details = {{"tool", tool}, {"input", input}, {"reason", verdict.reason}}};
    const auto answer = m_run.ask(m_stage.id, gate);
    if (!answer)
        return answer.error();
    m_waits = answer->decision == Approver::Decision::Waiting;
    if (m_waits)
        return Error{ErrorCode::Stopped, fmt::format("Not run yet: {} waits for the user's approval. Call the tool again to see whether it was given.", verdict.about), {},
                     std::string(kDecideLater)};
    if (answer->decision == Approver::Decision::Approved)
        return std::string();
    return fmt::format("Not run: the user does not allow {}.{} Find another way, or say in your result what is missing.", verdict.about,
                       answer->comment.empty() ? why : " The user says: " + answer->comment);
}

DialogueSettings Visit::dialogueSettings(const Role& role)
{
    const std::string folder(slug(m_stage.id));
    DialogueSettings settings;
    settings.stage = m_stage.id;
    settings.model = m_stage.model.empty() ? m_run.request.model : m_stage.model;
    settings.effort = m_stage.effort.empty() ? m_run.request.effort : m_stage.effort;
    settings.maxTurns = m_stage.maxTurns;
    const auto limits = m_run.services.models.limits(settings.model);
    settings.contextTokens = limits.contextTokens;
    if (limits.maxOutputTokens > 0) {
        settings.mostMaxTokens = limits.maxOutputTokens;
        settings.maxTokens = std::min(settings.maxTokens, limits.maxOutputTokens);
    }
    settings.systemPrompt = role.systemPrompt;
    settings.submitSchema = role.submitSchema;
    settings.saveLog = [this, folder](const std::string& callId, std::string_view text) -> Result<std::string> {
        const auto path = "logs/" + folder + "/" + callId + ".txt";
        if (!m_run.request.saveIntermediateResults)
            return std::string();
        if (auto written = m_run.output.write(path, std::string_view(m_run.services.redactor(text))); !written)
            return std::move(written).error();
        return path;
    };
    settings.hidden = m_run.request.secrets;
    settings.steering = [this] { return steered(); };
    if (!m_run.request.policy.isEmpty())
        settings.permit = [this](std::string_view tool, const Json& input) { return permitted(tool, input); };
    settings.snapshot = [this](const std::string& label) { return m_run.snapshots.take(label); };
    return settings;
}

Result<void> Visit::prepare()
{
    const auto role = roleOf(m_stage.id);
    if (!role)
        return role.error();
    const auto commit = lookAround();
    if (!commit)
        return commit.error();
    if (auto opened = m_room.open(m_run.stop); !opened)
        return opened;
    const auto settings = dialogueSettings(*role);
    if (auto started = start(settings, *commit); !started)
        return started;
    m_tools.host = makeHostActions(m_check, m_run.deployed);
    m_tools.writablePaths = role->writablePaths;
    m_tools.frozenPaths = m_options.frozen;
    m_tools.outputLimit = m_run.request.outputTruncateLength;
    m_tools.logLines = m_run.request.logAnalysisLines;
    m_tools.commandTimeout = m_run.request.commandTimeout;
    if (const auto& design = m_run.document("design"); design.is_object())
        m_tools.commands = design.at("commands").get<std::map<std::string, std::vector<std::string>>>();
    m_tools.owner = m_run.services.sandboxes.agentUser();
    m_tools.stop = m_run.stop;
    m_toolbox = makeToolbox(m_stage.id, m_tools.host);
    auto model = m_run.services.models.open(m_stage, [this](const std::string& warning) { (void)m_run.recorder.record(m_stage.id, Warned{warning}); });
    if (!model)
        return std::move(model).error();
    m_model = *std::move(model);
    m_watched = std::make_unique<WatchedModel>(*m_model);
    m_dialogue = std::make_unique<Dialogue>(settings, *m_watched, m_toolbox, m_tools, m_run.recorder, m_past ? DialoguePast(m_past->events) : DialoguePast());
    return m_run.request.saveIntermediateResults && !m_past
        ? m_run.output.write("stages/" + stageFolder(m_stage.id) + "/prompt.md",
                             std::string_view(m_run.services.redactor(role->systemPrompt + "\n\n---\n\n" + m_options.message)))
        : Result<void>();
}

/// Notes what the stage found. Returns the snapshot of that: of a visit that goes on the one it began from, which stands in the
/// workspace while it is looked at.
Result<std::string> Visit::lookAround()
{
    const auto owner = m_run.services.sandboxes.agentUser();
    auto commit = m_past ? Result<std::string>(m_past->started.commit) : m_run.snapshots.take(fmt::format("before {}", slug(m_stage.id)));
    if (!commit)
        return std::move(commit).error().during("take a snapshot of the project");
    const bool isElsewhere = m_past && *commit != m_run.past.lastCommit();
    if (isElsewhere)
        if (auto restored = m_run.snapshots.restore(*commit, owner); !restored)
            return std::move(restored).error();
    auto before = fileHashes(m_run.workspace);
    if (!before)
        return std::move(before).error();
    m_check.before = *std::move(before);
    if (isElsewhere)
        if (auto restored = m_run.snapshots.restore(m_run.past.lastCommit(), owner); !restored)
            return std::move(restored).error();
    return commit;
}

/// Says once that the sandboxes are made of another image than those before, or than those of the run that is replayed.
Result<void> Visit::compareImages(const std::string& imageId)
{
    auto before = m_run.request.recordedImageId;
    for (const auto& stage : m_run.recorder.state().stages) {
        if (stage.imageId == imageId)
            return {};
        if (!stage.imageId.empty())
            before = stage.imageId;
    }
    if (before.empty() || before == imageId)
        return {};
    return m_run.recorder.record(m_stage.id, Warned{fmt::format("The sandboxes are made of another image than before: {} instead of {}. Programs in it may behave otherwise.",
                                                                imageId.substr(0, 19), before.substr(0, 19))});
}

Result<void> Visit::start(const DialogueSettings& settings, const std::string& commit)
{
    const auto info = m_room.info();
    if (auto compared = compareImages(info.imageId); !compared)
        return compared;
    return m_run.recorder.record(m_stage.id, StageStarted{.attempt = m_past ? m_past->started.attempt : m_options.attempt,
                                                          .round = m_past ? m_past->started.round : m_options.round, .model = settings.model,
                                                          .maxTurns = m_stage.maxTurns, .container = info.id, .imageId = info.imageId, .commit = commit,
                                                          .resumed = m_past.has_value()});
}

Result<StageOutcome> Visit::work()
{
    if (auto ready = prepare(); !ready)
        return std::move(ready).error();
    auto outcome = m_dialogue->begin(m_options.message, m_run.stop);
    for (int resubmits = 0;; resubmits += m_isSentBack ? 0 : 1) {
        if (!outcome)
            return std::move(outcome).error();
        std::string failures;
        auto judged = answer(*outcome, failures);
        if (!judged)
            return std::move(judged).error();
        if (*judged)
            return **std::move(judged);
        if (!m_isSentBack && resubmits >= m_run.request.pipeline.maxResubmits && !m_dialogue->wasRejected())
            return StageOutcome{.status = StageStatus::Failed,
                                .reason = fmt::format("what was handed in failed the checks {} times: {}", resubmits + 1, failures.substr(0, failures.find('\n'))),
                                .remedy = "Read the failed checks in the report, then run again with other requirements, another model or more resubmissions.",
                                .document = m_document};
        outcome = m_dialogue->reject(failures, m_run.stop);
    }
}

/// Nothing when the agent shall go on: what was rejected before an interruption is not judged again.
Result<std::optional<StageOutcome>> Visit::answer(const DialogueOutcome& handedIn, std::string& failures)
{
    if (handedIn.kind == DialogueOutcome::Kind::Submitted && m_dialogue->wasRejected())
        return std::optional<StageOutcome>();
    return judge(handedIn, failures);
}

/// Nothing when the agent shall go on, with `failures` as the reason.
Result<std::optional<StageOutcome>> Visit::judge(const DialogueOutcome& handedIn, std::string& failures)
{
    using Kind = DialogueOutcome::Kind;
    if (handedIn.kind == Kind::Refused)
        return std::optional(StageOutcome{.status = StageStatus::Refused, .reason = "the model declined: " + handedIn.reason,
                                          .remedy = "Change the requirements, or choose another model for this stage."});
    if (handedIn.kind == Kind::Incomplete)
        return std::optional(StageOutcome{.status = StageStatus::Incomplete, .reason = handedIn.reason, .remedy = "Run again, or choose another model for this stage."});
    if (handedIn.kind == Kind::TurnLimit)
        return std::optional(StageOutcome{.status = StageStatus::BudgetExceeded, .reason = handedIn.reason,
                                          .remedy = "Raise max_iterations and run again.", .ends = RunEnding::LimitReached});
    m_document = handedIn.document;
    m_isSentBack = false;
    if (auto saved = m_run.saveArtifact(m_stage.id, "stages/" + stageFolder(m_stage.id) + "/submit.json", m_document.dump(2, ' ', false, Json::error_handler_t::replace));
        !saved)
        return std::move(saved).error();
    m_room.close(); // what still runs in there must not change what is checked
    if (m_stage.id == StageId::Deployment)
        if (auto gate = deploymentGate(failures); !gate || *gate || !failures.empty())
            return gate;
    StageOutcome outcome{.status = StageStatus::Passed, .document = m_document};
    const auto checks = checkStage(m_check, m_run, outcome.evidence);
    if (!checks)
        return Error(checks.error()).during("check what was handed in");
    if (allMustPassed(*checks))
        return std::optional(std::move(outcome));
    if (m_stage.id == StageId::Testing) {
        const auto blame = blameFor(outcome.evidence, m_document, *checks);
        if (blame.kind != TestBlame::Kind::Testing) {
            outcome.status = StageStatus::Failed;
            outcome.reason = blame.reason;
            outcome.wantsRepair = blame.kind == TestBlame::Kind::Code;
            return std::optional(std::move(outcome));
        }
        failures = blame.reason.empty() ? failuresForAgent(*checks) : blame.reason + "\n" + failuresForAgent(*checks);
        return std::optional<StageOutcome>();
    }
    failures = failuresForAgent(*checks);
    return std::optional<StageOutcome>();
}

/// Nothing when the deployment may begin, or when the user sends it back: `failures` then says why.
Result<std::optional<StageOutcome>> Visit::deploymentGate(std::string& failures)
{
    const auto& pipeline = m_run.request.pipeline;
    const auto& design = m_run.document("design");
    const auto deploy = design.is_object() ? design.value("deploy", Json::object()) : Json::object();
    Json files = Json::array();
    for (const auto& file : m_document.at("files"))
        files.push_back(file.at("path"));
    const GateOpened gate{.gate = "deployment",
                          .question = fmt::format("Build the project's image and start it on this machine's Docker engine, in the environment {}?", pipeline.environment),
                          .details = {{"environment", pipeline.environment}, {"form", deploy.value("form", "service")}, {"port", deploy.value("port", 0)},
                                      {"network", "internal, without access to or from outside"}, {"files", files}}};
    const auto answer = m_run.ask(m_stage.id, gate);
    if (!answer)
        return answer.error();
    if (answer->decision == Approver::Decision::Approved)
        return std::optional<StageOutcome>();
    if (answer->isSentBack()) {
        m_isSentBack = true;
        failures = "The user does not approve the deployment, and says: " + answer->comment;
        return std::optional<StageOutcome>();
    }
    const bool waiting = answer->decision == Approver::Decision::Waiting;
    return std::optional(StageOutcome{.status = waiting ? StageStatus::Waiting : StageStatus::Failed,
                                      .reason = waiting ? "the deployment waits for your approval" : "the deployment was not approved",
                                      .remedy = waiting ? std::string(kDecideLater) : "Run again, and say with --comment or at the terminal what shall be changed.",
                                      .document = m_document,
                                      .ends = waiting ? std::optional(RunEnding::WaitingAtGate) : std::nullopt});
}

Json usageOf(const StageState& state)
{
    return {{"input_tokens", state.usage.inputTokens}, {"output_tokens", state.usage.outputTokens}, {"cache_read_tokens", state.usage.cacheReadTokens},
            {"cache_write_tokens", state.usage.cacheWriteTokens + state.usage.cacheWrite1hTokens}, {"cost_micro_usd", state.cost.microUsd},
            {"calls", state.usage.calls}};
}

/// The contract `stage_result` has no word for "not checked": skipped, with the reason.
Json checkOf(const Check& check)
{
    const bool isOpen = check.status == CheckStatus::NotChecked;
    Json json = {{"id", check.id}, {"level", check.must ? "must" : "should"}, {"status", isOpen ? "skipped" : std::string(slug(check.status))}, {"seconds", check.seconds}};
    if (!check.argv.empty())
        json["argv"] = check.argv;
    if (check.exitCode)
        json["exit_code"] = *check.exitCode;
    if (!check.log.empty())
        json["log"] = check.log;
    if (isOpen || !check.reason.empty())
        json["reason"] = (isOpen ? "not checked: " : "") + check.reason.substr(0, 1900);
    return json;
}

Json resultOf(const RunContext& run, StageId stage, const StageOutcome& outcome)
{
    const auto& state = *run.recorder.state().stage(stage);
    Json result = {{"schema", "aap/stage/1"}, {"stage", std::string(slug(stage))}, {"attempt", state.attempt}, {"round", run.recorder.state().repairRound},
                   {"status", std::string(slug(outcome.status))}, {"input", Json::array()}, {"output", Json::array()}, {"checks", Json::array()},
                   {"usage", usageOf(state)}, {"model", state.model}, {"image", state.imageId}};
    const auto prefix = "stages/" + stageFolder(stage) + "/";
    for (const auto& artifact : run.recorder.state().artifacts)
        (artifact.path.starts_with(prefix) ? result["output"] : result["input"])
            .push_back({{"path", artifact.path}, {"sha256", artifact.sha256}, {"bytes", artifact.bytes}});
    for (const auto& check : state.checks)
        result["checks"].push_back(checkOf(check));
    if (!state.commit.empty())
        result["commit"] = state.commit;
    if (state.startedAt)
        result["started_at"] = toIso8601(*state.startedAt);
    if (state.finishedAt)
        result["ended_at"] = toIso8601(*state.finishedAt);
    if (!outcome.reason.empty())
        result["reason"] = outcome.reason;
    return result;
}

} // namespace

Result<StageOutcome> visitStage(RunContext& run, const StageSpec& stage, const VisitOptions& options)
{
    auto past = run.past.takeVisit(stage.id);
    if (!past || !past->finished)
        return Visit(run, stage, options, std::move(past)).carryOut();
    const auto& finished = *past->finished;
    StageOutcome outcome{.status = finished.status, .reason = finished.reason, .document = finished.document, .wantsRepair = !finished.evidence.is_null()};
    if (outcome.wantsRepair)
        outcome.evidence = evidenceFrom(finished.evidence);
    return outcome;
}

Result<std::vector<Check>> checkStage(CheckContext& context, RunContext& run, TestEvidence& evidence)
{
    if (auto begun = run.recorder.record(context.stage, StageChecking{}); !begun)
        return std::move(begun).error();
    switch (context.stage) {
    case StageId::Architecture: return checkArchitecture(context);
    case StageId::Coding: return checkCoding(context);
    case StageId::Testing: return checkTesting(context, context.before.value_or(std::map<std::string, std::string>()), evidence);
    case StageId::Deployment: return checkDeployment(context, run.deployed);
    case StageId::Monitoring: return checkMonitoring(context, run.deployed.value_or(DeploymentHandle{}));
    case StageId::ArchitectureReview:
    case StageId::CodeReview:
    case StageId::QualityReview: break;
    }
    return checkReview(context);
}

Result<void> finishStage(RunContext& run, StageId stage, const StageOutcome& outcome)
{
    const auto name = fmt::format("{} {}", slug(stage), slug(outcome.status));
    auto commit = run.snapshots.take(name);
    if (commit)
        if (auto tagged = run.snapshots.tag(*commit, fmt::format("{}-{}", slug(stage), run.recorder.state().lastSeq)); !tagged)
            commit = std::move(tagged).error();
    if (!commit)
        if (auto warned = run.recorder.record(stage, Warned{"no snapshot of the project could be made: " + commit.error().text()}); !warned)
            return warned;
    if (auto finished = run.recorder.record(
            stage, StageFinished{.status = outcome.status, .reason = outcome.reason, .document = outcome.document, .commit = commit.value_or(""),
                                 .evidence = outcome.wantsRepair ? evidenceJson(outcome.evidence) : Json()});
        !finished)
        return finished;
    if (auto written = run.output.write("stages/" + stageFolder(stage) + "/result.json", resultOf(run, stage, outcome)); !written)
        return written;
    return run.output.writeState(run.recorder.state());
}

} // namespace aap
