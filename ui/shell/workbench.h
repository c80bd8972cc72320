#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/base/result.h"
#include "core/config/doctor.h"
#include "core/config/settings.h"
#include "core/engine/run_recorder.h"
#include "core/pipeline/run_request.h"
#include "core/sandbox/sandbox_look.h"
#include "core/store/bundle.h"
#include "core/store/forecast.h"
#include "core/store/fork_run.h"
#include "core/store/import_bundle.h"
#include "core/store/journal.h"

namespace aap {

class Steering;

constexpr double kDemoSpeed = 4; ///< until somebody chooses another

/// What the window asks of the program around it; the app fulfils it. All calls come from the GUI thread and return at once.
class Workbench {
public:
    Workbench() = default;
    Workbench(const Workbench&) = delete;
    Workbench& operator=(const Workbench&) = delete;
    virtual ~Workbench() = default;

    /// Called on the run's thread when it has ended; a run that could not even begin says why.
    using Ended = std::function<void(const Result<RunState>&)>;

    /// Where somebody sits who takes part in a run: sees it, decides at gates, steers. The run keeps all of it until `ended`, and calls it
    /// on its own thread.
    struct Seat {
        std::shared_ptr<RunObserver> observer{};
        std::shared_ptr<Approver> approver{};
        std::shared_ptr<Steering> steering{};
        Ended ended{};
    };
    /// What a run is to be carried out with.
    struct Order {
        QString requirements{};
        QString repository{}; ///< URL or path to begin with; may be empty
        QStringList attachments{}; ///< files and folders that the agents shall have
        PipelineSpec pipeline{};
    };
    /// A run of the past that shall go on, perhaps with a limit raised that it has reached.
    struct Resumption {
        std::string runId{};
        std::optional<StageId> stage{}; ///< whose limit it is; none: the run's
        std::optional<LimitRaised> raised{};
    };
    /// Starts a run. Returns its id.
    virtual std::string startRun(const Order& order, Seat seat) = 0;
    /// What a run of that pipeline will probably need, from what past ones needed. `told` is called on a worker thread.
    virtual void forecastRun(const PipelineSpec& pipeline, std::function<void(const Result<Forecast>&)> told) = 0;
    /// The bundled recording: with an engine its tools run for real, without one it is only played back.
    virtual std::string startDemo(Seat seat) = 0;
    /// Goes on with a run that was interrupted, or ended so that it may. The observer sees what was before, too.
    virtual void resumeRun(const Resumption& what, Seat seat) = 0;
    /// A new run that shares the past of another; `wish.runId` is not looked at. The observer sees that past. Returns the new run's id.
    virtual std::string forkRun(const ForkWish& wish, Seat seat) = 0;
    /// Moves a run's output folder to the desktop's trash and takes the run out of the history, unless a program works on it. `done` is
    /// called on a worker thread.
    virtual void discardRun(const std::string& runId, std::function<void(const Result<void>&)> done) = 0;
    /// Writes a run that has ended into one file, signed with the user's key. Returns how many files it names. `done` is called on a
    /// worker thread.
    virtual void bundleRun(const RunSummary& run, const QString& target, std::function<void(const Result<std::size_t>&)> done) = 0;
    struct VerifiedBundle {
        BundleVerification found{};
        bool isOwnKey = false; ///< this user signed it
    };
    /// Compares a bundle with its own list. `done` is called on a worker thread.
    virtual void verifyBundle(const QString& file, std::function<void(const Result<VerifiedBundle>&)> done) = 0;
    /// Takes a run out of a bundle into the history, to be read there. `done` is called on a worker thread.
    virtual void importBundle(const QString& file, std::function<void(const Result<ImportedRun>&)> done) = 0;
    /// How fast demos are played back that run nothing, from now on: 1 is as it went.
    virtual void setDemoSpeed(double /*speed*/) {}
    virtual void stop(const std::string& runId) = 0;
    /// Looks at the sandboxes of a run that are at work; `done` is called on a worker thread, after about a second.
    virtual void lookAtSandboxes(const std::string& runId, std::function<void(const Result<std::vector<SandboxLook>>&)> done) = 0;
    /// Removes what a run has deployed and left standing; `done` is called on a worker thread. A playback deploys nothing: the id in
    /// its states is not the one that startDemo returned.
    virtual void removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done) = 0;
    virtual bool isRunning() const = 0;

    /// Looks whether everything is there that a run needs; `found` is called on a worker thread.
    virtual void examine(std::function<void(const std::vector<Finding>&)> found) = 0;
    /// The journal of all runs, a connection of the calling thread's own. The only call that any thread may make; it reads the disk.
    virtual Result<std::unique_ptr<Journal>> openJournal() const = 0;
    /// What is set now, and where each value came from.
    virtual AppConfig config() const = 0;
    /// The file that changes are written to.
    virtual QString configFile() const = 0;
    /// Writes a setting to the configuration file, or takes it out when there is no value. It holds from the next run on; when the
    /// settings do not fit together with it nothing is changed. `done` is called on a worker thread.
    virtual void changeSetting(const Setting& setting, const std::optional<Json>& value, std::function<void(const Result<void>&)> done) = 0;
    enum class KeyPlace { Keychain, Session };
    /// The key of the provider in use. `done` is called on a worker thread.
    virtual void keepKey(const ApiKey& key, KeyPlace place, std::function<void(const Result<void>&)> done) = 0;
    /// How many tokens a model reads at once; 0 where that is not known.
    virtual std::int64_t contextTokens(const std::string& model) const = 0;
    /// "claude-sonnet-5-5", for the status bar.
    virtual QString modelName() const = 0;
    /// The requirements of the bundled recording, to look at before trying it.
    virtual QString demoRequirements() const = 0;
};

} // namespace aap
