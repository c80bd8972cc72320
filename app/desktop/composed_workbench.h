#pragma once

#include <memory>
#include <stop_token>

#include <QThreadPool>

#include "app/composition.h"
#include "core/engine/run_engine.h"
#include "ui/shell/workbench.h"

namespace aap {

/// The window's workbench on the real objects.
class ComposedWorkbench final : public Workbench {
public:
    explicit ComposedWorkbench(const Composition& composition);
    /// Stops what runs and waits until it has put its things away.
    ~ComposedWorkbench() override;

    std::string startRun(const QString& requirements, std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended) override;
    std::string startDemo(std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended) override;
    void stop(const std::string& runId) override;
    void removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done) override;
    bool isRunning() const override;
    void stopAll() { m_engine.stopAll(); }
    /// `watched` is given the observer of each run that starts from now on, and returns the one the run shall have.
    void watchRuns(std::function<std::shared_ptr<RunObserver>(std::shared_ptr<RunObserver>)> watched) { m_watched = std::move(watched); }
    void examine(std::function<void(const std::vector<Finding>&)> found) override;
    QString modelName() const override;
    QString demoRequirements() const override;

private:
    Result<RunState> runDemo(const RunRequest& request, const Recording& recording, Approver& approver, RunObserver& observer, const std::stop_token& stop) const;
    std::string start(Result<RunRequest> request, RunEngine::Job job, Ended ended);

    const Composition& m_composition;
    std::function<std::shared_ptr<RunObserver>(std::shared_ptr<RunObserver>)> m_watched;
    std::stop_source m_stop;
    RunEngine m_engine;
    QThreadPool m_errands; ///< own: they wait for networks
};

} // namespace aap
