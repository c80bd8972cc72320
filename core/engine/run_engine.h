#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include <QThreadPool>

#include "core/base/result.h"
#include "core/domain/run_state.h"

namespace aap {

/// Carries runs out, several at once, each on a thread of its own. Thread-safe.
class RunEngine {
public:
    /// Everything one run does, from opening the journal to closing it; called on the run's thread.
    using Job = std::function<Result<RunState>(const std::stop_token& stop)>;
    /// Called on the run's thread when the job has returned.
    using Finished = std::function<void(const std::string& runId, const Result<RunState>& outcome)>;

    explicit RunEngine(int maxParallelRuns);
    /// Asks every run to stop and waits until each has put its things away.
    ~RunEngine();
    RunEngine(const RunEngine&) = delete;
    RunEngine& operator=(const RunEngine&) = delete;

    /// Of the runs that start from now on; those at work go on.
    void setMaxParallelRuns(int maxParallelRuns) { m_pool.setMaxThreadCount(maxParallelRuns); }
    /// Starts at once, or when a place is free.
    void start(const std::string& runId, Job job, Finished finished);
    /// A request: the run ends as Stopped, within two seconds where the engine lets it. Unknown ids are ignored.
    void stop(const std::string& runId);
    void stopAll();
    std::vector<std::string> running() const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::stop_source> m_running; ///< guarded by m_mutex
    QThreadPool m_pool; ///< our own: a run takes minutes and would starve everyone on the global one
};

} // namespace aap
