#include "app/desktop/composed_workbench.h"

#include "app/doctor.h"
#include "app/run_wish.h"
#include "core/base/ids.h"
#include "core/config/edit_config.h"
#include "core/config/secret_store.h"

namespace aap {

namespace {

/// As fast as people read along.
constexpr ReplayPace kDemoPace{.betweenPieces = Milliseconds(10), .beforeTurn = Milliseconds(200)};

} // namespace

ComposedWorkbench::ComposedWorkbench(std::unique_ptr<Composition> composition, CompositionSettings settings) :
    m_composition(std::move(composition)), m_settings(std::move(settings)),
    m_watched([](std::shared_ptr<RunObserver> observer) { return observer; }), m_engine(m_composition->config().maxParallelRuns)
{
    m_settings.startsLog = false; // it goes on
}

ComposedWorkbench::~ComposedWorkbench()
{
    m_stop.request_stop();
    m_engine.stopAll();
    m_errands.waitForDone();
}

ComposedWorkbench::Shared ComposedWorkbench::composition() const
{
    const std::lock_guard lock(m_mutex);
    return m_composition;
}

std::string ComposedWorkbench::startRun(const Order& order, std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
{
    RunWish wish;
    wish.requirements = order.requirements.toStdString();
    wish.pipeline = order.pipeline;
    if (!order.repository.isEmpty())
        wish.repository = order.repository.toStdString();
    auto request = makeRunRequest(wish, config());
    const auto job = [composition = composition(), request, observer = m_watched(std::move(observer)), approver = std::move(approver)](const std::stop_token& stop) -> Result<RunState> {
        if (!request)
            return request.error();
        if (auto ready = composition->preflight(true, stop); !ready)
            return std::move(ready).error();
        return composition->run(*request, *approver, *observer, stop);
    };
    return start(request, job, std::move(ended));
}

std::string ComposedWorkbench::startDemo(std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
{
    auto recording = demoRecording();
    Result<RunRequest> request = recording ? [&] {
        RunWish wish;
        wish.requirements = recording->requirements;
        return makeRunRequest(wish, config());
    }() : Result<RunRequest>(recording.error());
    const auto job = [composition = composition(), request, recording, observer = m_watched(std::move(observer)),
                      approver = std::move(approver), speed = m_demoSpeed](const std::stop_token& stop) -> Result<RunState> {
        if (!request)
            return request.error();
        if (auto ready = composition->preflight(false, stop); !ready)
            return composition->playDemo(speed, *observer, stop);
        return runDemo(*composition, *request, *recording, *approver, *observer, stop);
    };
    return start(request, job, std::move(ended));
}

Result<RunState> ComposedWorkbench::runDemo(const Composition& composition, const RunRequest& request, const Recording& recording, Approver& approver, RunObserver& observer,
                                            const std::stop_token& stop)
{
    auto asRecorded = request;
    auto pipeline = recordedPipeline(recording, composition.config());
    if (!pipeline)
        return std::move(pipeline).error();
    asRecorded.pipeline = *std::move(pipeline);
    return composition.replay(asRecorded, recording, kDemoPace, approver, observer, stop);
}

std::string ComposedWorkbench::start(Result<RunRequest> request, RunEngine::Job job, Ended ended)
{
    const auto runId = request ? request->runId : newRunId();
    m_engine.start(runId, std::move(job), [ended = std::move(ended)](const std::string&, const Result<RunState>& outcome) { ended(outcome); });
    return runId;
}

void ComposedWorkbench::stop(const std::string& runId)
{
    m_engine.stop(runId);
}

void ComposedWorkbench::setDemoSpeed(double speed)
{
    *m_demoSpeed = speed;
}

void ComposedWorkbench::removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done)
{
    m_errands.start([composition = composition(), runId, done = std::move(done)] { done(guarded([&] { return composition->removeDeployment(runId); })); });
}

bool ComposedWorkbench::isRunning() const
{
    return !m_engine.running().empty();
}

void ComposedWorkbench::examine(std::function<void(const std::vector<Finding>&)> found)
{
    m_errands.start([this, composition = composition(), found = std::move(found)] { found(aap::examine(*composition, m_stop.get_token())); });
}

ConfigSources ComposedWorkbench::configSources() const
{
    return {.environment = m_settings.environment, .file = m_settings.configFile, .workingFolder = m_settings.workingFolder,
            .configFolder = composition()->folders().config};
}

QString ComposedWorkbench::configFile() const
{
    return QString::fromStdString(editedConfigFile(configSources()).string());
}

void ComposedWorkbench::changeSetting(const Setting& setting, const std::optional<Json>& value, std::function<void(const Result<void>&)> done)
{
    m_errands.start([this, &setting, value, done = std::move(done)] { done(guarded([&] { return writeSetting(setting, value); })); });
}

Result<void> ComposedWorkbench::writeSetting(const Setting& setting, const std::optional<Json>& value)
{
    const std::lock_guard lock(m_changing);
    auto edited = editConfig(configSources(), setting, value);
    if (!edited)
        return std::move(edited).error();
    auto made = makeAnew(m_settings);
    if (!made) // they do not fit together with it: what was is what is
        if (auto undone = undoEdit(*edited); !undone)
            return std::move(undone).error().during("put back the settings");
    return made;
}

void ComposedWorkbench::keepKey(const ApiKey& key, KeyPlace place, std::function<void(const Result<void>&)> done)
{
    m_errands.start([this, key, place, done = std::move(done)] { done(guarded([&] { return storeKey(key, place); })); });
}

Result<void> ComposedWorkbench::storeKey(const ApiKey& key, KeyPlace place)
{
    const std::lock_guard lock(m_changing);
    const auto current = composition();
    const std::string account = current->config().provider.name == "anthropic" ? "anthropic_api_key" : "provider.auth_token";
    auto settings = m_settings;
    settings.flags.erase(account);
    if (place == KeyPlace::Session)
        settings.flags[account] = key.reveal();
    else if (auto* keychain = current->keychain(); keychain == nullptr)
        return Error{ErrorCode::Unavailable, "there is no keychain", {}, "Keep the key for this session only, or set ANTHROPIC_API_KEY."};
    else if (auto kept = keychain->write(account, key, m_stop.get_token()); !kept)
        return std::move(kept).error().advise("Keep the key for this session only, or set ANTHROPIC_API_KEY.");
    auto made = makeAnew(settings);
    if (made)
        m_settings = std::move(settings);
    return made;
}

/// Runs go on with what they began with.
Result<void> ComposedWorkbench::makeAnew(CompositionSettings settings)
{
    auto made = Composition::make(std::move(settings));
    if (!made)
        return std::move(made).error();
    Shared fresh = *std::move(made);
    const std::lock_guard lock(m_mutex);
    m_composition.swap(fresh);
    m_engine.setMaxParallelRuns(m_composition->config().maxParallelRuns);
    return {};
}

QString ComposedWorkbench::modelName() const
{
    return QString::fromStdString(config().anthropicModel);
}

QString ComposedWorkbench::demoRequirements() const
{
    const auto recording = demoRecording();
    return recording ? QString::fromStdString(recording->requirements) : QString();
}

} // namespace aap
