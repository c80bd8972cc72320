#include "ui/shell/run_visits.h"

#include <utility>

#include "ui/history/history_page.h"
#include "ui/shell/run_desk.h"
#include "ui/shell/run_notices.h"

namespace aap {

RunVisits::RunVisits(const LatePage<HistoryPage>& history, RunNotices& notices, RunDesk& runs, QObject* parent) :
    QObject(parent),
    m_history(history),
    m_notices(notices),
    m_runs(runs)
{
    connectNotices();
}

void RunVisits::connectHistory(HistoryPage& page)
{
    connect(&page, &HistoryPage::openAsked, this, &RunVisits::open);
    connect(&page, &HistoryPage::resumeAsked, this, &RunVisits::resume);
    connect(&page, &HistoryPage::forkAsked, this, [this](const ForkWish& wish) {
        emit pageAsked(PageId::Run);
        m_runs.fork(wish);
    });
    connect(&page, &HistoryPage::opened, this, [this](const RunBatch& past) {
        emit pageAsked(PageId::Run);
        m_runs.showPast(past);
        if (std::exchange(m_resumesWhenRead, {}) == past.state.id)
            m_runs.resumeCurrent();
    });
}

void RunVisits::connectNotices()
{
    connect(&m_notices, &RunNotices::resumeAsked, this, &RunVisits::resume);
    connect(&m_notices, &RunNotices::showAsked, this, &RunVisits::open);
    connect(&m_notices, &RunNotices::discardAsked, this, [this](const RunSummary& run) {
        emit pageAsked(PageId::History);
        m_history.now().discard(run);
    });
}

void RunVisits::open(const std::string& runId)
{
    if (m_runs.show(runId))
        emit pageAsked(PageId::Run);
    else
        m_history.now().open(runId);
}

/// What has reached a limit is read first, so that it can be asked how much more it may have.
void RunVisits::resume(const RunSummary& run)
{
    if (run.ending == RunEnding::LimitReached) {
        m_resumesWhenRead = run.id;
        return m_history.now().open(run.id);
    }
    emit pageAsked(PageId::Run);
    m_runs.resume({.runId = run.id});
}

} // namespace aap
