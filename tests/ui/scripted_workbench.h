#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <QStringList>
#include <QTemporaryDir>

#include "core/domain/run_state.h"
#include "ui/shell/workbench.h"

namespace aap {

/// A program around the window whose runs say what they are told and wait at a gate or for their end.
class ScriptedWorkbench : public Workbench {
public:
    ScriptedWorkbench();
    ~ScriptedWorkbench() override;

    std::string startRun(const Order& order, Seat seat) override;
    void forecastRun(const PipelineSpec& pipeline, std::function<void(const Result<Forecast>&)> told) override;
    std::string startDemo(Seat seat) override;
    void resumeRun(const Resumption& what, Seat seat) override;
    std::string forkRun(const ForkWish& wish, Seat seat) override;
    void discardRun(const std::string& runId, std::function<void(const Result<void>&)> done) override;
    void bundleRun(const RunSummary& run, const QString& target, std::function<void(const Result<std::size_t>&)> done) override;
    void verifyBundle(const QString& file, std::function<void(const Result<VerifiedBundle>&)> done) override;
    void importBundle(const QString& file, std::function<void(const Result<ImportedRun>&)> done) override;
    void stop(const std::string& runId) override;
    void lookAtSandboxes(const std::string& runId, std::function<void(const Result<std::vector<SandboxLook>>&)> done) override;
    void removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done) override;
    bool isRunning() const override { return m_running > 0; }
    void examine(std::function<void(const std::vector<Finding>&)> found) override { found(findings); }
    Result<std::unique_ptr<Journal>> openJournal() const override;
    AppConfig config() const override;
    QString configFile() const override { return m_folder.filePath(QStringLiteral("config/config.json")); }
    void changeSetting(const Setting& setting, const std::optional<Json>& value, std::function<void(const Result<void>&)> done) override;
    void keepKey(const ApiKey& key, KeyPlace place, std::function<void(const Result<void>&)> done) override;
    std::int64_t contextTokens(const std::string& /*model*/) const override { return 200'000; }
    QString modelName() const override { return QStringLiteral("claude-sonnet-5-5"); }
    QString demoRequirements() const override { return QStringLiteral("# Demo"); }

    static std::string runId(int number); ///< from 0
    /// Leaves a run in the journal as a program does that died in Coding, turn 7.
    std::string leaveInterrupted();
    /// The events that runs have recorded, as their types.
    QStringList recorded(const std::string& runId) const;

    QStringList asked{}; ///< requirements of the runs, in their order
    Order lastOrder{};
    std::string label{};
    std::string title = "Todo service <b>not bold</b>";
    QString output{};
    bool writesJournal = false; ///< else it stays empty
    bool waitsAtGate = false;
    bool runsUntilStopped = false; ///< and heeds wishes meanwhile
    bool playsBack = false; ///< the states are of another id
    bool reachesLimit = false;
    double budget = 5; ///< dollars
    std::vector<std::string> snapshots{}; ///< Coding leaves them, one with each call
    std::optional<Resumption> resumed{};
    std::optional<ForkWish> forked{};
    QStringList discarded{};
    std::map<std::string, std::string> flags{};
    Environment environment{};
    bool hasKeychain = true;
    std::string keptKey{};
    std::vector<SandboxLook> sandboxes{}; ///< of every run
    int sandboxLooks = 0; ///< how often somebody looked
    bool deploys = false;
    bool warns = false;
    bool removalFails = false;
    int places = 8; ///< for runs at the same time
    QStringList removed{};
    std::vector<Finding> findings{};
    Approver::Answer answered{};
    std::optional<Error> refusal{};

private:
    struct Run;
    ConfigSources sources() const;
    void takePlace();
    void leavePlace();
    std::string start(Seat seat, std::string runId = {});

    QTemporaryDir m_folder{};
    std::vector<std::unique_ptr<Run>> m_runs{};
    std::atomic_int m_running = 0;
    std::mutex m_mutex{};
    std::condition_variable m_placeFree{};
    int m_atWork = 0; ///< guarded by m_mutex
};

} // namespace aap
