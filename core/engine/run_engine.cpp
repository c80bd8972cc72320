#include "core/engine/run_engine.h"

namespace aap {

RunEngine::RunEngine(int maxParallelRuns)
{
    m_pool.setMaxThreadCount(maxParallelRuns);
    m_pool.setExpiryTimeout(-1); // a thread's end would close what the next run could keep open
}

RunEngine::~RunEngine()
{
    stopAll();
    m_pool.waitForDone();
}

void RunEngine::start(const std::string& runId, Job job, Finished finished)
{
    std::stop_token stop;
    {
        const std::lock_guard lock(m_mutex);
        stop = m_running.try_emplace(runId).first->second.get_token();
    }
    m_pool.start([this, runId, job = std::move(job), finished = std::move(finished), stop] {
        const auto outcome = guarded([&] { return job(stop); });
        {
            const std::lock_guard lock(m_mutex);
            m_running.erase(runId);
        }
        finished(runId, outcome);
    });
}

void RunEngine::stop(const std::string& runId)
{
    std::stop_source source(std::nostopstate);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_running.find(runId); found != m_running.end())
            source = found->second;
    }
    source.request_stop(); // outside the lock: stop callbacks run here and may do anything
}

void RunEngine::stopAll()
{
    for (const auto& runId : running())
        stop(runId);
}

std::vector<std::string> RunEngine::running() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> ids;
    for (const auto& [id, source] : m_running)
        ids.push_back(id);
    return ids;
}

} // namespace aap
