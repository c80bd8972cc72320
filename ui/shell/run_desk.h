#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <QWidget>

#include "ui/run/run_feed.h"
#include "ui/shell/workbench.h"

class QTabWidget;

namespace aap {

class GateDesk;
class RunPage;

/// The page Run: every run a tab. Closing a tab never stops a run; it comes back by show().
class RunDesk : public QWidget {
    Q_OBJECT

public:
    using Start = std::function<std::string(Workbench::Seat)>;

    explicit RunDesk(Workbench& workbench, QWidget* parent = nullptr);
    ~RunDesk() override;

    /// Before any run: a page that says how to begin.
    void showBeginning();
    void begin(const Start& start);
    /// Goes on with a run, in the tab that it has or in a new one; what is at work comes to the front.
    void resume(const Workbench::Resumption& what);
    /// The same with the run in front, which is first asked for more of the limit that it has reached.
    void resumeCurrent();
    /// Asks from which stage the run in front shall be gone through again.
    void forkCurrent();
    void fork(const ForkWish& wish);
    bool canForkCurrent() const;
    /// A run of the past as its events tell it; nothing of it can be stopped or decided.
    void showPast(const RunBatch& batch);
    /// Brings a run that this window knows to the front; false when it knows none of that id.
    bool show(const std::string& runId);
    /// Pauses the run in front, lets it go on, or resumes it.
    void pauseCurrent();
    void stopCurrent();
    void stopAll();
    void closeCurrent();
    void stepTab(int by);
    /// Of all runs that this window has started.
    void removeDeployments();

    /// Of the run in front; empty when there is none.
    const RunState& state() const;
    bool isCurrentRunning() const;
    /// Null when there is none.
    RunPage* currentPage() const;
    std::size_t running() const;
    std::set<std::string> atWork() const; ///< ids of the runs whose first event is in the journal; not of those that still wait for a place
    std::size_t waiting() const;  ///< at gates
    /// Of a run that waits at a gate, and not before the user's eyes: the one in front does not count when it `isSeen`. Null: there is none.
    const RunState* waitingState(bool isSeen) const;
    std::size_t deployed() const; ///< services that still stand
    bool isRemoving() const;

signals:
    /// Another run is in front, or something happened in one.
    void changed();
    /// Files of the run in front may be others than before.
    void filesChanged(const QString& outputFolder);
    /// A run is over and everything it said is shown.
    void ended(const aap::Result<aap::RunState>& outcome);
    void removalFailed(const aap::Error& error);
    /// Nothing is being removed any more.
    void removalsDone();

private:
    struct Session;

    static bool canFork(const Session& session);
    Session& add();
    Session& blank();
    Session* known(const std::string& runId) const;
    Session* current() const;
    void carryOut(Session& session, const Start& start);
    void askAndResume(Session& session);
    void connectPage(Session& session);
    void takeBatch(Session& session, const RunBatch& batch);
    void takeEnd(Session& session, const Result<RunState>& outcome);
    void remove(Session& session);
    void takeRemoval(Session& session, const Result<void>& outcome);
    void stop(Session& session);
    void close(int tab);
    void drop(Session& session);
    void front(Session& session);
    void label(const Session& session);

    Workbench& m_workbench;
    QTabWidget* m_tabs;
    std::vector<std::unique_ptr<Session>> m_sessions;
};

} // namespace aap
