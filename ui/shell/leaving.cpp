#include "ui/shell/leaving.h"

#include <QWidget>

#include "ui/shell/run_desk.h"
#include "ui/widgets/question.h"

namespace aap {

Leaving::Leaving(RunDesk& runs, QWidget* window) :
    QObject(window),
    m_runs(runs),
    m_window(window)
{
    connect(&m_runs, &RunDesk::ended, this, &Leaving::takeEnd);
    connect(&m_runs, &RunDesk::removalsDone, this, &Leaving::takeRemovals);
}

bool Leaving::mayClose()
{
    const bool isRunning = m_runs.running() > 0;
    if (!isRunning && (m_runs.deployed() == 0 || m_leavesDeployments))
        return true;
    if (m_window->findChild<Question*>(QStringLiteral("closeQuestion")))
        return false;
    if (!isRunning)
        askAboutDeployments();
    else if (!m_closes)
        askAboutRuns();
    return false;
}

void Leaving::takeEnd()
{
    if (m_closes && m_runs.running() == 0)
        m_window->close();
}

void Leaving::takeRemovals()
{
    if (m_closes && m_runs.deployed() == 0)
        m_window->close();
    m_closes = false; // what could not be removed is said, and asked about again
}

void Leaving::askAboutRuns()
{
    auto* question = new Question(tr("A run is at work"), tr("What runs stops in order before the window closes. Everything made so far is kept."), m_window);
    question->setObjectName("closeQuestion");
    question->offer("stopAndQuit", tr("&Stop and quit"), [this] {
        m_closes = true;
        if (m_runs.running() > 0)
            m_runs.stopAll();
        else
            m_window->close();
    });
    question->offer("keepRunning", tr("&Keep running"), [] {});
    question->ask();
}

void Leaving::askAboutDeployments()
{
    m_closes = m_runs.isRemoving(); // then it closes by itself, soon
    if (m_closes)
        return;
    auto* question = new Question(tr("A deployed service still runs"),
                                  tr("What the run has deployed goes on running on this machine's Docker engine after the window closes, until it is removed."), m_window);
    question->setObjectName("closeQuestion");
    question->offer("removeAndQuit", tr("&Remove it and quit"), [this] {
        m_closes = true;
        m_runs.removeDeployments();
    });
    question->offer("leaveRunning", tr("&Leave it running"), [this] {
        m_leavesDeployments = true;
        m_window->close();
    });
    question->offer("stayOpen", tr("&Cancel"), [] {});
    question->ask();
}

} // namespace aap
