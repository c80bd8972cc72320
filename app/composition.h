#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "core/base/paths.h"
#include "core/base/redact.h"
#include "core/config/app_config.h"
#include "core/llm/recording.h"
#include "core/llm/replay_model.h"
#include "core/pipeline/orchestrator.h"
#include "core/sandbox/sandbox_look.h"
#include "core/store/forecast.h"
#include "core/store/journal.h"

namespace aap {

class DockerClient;
class Prices;
class SecretStore;
class Steering;

/// What the two doors tell the house before it is built.
struct CompositionSettings {
    std::map<std::string, std::string> flags{}; ///< configuration keys given as flags
    std::filesystem::path configFile{};         ///< --config; may be empty
    Environment environment{};
    std::filesystem::path workingFolder{};
    bool asksKeychain = true;     ///< for commands that need the key
    bool readsSecrets = true;     ///< for commands that make sandboxes: the values of sandbox.secrets
    bool usesKeychain = false;    ///< not asked for the key, and there all the same
    std::shared_ptr<SecretStore> keychain{}; ///< the process has one; empty: one is made when it is to be asked
    bool logsToTerminal = false;  ///< as well as to the log file
    bool startsLog = true;        ///< not again when settings are read anew
};

/// The one place that makes the real objects and lends them out. Thread-safe once made: every run opens its own journal and models.
class Composition {
public:
    /// Reads settings, finds our folders, knows where the engine would be; asks nobody yet. Errors are those of the settings.
    static Result<std::unique_ptr<Composition>> make(CompositionSettings settings);
    ~Composition();
    Composition(const Composition&) = delete;
    Composition& operator=(const Composition&) = delete;

    const AppConfig& config() const;
    const AppFolders& folders() const;
    std::filesystem::path signingKey() const;   ///< where this user's is, or will be
    std::filesystem::path importedRuns() const; ///< the folder of runs that came in bundles
    const Environment& environment() const;
    const Prices& prices() const;
    const Redactor& redactor() const;
    /// Unavailable and the like when there is no engine to be found; then `engineProblem` says why.
    DockerClient* engine() const;
    const std::optional<Error>& engineProblem() const;
    /// Null for commands that do not use it.
    SecretStore* keychain() const;

    /// What a run will probably need, from what past ones needed; asks the journal.
    Result<Forecast> forecast(const PipelineSpec& pipeline, const std::string& model) const;
    /// The calling thread's own connection.
    Result<std::unique_ptr<Journal>> openJournal() const;
    /// Before a cent is spent: key (unless replies are recorded), engine, image. Removes what dead programs of ours left.
    Result<void> preflight(bool needsKey, const std::stop_token& stop) const;
    /// Carries a run out on the calling thread. `steering`: what the user wants of it meanwhile; outlives the call; null for nothing.
    /// Invalid, besides runPipeline's: another program works on it.
    Result<RunState> run(const RunRequest& request, Approver& approver, RunObserver& observer, const std::stop_token& stop, Steering* steering = nullptr) const;
    /// The same with recorded replies; tools and checks are real.
    Result<RunState> replay(const RunRequest& request, const Recording& recording, ReplayPace pace, Approver& approver, RunObserver& observer,
                            const std::stop_token& stop, Steering* steering = nullptr) const;
    /// Goes on with a run that was interrupted, recorded replies included. `past` is what the journal has of it.
    Result<RunState> resume(const RunRequest& request, const std::vector<RunEvent>& past, Approver& approver, RunObserver& observer, const std::stop_token& stop,
                            Steering* steering = nullptr) const;
    /// Whether a program works on a run now.
    bool isBeingRun(const std::string& runId) const;
    /// The sandboxes of a run that are at work now. Blocks up to a second. Unavailable: they are not Docker's, or it does not answer.
    Result<std::vector<SandboxLook>> lookAtSandboxes(const std::string& runId, const std::stop_token& stop) const;
    /// Stops and removes what a run has deployed: containers, network, volumes and images.
    Result<void> removeDeployment(const std::string& runId) const;
    /// The recorded journal of the demo, shown again; nothing runs. The speed may change while it goes.
    Result<RunState> playDemo(std::shared_ptr<const std::atomic<double>> speed, RunObserver& observer, const std::stop_token& stop) const;

private:
    struct Parts;
    explicit Composition(std::unique_ptr<Parts> parts);
    Result<RunState> carryOut(const RunRequest& request, const std::vector<RunEvent>& past, ModelSource& models, Approver& approver, RunObserver& observer,
                              const std::stop_token& stop, Steering* steering) const;
    Result<Recording> recordingNamed(const std::string& source) const;

    std::unique_ptr<Parts> m_parts;
};

/// The bundled recording.
inline constexpr auto kDemoRecording = ":/demo/recording.json";
Result<Recording> demoRecording();
/// What the provider "replay" plays: provider.recording, else the bundled one.
Result<Recording> configuredRecording(const AppConfig& config);
/// The pipeline as it was when the replies were recorded.
Result<PipelineSpec> recordedPipeline(const Recording& recording, const AppConfig& config);

} // namespace aap
