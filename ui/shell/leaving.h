#pragma once

#include <QObject>

class QWidget;

namespace aap {

class RunDesk;

/// What stands in the way of closing the window: runs at work, and deployed services that would go on. It asks, and closes the window
/// when that is settled.
class Leaving : public QObject {
    Q_OBJECT

public:
    Leaving(RunDesk& runs, QWidget* window);

    /// Whether the window may go at once; else a question is open, or the answer to one is being carried out.
    bool mayClose();

private:
    void askAboutRuns();
    void askAboutDeployments();
    void takeEnd();
    void takeRemovals();

    RunDesk& m_runs;
    QWidget* m_window;
    bool m_closes = false;             ///< as soon as what it waits for is done
    bool m_leavesDeployments = false; ///< the user said so
};

} // namespace aap
