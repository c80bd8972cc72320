#include "core/pipeline/repair_loop.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/pipeline/hand_over.h"
#include "core/pipeline/repair.h"
#include "core/pipeline/test_blame.h"

namespace aap {
namespace {

/// Of the run's money, what all repair rounds together may cost.
constexpr double kShareOfBudget = 0.3;

class RepairLoop {
public:
    RepairLoop(RunContext& run, StageOutcome testing) : m_run(run), m_testing(std::move(testing)) {}

    Result<StageOutcome> carryOut();

private:
    Result<std::optional<StageOutcome>> round(int number);
    Result<std::string> begin(int number);
    Result<StageOutcome> repair(int number, const std::vector<std::string>& frozen);
    Result<std::optional<StageOutcome>> look(const std::string& commit, const std::vector<std::string>& frozen);
    Result<void> judge(int number, std::string tried);
    void note(const RepairJudged& judged);
    Result<std::optional<StageOutcome>> dispute(const Json& implementation);
    Result<std::optional<std::string>> changedFrozen(const std::string& commit, const std::vector<std::string>& frozen) const;
    Result<bool> stillFailing(CheckContext& context);
    Result<StageOutcome> settle();
    Result<StageOutcome> giveUp(const std::string& reason);
    std::optional<std::string> outOfBudget() const;
    std::vector<std::string> frozenPaths() const;

