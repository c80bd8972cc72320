#pragma once

#include <QObject>

#include "ui/shell/page_stack.h"

namespace aap {

class HistoryPage;
class RunDesk;
class RunPage;
class WindowActions;

/// What the menus do with the run in front: each action does what the button on the page does, and is there when that makes sense.
class RunActions : public QObject {
    Q_OBJECT

public:
    RunActions(WindowActions& actions, RunDesk& runs, const LatePage<HistoryPage>& history, QObject* parent);

    void refresh();

signals:
    /// The page of the runs shall be seen.
    void pageAsked();
    /// So shall the history.
    void historyAsked();

private:
    /// With the page of the run in front, which is brought to the user's eyes.
    template <typename Work> void onPage(const char* name, Work work);
    void sendBack(RunPage& page);
    void rerun();
    void onHistory(const char* name, void (HistoryPage::*work)());

    WindowActions& m_actions;
    RunDesk& m_runs;
    const LatePage<HistoryPage>& m_history;
};

} // namespace aap
