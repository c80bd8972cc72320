#pragma once

#include <memory>
#include <mutex>
#include <stop_token>

#include <QThreadPool>

#include "app/composition.h"
#include "app/run_wish.h"
#include "core/config/app_config.h"
#include "core/engine/run_engine.h"
#include "ui/shell/workbench.h"

namespace aap {

/// The window's workbench on the real objects. When settings change there are new ones; runs keep those they began with.
class ComposedWorkbench final : public Workbench {
public:
    /// `settings`: what `composition` was made from, to make it again.
    ComposedWorkbench(std::unique_ptr<Composition> composition, CompositionSettings settings);
    /// Stops what runs and waits until it has put its things away.
    ~ComposedWorkbench() override;

    std::string startRun(const Order& order, Seat seat) override;
    void forecastRun(const PipelineSpec& pipeline, std::function<void(const Result<Forecast>&)> told) override;
    std::string startDemo(Seat seat) override;
    void resumeRun(const Resumption& what, Seat seat) override;
    std::string forkRun(const ForkWish& wish, Seat seat) override;
    void discardRun(const std::string& runId, std::function<void(const Result<void>&)> done) override;
    void bundleRun(const RunSummary& run, const QString& target, std::function<void(const Result<std::size_t>&)> done) override;
    void verifyBundle(const QString& file, std::function<void(const Result<VerifiedBundle>&)> done) override;
    void importBundle(const QString& file, std::function<void(const Result<ImportedRun>&)> done) override;
    void setDemoSpeed(double speed) override;
    void stop(const std::string& runId) override;
    void lookAtSandboxes(const std::string& runId, std::function<void(const Result<std::vector<SandboxLook>>&)> done) override;
    void removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done) override;
    bool isRunning() const override;
    void stopAll() { m_engine.stopAll(); }
    /// `watched` is given the observer of each run that starts from now on, and returns the one the run shall have.
    void watchRuns(std::function<std::shared_ptr<RunObserver>(std::shared_ptr<RunObserver>)> watched) { m_watched = std::move(watched); }
    void examine(std::function<void(const std::vector<Finding>&)> found) override;
    Result<std::unique_ptr<Journal>> openJournal() const override { return composition()->openJournal(); }
    AppConfig config() const override { return composition()->config(); }
    QString configFile() const override;
    void changeSetting(const Setting& setting, const std::optional<Json>& value, std::function<void(const Result<void>&)> done) override;
    void keepKey(const ApiKey& key, KeyPlace place, std::function<void(const Result<void>&)> done) override;
    std::int64_t contextTokens(const std::string& model) const override;
    QString modelName() const override;
    QString demoRequirements() const override;

private:
    using Shared = std::shared_ptr<const Composition>;

    Shared composition() const; // any thread
    /// The run's own past is shown to `past`, which nobody watches: what was, is no news.
    struct Party {
        std::shared_ptr<RunObserver> past;
        std::shared_ptr<RunObserver> observer;
        std::shared_ptr<Approver> approver;
        std::shared_ptr<Steering> steering;
    };

    Party partyOf(const Seat& seat) const;
    static Result<RunState> runNew(const Composition& composition, const RunWish& wish, const std::string& runId, const Party& party, const std::stop_token& stop);
    static Result<RunState> runDemo(const Composition& composition, const RunRequest& request, const Recording& recording, const Party& party, const std::stop_token& stop);
    static Result<RunState> goOn(const Composition& composition, const Resumption& what, const Party& party, const std::stop_token& stop);
    static Result<RunState> fork(const Composition& composition, const ForkWish& wish, const Party& party, const std::stop_token& stop);
    static Result<void> discard(const Composition& composition, const std::string& runId);
    void start(const std::string& runId, RunEngine::Job job, Ended ended);
    ConfigSources configSources() const;
    Result<void> writeSetting(const Setting& setting, const std::optional<Json>& value);
    Result<void> storeKey(const ApiKey& key, KeyPlace place);
    Result<void> makeAnew(CompositionSettings settings);

    mutable std::mutex m_mutex;
    Shared m_composition;           ///< guarded by m_mutex
    std::mutex m_changing;          ///< one change after the other; guards m_settings on worker threads
    CompositionSettings m_settings;
    std::function<std::shared_ptr<RunObserver>(std::shared_ptr<RunObserver>)> m_watched;
    const std::shared_ptr<std::atomic<double>> m_demoSpeed = std::make_shared<std::atomic<double>>(kDemoSpeed); ///< shared with playbacks
    std::stop_source m_stop;
    RunEngine m_engine;
    QThreadPool m_errands; ///< own: they wait for networks
};

} // namespace aap
