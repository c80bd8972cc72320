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
    RepairLoop(RunContext& run, StageOutcome testing) : m_run(run), m_testing(std::move(testing)), m_spent(run.recorder.state().cost) {}

    Result<StageOutcome> carryOut();

private:
    Result<std::optional<StageOutcome>> round(int number);
    Result<std::optional<StageOutcome>> dispute(const Json& implementation);
    Result<std::optional<std::string>> frozenWereChanged() const;
    Result<bool> stillFailing(CheckContext& context);
    Result<StageOutcome> settle();
    Result<StageOutcome> giveUp(const std::string& reason);
    std::optional<std::string> outOfBudget() const;
    std::vector<std::string> frozenPaths() const;

    RunContext& m_run;
    StageOutcome m_testing;
    const Money m_spent; ///< before the first round
    std::map<std::string, std::string> m_frozenHashes{};
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
    auto first = m_run.snapshots.take("before the repair");
    if (!first)
        return giveUp(first.error().text());
    m_history.add(m_testing.evidence, *first);
    m_since = *first;
    for (int number = 1; number <= pipeline.maxRepairRounds; ++number) {
        if (const auto spent = outOfBudget())
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
    const auto spec = m_run.specOf(specOf(m_run, StageId::Coding));
    const auto maxRounds = m_run.request.pipeline.maxRepairRounds;
    const auto frozen = frozenPaths();
    const auto document = repairDocument(m_testing.evidence, m_testing.document, {.round = number, .maxRounds = maxRounds, .frozen = frozen, .since = m_since, .tried = m_tried});
    auto hashes = fileHashes(m_run.workspace);
    if (!hashes)
        return std::move(hashes).error();
    m_frozenHashes = *std::move(hashes);
    std::erase_if(m_frozenHashes, [&](const auto& file) { return std::ranges::none_of(frozen, [&](const auto& folder) { return liesIn(file.first, folder); }); });
    if (auto begun = m_run.recorder.record(StageId::Coding, RepairStarted{.round = number, .maxRounds = maxRounds, .failing = failingTests(m_testing.evidence)}); !begun)
        return std::move(begun).error();
    if (auto saved = m_run.saveArtifact(StageId::Coding, fmt::format("stages/{}/repair-{}.json", stageFolder(StageId::Coding), number), document.dump(2)); !saved)
        return std::move(saved).error();
    auto message = repairMessage(m_run, spec, document);
    if (!message)
        return std::move(message).error();
    auto coding = visitStage(m_run, spec, {.attempt = number + 1, .round = number, .message = *std::move(message), .frozen = frozen});
    if (!coding)
        return std::move(coding).error();
    m_tried.push_back(fmt::format("round {}: {}", number, coding->document.is_object() ? coding->document.value("summary", "").substr(0, 500) : coding->reason));
    if (coding->ends || coding->left)
        return std::optional(*std::move(coding));
    if (!coding->passed())
        return given(giveUp("the repair did not pass the checks of Coding: " + coding->reason));
    m_run.documents["implementation"] = coding->document;

    const auto changed = frozenWereChanged();
    if (!changed)
        return changed.error();
    if (*changed)
        return given(giveUp("the repair changed " + **changed + ", which is frozen"));
    auto context = m_run.checkContext(StageId::Testing, m_testing.document);
    const auto failing = stillFailing(context);
    if (!failing)
        return failing.error();
    if (!*failing) {
        auto settled = settle();
        if (!settled)
            return std::move(settled).error();
        if (settled->passed() || !settled->wantsRepair)
            return std::optional(*std::move(settled));
        m_testing = *std::move(settled);
    }
    auto commit = m_run.snapshots.take(fmt::format("after repair {}", number));
    if (!commit)
        return std::move(commit).error();
    m_history.add(m_testing.evidence, *commit);
    return m_hasDisputed ? Result<std::optional<StageOutcome>>(std::optional<StageOutcome>()) : dispute(coding->document);
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

/// The path of a frozen file that is not what it was.
Result<std::optional<std::string>> RepairLoop::frozenWereChanged() const
{
    const auto now = fileHashes(m_run.workspace);
    if (!now)
        return now.error();
    for (const auto& [path, hash] : m_frozenHashes)
        if (const auto found = now->find(path); found == now->end() || found->second != hash)
            return std::optional(path);
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
