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
    using Start = std::function<std::string(std::shared_ptr<RunObserver>, std::shared_ptr<Approver>, Workbench::Ended)>;

    explicit RunDesk(Workbench& workbench, QWidget* parent = nullptr);
    ~RunDesk() override;

    void begin(const Start& start);
    /// A run of the past as its events tell it; nothing of it can be stopped or decided.
    void showPast(const RunBatch& batch);
    /// Brings a run that this window knows to the front; false when it knows none of that id.
    bool show(const std::string& runId);
    void stopCurrent();
    void stopAll();
    void closeCurrent();
    void stepTab(int by);
    /// Of all runs that this window has started.
    void removeDeployments();

    /// Of the run in front; empty when there is none.
    const RunState& state() const;
    bool isCurrentRunning() const;
    std::size_t running() const;
    std::set<std::string> atWork() const; ///< ids of the runs whose first event is in the journal; not of those that still wait for a place
    std::size_t waiting() const;  ///< at gates
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

    Session& add();
    Session* current() const;
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
