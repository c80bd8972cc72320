#include "ui/shell/run_notices.h"

#include <QPushButton>

#include "ui/describe.h"
#include "ui/history/past_runs.h"
#include "ui/run/run_budget.h"
#include "ui/shell/banner.h"
#include "ui/shell/run_desk.h"
#include "ui/shell/to_gui.h"

namespace aap {
namespace {

constexpr double kMostOfIt = 0.8; // of a budget

/// A title as it stands in a sentence.
QString quoted(const RunState& state)
{
    return RunNotices::tr("“%1”").arg(text(state.started.title).simplified());
}

} // namespace

RunNotices::RunNotices(Workbench& workbench, Banner& banner, QObject* parent) :
    QObject(parent),
    m_workbench(workbench),
    m_banner(banner)
{
    m_reading.setMaxThreadCount(1);
    offerInterrupted();
    offerOthers();
}

RunNotices::~RunNotices()
{
    m_reading.waitForDone();
}

void RunNotices::offerInterrupted()
{
    using Matter = Banner::Matter;
    const auto offer = [this](const char* name, const QString& label, auto answer) {
        connect(m_banner.offer(Matter::Interrupted, QLatin1String(name), label), &QPushButton::clicked, this, [this, answer] {
            m_banner.settle(Matter::Interrupted);
            answer();
        });
    };
    offer("resumeInterrupted", tr("Res&ume"), [this] { emit resumeAsked(m_interrupted); });
    offer("showInterrupted", tr("&Show"), [this] { emit showAsked(m_interrupted.id); });
    offer("discardInterrupted", tr("&Discard"), [this] { emit discardAsked(m_interrupted); });
    offer("leaveInterrupted", tr("Not &now"), [] {});
}

void RunNotices::offerOthers()
{
    connect(m_banner.offer(Banner::Matter::Gate, QStringLiteral("showWaiting"), tr("&Show")), &QPushButton::clicked, this, [this] { emit showAsked(m_waiting); });
    connect(m_banner.offer(Banner::Matter::Budget, QStringLiteral("raiseBudget"), tr("&Raise a limit …")), &QPushButton::clicked, this, &RunNotices::limitAsked);
}

void RunNotices::lookForInterrupted()
{
    const auto done = toGui<Result<std::optional<Interrupted>>>(this, [this](const auto& found) {
        if (found && *found) // a history that cannot be read says so on its own page
            sayInterrupted(**found);
    });
    m_reading.start([this, done] { done(guarded([this] { return findInterrupted(m_workbench); })); });
}

Result<std::optional<RunNotices::Interrupted>> RunNotices::findInterrupted(const Workbench& workbench)
{
    auto runs = readRuns(workbench);
    if (!runs)
        return std::move(runs).error();
    std::erase_if(*runs, [](const RunSummary& run) { return run.ending || run.isRunning; });
    if (runs->empty())
        return std::optional<Interrupted>();
    auto newest = readPastRun(workbench, runs->front().id);
    if (!newest)
        return std::move(newest).error();
    return std::optional(Interrupted{.newest = runs->front(), .state = std::move(newest->state), .others = int(runs->size()) - 1});
}

void RunNotices::sayInterrupted(const Interrupted& found)
{
    const auto& run = found.state;
    m_interrupted = found.newest;
    const auto* stage = run.currentStage ? run.stage(*run.currentStage) : nullptr;
    auto words = stage == nullptr ? tr("%1 was interrupted.").arg(quoted(run))
                                  : tr("%1 was interrupted in %2, turn %3.").arg(quoted(run), word(title(stage->id))).arg(stage->turn);
    words += u' ' + tr("Nothing paid for is lost.");
    if (found.others > 0)
        words += u' ' + (found.others == 1 ? tr("The history has one more.") : tr("The history has %1 more.").arg(found.others));
    m_banner.say(Banner::Matter::Interrupted, words);
}

void RunNotices::refresh(const RunDesk& runs, bool isSeen)
{
    sayGate(runs, isSeen);
    sayBudget(runs);
}

void RunNotices::sayGate(const RunDesk& runs, bool isSeen)
{
    const auto* waiting = runs.waitingState(isSeen);
    if (waiting == nullptr)
        return m_banner.settle(Banner::Matter::Gate);
    m_waiting = waiting->id;
    m_banner.say(Banner::Matter::Gate, tr("%1 waits for you: %2").arg(quoted(*waiting), text(waiting->openGate->question)));
}

void RunNotices::sayBudget(const RunDesk& runs)
{
    const auto& state = runs.state();
    const auto budget = budgetOf(state);
    if (!runs.isCurrentRunning() || !state.started.recordingLabel.empty() || !budget || state.cost.inUsd() < kMostOfIt * budget->inUsd())
        return m_banner.settle(Banner::Matter::Budget);
    m_banner.say(Banner::Matter::Budget, tr("%1 has used %2 of its budget of %3.").arg(quoted(state), moneyText(state.cost), moneyText(*budget)));
}

} // namespace aap