    RunContext& m_run;
    StageOutcome m_testing;
    Money m_spent{}; ///< before the first round
    std::string m_since{};
    std::vector<std::string> m_tried{};
    RepairHistory m_history{};
    bool m_hasDisputed = false;
};

bool liesIn(const std::string& path, const std::string& folder)
{
    return path.starts_with(folder + "/");
}

/// An outcome as the answer of a round that ends the loop.
Result<std::optional<StageOutcome>> given(Result<StageOutcome> outcome)
{
    if (!outcome)
        return std::move(outcome).error();
    return std::optional(*std::move(outcome));
}

const StageSpec& specOf(const RunContext& run, StageId stage)
{
    return *run.request.pipeline.stage(stage);
}

std::vector<std::string> RepairLoop::frozenPaths() const
{
    std::vector<std::string> frozen;
    for (const auto* name : {"tests", "test", "spec", "__tests__"})
        if (const auto there = m_run.workspace.stat(std::string("repo/") + name); there && there->kind == Folder::Kind::Folder)
            frozen.emplace_back(name);
    return frozen;
}

Result<StageOutcome> RepairLoop::carryOut()
{
    const auto& pipeline = m_run.request.pipeline;
    const auto* coding = pipeline.stage(StageId::Coding);
    if (coding == nullptr || !coding->enabled)
        return giveUp("tests fail because of the code, and the stage coding is not part of this run");
    if (const auto known = m_run.past.takeJudgement())
        note(*known);
    else if (auto judged = judge(0, ""); !judged)
        return std::move(judged).error();
    for (int number = 1; number <= pipeline.maxRepairRounds; ++number) {
        if (const auto spent = outOfBudget(); spent && !m_run.past.repair(number))
            return giveUp(*spent);
        auto outcome = round(number);
        if (!outcome)
            return std::move(outcome).error();
        if (*outcome)
            return **std::move(outcome);
        if (const auto why = m_history.whyStop())
            return giveUp(*why);
    }
    return giveUp(fmt::format("tests still fail after {} repair round(s)", pipeline.maxRepairRounds));
}

std::optional<std::string> RepairLoop::outOfBudget() const
{
    const auto& limit = m_run.request.pipeline.limits.money;
    if (!limit)
        return std::nullopt;
    const auto spent = m_run.recorder.state().cost.microUsd - m_spent.microUsd;
    if (double(spent) < kShareOfBudget * double(limit->microUsd))
        return std::nullopt;
    return fmt::format("the repair has used {:.0f} % of the run's budget", kShareOfBudget * 100);
}

/// Nothing when the loop goes on.
Result<std::optional<StageOutcome>> RepairLoop::round(int number)
{
    const auto frozen = frozenPaths();
    const auto commit = begin(number);
    if (!commit)
        return commit.error();
    auto coding = repair(number, frozen);
    if (!coding)
        return std::move(coding).error();
    if (coding->ends || coding->left)
        return std::optional(*std::move(coding));
    if (!coding->passed())
        return given(giveUp("the repair did not pass the checks of Coding: " + coding->reason));
    m_run.documents["implementation"] = coding->document;
    if (const auto known = m_run.past.takeJudgement()) {
        note(*known);
    } else {
        auto seen = look(*commit, frozen);
        if (!seen || *seen)
            return seen;
        if (auto judged = judge(number, fmt::format("round {}: {}", number, coding->document.value("summary", "").substr(0, 500))); !judged)
            return std::move(judged).error();
    }
    return m_hasDisputed ? Result<std::optional<StageOutcome>>(std::optional<StageOutcome>()) : dispute(coding->document);
}

/// The snapshot the round begins from.
Result<std::string> RepairLoop::begin(int number)
{
    if (const auto* begun = m_run.past.repair(number))
        return begun->commit;
    auto commit = m_run.snapshots.take(fmt::format("before repair {}", number));
    if (!commit)
        return std::move(commit).error();
    if (auto begun = m_run.recorder.record(StageId::Coding, RepairStarted{.round = number, .maxRounds = m_run.request.pipeline.maxRepairRounds,
                                                                          .failing = failingTests(m_testing.evidence), .commit = *commit});
        !begun)
        return std::move(begun).error();
    return commit;
}

/// Coding's visit of the round.
Result<StageOutcome> RepairLoop::repair(int number, const std::vector<std::string>& frozen)
{
    const auto spec = m_run.specOf(specOf(m_run, StageId::Coding));
    const auto document = repairDocument(m_testing.evidence, m_testing.document,
                                         {.round = number, .maxRounds = m_run.request.pipeline.maxRepairRounds, .frozen = frozen, .since = m_since, .tried = m_tried});
    if (auto saved = m_run.saveArtifact(StageId::Coding, fmt::format("stages/{}/repair-{}.json", stageFolder(StageId::Coding), number), document.dump(2)); !saved)
        return std::move(saved).error();
    auto message = repairMessage(m_run, spec, document);
    if (!message)
        return std::move(message).error();
    return visitStage(m_run, spec, {.attempt = number + 1, .round = number, .message = *std::move(message), .frozen = frozen});
}

/// What the program sees after a round; nothing when tests still fail because of the code.
Result<std::optional<StageOutcome>> RepairLoop::look(const std::string& commit, const std::vector<std::string>& frozen)
{
    const auto changed = changedFrozen(commit, frozen);
    if (!changed)
        return changed.error();
    if (*changed)
        return given(giveUp("the repair changed " + **changed + ", which is frozen"));
    auto context = m_run.checkContext(StageId::Testing, m_testing.document);
    const auto failing = stillFailing(context);
    if (!failing)
        return failing.error();
    if (*failing)
        return std::optional<StageOutcome>();
    auto settled = settle();
    if (!settled)
        return std::move(settled).error();
    if (settled->passed() || !settled->wantsRepair)
        return std::optional(*std::move(settled));
    m_testing = *std::move(settled);
    return std::optional<StageOutcome>();
}

/// Writes down how the project stands now.
Result<void> RepairLoop::judge(int number, std::string tried)
{
    auto commit = m_run.snapshots.take(number == 0 ? "before the repair" : fmt::format("after repair {}", number));
    if (!commit)
        return std::move(commit).error();
    const RepairJudged judged{.round = number, .evidence = evidenceJson(m_testing.evidence), .commit = *std::move(commit), .tried = std::move(tried),
                              .spent = m_run.recorder.state().cost};
    if (auto recorded = m_run.recorder.record(StageId::Testing, judged); !recorded)
        return recorded;
    note(judged);
    return {};
}

void RepairLoop::note(const RepairJudged& judged)
{
    m_testing.evidence = evidenceFrom(judged.evidence);
    m_history.add(m_testing.evidence, judged.commit);
    if (judged.round == 0) {
        m_since = judged.commit;
        m_spent = judged.spent;
    } else {
        m_tried.push_back(judged.tried);
    }
}

/// The failing tests first: whether they still fail. What is seen becomes the evidence of the next round.
Result<bool> RepairLoop::stillFailing(CheckContext& context)
{
    auto evidence = runProjectTests(context, failingTests(m_testing.evidence), false);
    if (!evidence)
        return std::move(evidence).error();
    if (failingTests(*evidence).empty())
        return false;
    m_testing.evidence = *std::move(evidence);
    return true;
}

/// All tests and every other check of Testing once more, by the program alone.
Result<StageOutcome> RepairLoop::settle()
{
    const auto accepted = acceptedReport(m_testing.document);
    auto settled = m_run.checkContext(StageId::Testing, accepted);
    auto hashes = fileHashes(m_run.workspace); // Testing itself has changed nothing since
    if (!hashes)
        return std::move(hashes).error();
    settled.before = *std::move(hashes);
    StageOutcome outcome{.status = StageStatus::Passed, .document = accepted};
    const auto checks = checkStage(settled, m_run, outcome.evidence);
    if (!checks)
        return checks.error();
    if (!allMustPassed(*checks)) {
        outcome.status = StageStatus::Failed;
        outcome.document = m_testing.document;
        outcome.wantsRepair = !failingTests(outcome.evidence).empty();
        outcome.reason = outcome.wantsRepair ? "other tests fail after the repair" : "the repaired project does not pass the checks of Testing: " + failuresForAgent(*checks);
        if (outcome.wantsRepair)
            return outcome;
    }
    if (auto finished = finishStage(m_run, StageId::Testing, outcome); !finished)
        return std::move(finished).error();
    return outcome;
}

/// Coding may hold a failing test to be wrong; then Testing decides, once in a run.
Result<std::optional<StageOutcome>> RepairLoop::dispute(const Json& implementation)
{
    std::vector<std::string> disputed;
    for (const auto& deviation : implementation.value("deviations", Json::array()))
        if (std::ranges::any_of(failingTests(m_testing.evidence), [&](const std::string& id) {
                return deviation.get<std::string>().find(id.substr(0, id.find('['))) != std::string::npos;
            }))
            disputed.push_back(deviation.get<std::string>());
    if (disputed.empty())
        return std::optional<StageOutcome>();
    m_hasDisputed = true;
    const auto spec = m_run.specOf(specOf(m_run, StageId::Testing));
    auto message = disputeMessage(m_run, spec, disputed);
    if (!message)
        return std::move(message).error();
    auto outcome = visitStage(m_run, spec, {.attempt = 2, .message = *std::move(message)});
    if (!outcome)
        return std::move(outcome).error();
    if (!outcome->wantsRepair)
        return std::optional(*std::move(outcome));
    m_testing = *std::move(outcome);
    return std::optional<StageOutcome>();
}

/// A frozen file that is not what it was in that snapshot.
Result<std::optional<std::string>> RepairLoop::changedFrozen(const std::string& commit, const std::vector<std::string>& frozen) const
{
    const auto now = m_run.snapshots.take("after the repair");
    if (!now)
        return now.error();
    const auto changes = m_run.snapshots.changes(commit, *now);
    if (!changes)
        return changes.error();
    for (const auto& change : *changes)
        if (std::ranges::any_of(frozen, [&](const auto& folder) { return liesIn(change.path, folder); }))
            return std::optional(change.path);
    return std::optional<std::string>();
}

Result<StageOutcome> RepairLoop::giveUp(const std::string& reason)
{
    const auto open = failingTests(m_testing.evidence);
    if (!m_history.bestCommit().empty())
        if (auto restored = m_run.snapshots.restore(m_history.bestCommit(), m_run.services.sandboxes.agentUser()); !restored)
            if (auto warned = m_run.recorder.record(StageId::Testing, Warned{"the best state could not be restored: " + restored.error().text()}); !warned)
                return std::move(warned).error();
    StageOutcome outcome = m_testing;
    outcome.status = StageStatus::Failed;
    outcome.wantsRepair = false;
    outcome.reason = fmt::format("{}; failing: {}", reason, fmt::join(open, ", "));
    outcome.remedy = "Allow more repair rounds, choose another model for coding, or change the code by hand and run testing again.";
    if (auto finished = finishStage(m_run, StageId::Testing, outcome); !finished)
        return std::move(finished).error();
    return outcome;
}

} // namespace

Result<StageOutcome> repairLoop(RunContext& run, StageOutcome testing)
{
    return RepairLoop(run, std::move(testing)).carryOut();
}

} // namespace aap
