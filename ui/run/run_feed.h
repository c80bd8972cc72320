#pragma once

#include <mutex>
#include <vector>

#include <QObject>

#include "core/engine/run_recorder.h"

namespace aap {

/// What happened since the last batch, and the state it led to.
struct RunBatch {
    std::vector<RunEvent> events{};
    std::vector<LiveEvent> live{};
    RunState state{};
};

/// Brings a run's events from its thread to the window: written on any thread, delivered on the GUI's, in batches.
class RunFeed final : public QObject, public RunObserver {
    Q_OBJECT

public:
    explicit RunFeed(QObject* parent = nullptr);

    void happened(const RunEvent& event, const RunState& state) override; // any thread
    void live(const LiveEvent& event) override;                           // any thread

    /// GUI thread: delivers at once what waits, so that nothing comes after an end.
    void deliver();

signals:
    /// GUI thread, at most 30 times a second.
    void arrived(const aap::RunBatch& batch);

private:
    void ring(bool first);

    std::mutex m_mutex;
    RunBatch m_waiting; // guarded by m_mutex
};

} // namespace aap
