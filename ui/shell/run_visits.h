#pragma once

#include <string>

#include <QObject>

#include "core/store/journal.h"
#include "ui/shell/page_stack.h"

namespace aap {

class HistoryPage;
class RunDesk;
class RunNotices;

/// Leads from where runs are spoken of, the history and the notices, to the desk where they are shown and go on.
class RunVisits : public QObject {
    Q_OBJECT

public:
    RunVisits(const LatePage<HistoryPage>& history, RunNotices& notices, RunDesk& runs, QObject* parent);

    /// Shows a run: as it goes, or as it went.
    void open(const std::string& runId);
    /// The history, when it is made.
    void connectHistory(HistoryPage& history);

signals:
    void pageAsked(aap::PageId page);

private:
    void connectNotices();
    void resume(const RunSummary& run);

    const LatePage<HistoryPage>& m_history;
    RunNotices& m_notices;
    RunDesk& m_runs;
    std::string m_resumesWhenRead{}; ///< a run that is read to be resumed
};

} // namespace aap
