#include "ui/shell/run_actions.h"

#include "ui/history/history_page.h"
#include "ui/history/run_exports.h"
#include "ui/run/gate_bar.h"
#include "ui/run/run_page.h"
#include "ui/run/steer_bar.h"
#include "ui/shell/run_desk.h"
#include "ui/shell/window_actions.h"

namespace aap {

RunActions::RunActions(WindowActions& actions, RunDesk& runs, const LatePage<HistoryPage>& history, QObject* parent) :
    QObject(parent),
    m_actions(actions),
    m_runs(runs),
    m_history(history)
{
    m_actions.on("pause", &m_runs, &RunDesk::pauseCurrent);
    m_actions.on("stop", &m_runs, &RunDesk::stopCurrent);
    m_actions.on("rerun", this, [this] { rerun(); });
    onHistory("export", &HistoryPage::exportChosen);
    onHistory("compare", &HistoryPage::compareChosen);
    m_actions.on("verify", this, [this] {
        emit historyAsked();
        m_history.now().exports().verify();
    });
    m_actions.on("import", this, [this] {
        emit historyAsked();
        m_history.now().exports().import();
    });
    m_actions.on("closeTab", &m_runs, &RunDesk::closeCurrent);
    m_actions.on("nextTab", &m_runs, [this] { m_runs.stepTab(1); });
    m_actions.on("previousTab", &m_runs, [this] { m_runs.stepTab(-1); });
    onPage("approve", [](RunPage& page) { page.gate().approve(); });
    onPage("sendBack", [this](RunPage& page) { sendBack(page); });
    onPage("steer", [](RunPage& page) { page.steer().beginMessage(); });
    onPage("raiseLimit", [](RunPage& page) { page.steer().raiseLimit(); });
    onPage("skipStage", [](RunPage& page) { page.steer().skipStage(); });
    onPage("nextProblem", [](RunPage& page) { page.goToProblem(true); });
    onPage("previousProblem", [](RunPage& page) { page.goToProblem(false); });
}

template <typename Work> void RunActions::onPage(const char* name, Work work)
{
    m_actions.on(name, this, [this, work] {
        if (auto* page = m_runs.currentPage()) {
            emit pageAsked();
            work(*page);
        }
    });
}

/// Where nothing was ever chosen there is nothing to do.
void RunActions::onHistory(const char* name, void (HistoryPage::*work)())
{
    m_actions.on(name, this, [this, work] {
        if (auto* history = m_history.made())
            (history->*work)();
    });
}

void RunActions::sendBack(RunPage& page)
{
    if (page.gate().isHidden())
        page.steer().sendBack();
    else
        page.gate().sendBack();
}

/// Of the run that is looked at: in the history the chosen one.
void RunActions::rerun()
{
    if (auto* history = m_history.made(); history != nullptr && history->isVisible())
        history->forkChosen();
    else
        m_runs.forkCurrent();
}

void RunActions::refresh()
{
    const auto* page = m_runs.currentPage();
    const bool isGoing = m_runs.isCurrentRunning();
    const bool listens = isGoing && page != nullptr && page->listens();
    const bool waits = page != nullptr && !page->gate().isHidden();
    const bool canResume = !isGoing && page != nullptr && page->canResume();
    auto* pause = m_actions["pause"];
    pause->setText(canResume ? tr("Res&ume") : listens && page->steer().isPaused() ? tr("&Go on") : tr("&Pause"));
    pause->setEnabled(listens || canResume);
    m_actions["stop"]->setEnabled(isGoing);
    m_actions["approve"]->setEnabled(waits);
    m_actions["sendBack"]->setEnabled(waits || listens);
    for (const auto* name : {"steer", "raiseLimit", "skipStage"})
        m_actions[name]->setEnabled(listens);
    for (const auto* name : {"nextProblem", "previousProblem"})
        m_actions[name]->setEnabled(page != nullptr && page->hasProblems());
}

} // namespace aap
