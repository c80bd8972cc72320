#include "app/composition.h"

#include <fmt/format.h>

#include <QFile>

#include "app/engine_walls.h"
#include "app/model_settings.h"
#include "app/sandbox_settings.h"
#include "core/base/ids.h"
#include "core/config/keychain_store.h"
#include "core/engine/playback.h"
#include "core/engine/sandbox_log.h"
#include "core/llm/model_source.h"
#include "core/llm/prices.h"
#include "core/observe/logging.h"
#include "core/pipeline/run_past.h"
#include "core/store/run_lock.h"
#include "core/store/run_recording.h"
#include "sandbox/docker/container_use.h"
#include "sandbox/docker/docker_deployer.h"
#include "sandbox/docker/docker_image_builder.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/local/absent_engine.h"
#include "sandbox/local/local_sandbox.h"
#include "sandbox/porter/bundled_porter.h"
#include "sandbox/proxy/bundled_proxy.h"

namespace aap {
namespace {

constexpr Milliseconds kKeychainWait{5000};

/// What stands on an engine. There is none when no address for one can be found.
struct EngineParts {
    EngineParts(DockerEndpoint endpoint, DockerSandboxSettings settings) :
        client(std::move(endpoint)), sandboxes(client, settings), images(client), deployer(client, {.seccompProfile = settings.seccompProfile})
    {
    }
    DockerClient client;
    DockerSandboxProvider sandboxes;
    DockerImageBuilder images;
    DockerDeployer deployer;
};

Result<std::unique_ptr<EngineParts>> engineParts(const AppConfig& config, const ProjectSecrets& secrets, const Environment& environment, const AppFolders& folders)
{
    const auto home = environment.find("HOME");
    auto endpoint = findEndpoint(config.sandbox.dockerHost, environment, home == environment.end() ? std::string() : home->second);
    if (!endpoint)
        return std::move(endpoint).error();
    auto settings = sandboxSettings(config);
    if (!settings)
        return std::move(settings).error();
    settings->secrets = secrets;
    if (auto porter = placePorter(folders.cache))
        settings->porter = *std::move(porter);
    else // commands take longer without it, and that is all
        log("docker")->warn("porter.absent {}", porter.error().text());
    if (settings->network == NetworkPolicy::AllowList) {
        if (settings->allowedHosts.empty())
            return Error{ErrorCode::Invalid, "sandbox.network is allow-list, but the list is empty", {},
                         "Name hosts in sandbox.allowed_hosts, such as \"pypi.org:443\", or set sandbox.network to none."};
        auto proxy = placeProxy(folders.cache);
        if (!proxy)
            return std::move(proxy).error();
        settings->proxy = *std::move(proxy);
    }
    return std::make_unique<EngineParts>(*std::move(endpoint), *std::move(settings));
}

std::filesystem::path logFile(const AppConfig& config, const AppFolders& folders)
{
    return config.logging.file.empty() ? folders.state / "log" / "agent-pipeline.log" : config.logging.file;
}

Result<std::vector<RunEvent>> demoEvents()
{
    QFile file(QStringLiteral(":/demo/journal.jsonl"));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound, "the program lacks the journal of its demo", {}, "Install the program again."};
    return parseEventLines(file.readAll().toStdString());
}

/// Where the agents of a run work, and what is built and deployed with.
struct Rooms {
    SandboxProvider& sandboxes;
    ImageBuilder& images;
    Deployer& deployer;
    LocalSandboxProvider* local = nullptr; ///< where they are not the engine's
    std::string warning{};
};

} // namespace

struct Composition::Parts {
    std::shared_ptr<SecretStore> keychain{}; ///< only where the key may be in it
    AppConfig config{};
    AppFolders folders{};
    Environment environment{};
    Prices prices{};
    Result<ProjectSecrets> secrets = ProjectSecrets(); ///< what sandboxes are given
    Redactor redactor{};
    std::unique_ptr<EngineParts> engine{};
    std::optional<Error> engineProblem{};
    std::unique_ptr<LocalSandboxProvider> localRooms{}; ///< where the settings allow them
    AbsentEngine absentEngine{};

    void takeSecrets(const CompositionSettings& settings);
    /// Where agents work, as sandbox.backend says; `auto` asks the engine.
    Result<Rooms> rooms(const std::stop_token& stop);
    std::filesystem::path journalFile() const { return folders.data / "journal.sqlite"; }
};

Result<Rooms> Composition::Parts::rooms(const std::stop_token& stop)
{
    const bool mayChoose = config.sandbox.backend == "auto";
    auto problem = engineProblem;
    if (mayChoose && engine)
        if (auto version = engine->client.apiVersion(stop); !version)
            problem = std::move(version).error();
    if (config.sandbox.backend != "local" && !problem)
        return Rooms{engine->sandboxes, engine->images, engine->deployer};
    if (problem && (!localRooms || problem->code == ErrorCode::Stopped))
        return *problem;
    Rooms local{*localRooms, absentEngine, absentEngine, localRooms.get()};
    if (mayChoose)
        local.warning = fmt::format("Docker does not answer ({}), so agents work in rooms of bubblewrap, with this machine's own programs; nothing can be deployed.", problem->text());
    return local;
}

/// The values of what the project is given, and everything that texts must not show. A value that is missing ends the run that wants it.
void Composition::Parts::takeSecrets(const CompositionSettings& settings)
{
    const auto& sources = config.sandbox.secrets;
    const bool isKept = settings.readsSecrets && std::ranges::any_of(sources, [](const std::string& source) { return source.ends_with("=keychain"); });
    if (!keychain && (isKept || settings.usesKeychain))
        keychain = settings.keychain ? settings.keychain : std::make_shared<KeychainStore>(kKeychainWait);
    if (settings.readsSecrets)
        secrets = readProjectSecrets(sources, environment, [this](const std::string& account) { return keychain->read(account, {}); });
    auto hidden = secretsOf(config);
    for (auto& text : textsToHide(secrets.value_or({})))
        hidden.push_back(std::move(text));
    redactor = Redactor(hidden);
}

Composition::Composition(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
Composition::~Composition() = default;

Result<std::unique_ptr<Composition>> Composition::make(CompositionSettings settings)
{
    auto parts = std::make_unique<Parts>();
    auto folders = appFolders(settings.environment);
    if (!folders)
        return std::move(folders).error();
    parts->folders = *std::move(folders);
    if (auto made = makePrivateFolders(parts->folders); !made)
        return std::move(made).error();
    auto prices = Prices::load(parts->folders.config / "prices.json");
    if (!prices)
        return std::move(prices).error();
    parts->prices = *std::move(prices);

    ConfigSources sources{.flags = std::move(settings.flags), .environment = settings.environment, .file = settings.configFile,
                          .workingFolder = settings.workingFolder, .configFolder = parts->folders.config};
    sources.successorOf = [&prices = parts->prices](const std::string& model) { return prices.successorOf(model); };
    if (settings.asksKeychain) {
        parts->keychain = settings.keychain ? std::move(settings.keychain) : std::make_shared<KeychainStore>(kKeychainWait);
        sources.keychain = [&keychain = *parts->keychain](const std::string& account) { return keychain.read(account, {}); };
    }
    auto config = loadConfig(sources);
    if (!config)
        return std::move(config).error();
    parts->config = *std::move(config);
    std::error_code ignored;
    if (auto own = parts->folders.config / "policy.json"; parts->config.policyFile.empty() && std::filesystem::exists(own, ignored))
        parts->config.policyFile = std::move(own);
    parts->environment = std::move(settings.environment);
    parts->takeSecrets(settings);
    const LogSettings log{.file = logFile(parts->config, parts->folders), .level = parts->config.logging.level, .onStandardError = settings.logsToTerminal};
    if (auto logging = settings.startsLog ? startLogging(log, parts->redactor) : Result<void>(); !logging)
        parts->config.notices.push_back("Nothing is logged: " + logging.error().text());
    auto engine = engineParts(parts->config, parts->secrets.value_or({}), parts->environment, parts->folders);
    if (engine)
        parts->engine = *std::move(engine);
    else
        parts->engineProblem = engine.error();
    if (parts->config.sandbox.backend != "docker") {
        auto rooms = localSandboxSettings(parts->config);
        if (!rooms)
            return std::move(rooms).error();
        rooms->secrets = parts->secrets.value_or({});
        parts->localRooms = std::make_unique<LocalSandboxProvider>(*std::move(rooms));
    }
    return std::unique_ptr<Composition>(new Composition(std::move(parts)));
}

const AppConfig& Composition::config() const { return m_parts->config; }
const AppFolders& Composition::folders() const { return m_parts->folders; }
std::filesystem::path Composition::signingKey() const { return m_parts->folders.data / "signing.key"; }
std::filesystem::path Composition::importedRuns() const { return m_parts->folders.data / "imported"; }
const Environment& Composition::environment() const { return m_parts->environment; }
const Prices& Composition::prices() const { return m_parts->prices; }
const Redactor& Composition::redactor() const { return m_parts->redactor; }
DockerClient* Composition::engine() const { return m_parts->engine ? &m_parts->engine->client : nullptr; }
const std::optional<Error>& Composition::engineProblem() const { return m_parts->engineProblem; }
SecretStore* Composition::keychain() const { return m_parts->keychain.get(); }

Result<std::unique_ptr<Journal>> Composition::openJournal() const
{
    return openSqliteJournal(m_parts->journalFile());
}

Result<Forecast> Composition::forecast(const PipelineSpec& pipeline, const std::string& model) const
{
    const auto journal = openJournal();
    if (!journal)
        return journal.error();
    return aap::forecast(**journal, pipeline, model, [this](std::string_view of, const Usage& usage) { return prices().cost(of, usage); });
}

Result<void> Composition::preflight(bool needsKey, const std::stop_token& stop) const
{
    if (needsKey)
        if (auto missing = missingKey(m_parts->config))
            return *std::move(missing);
    if (!m_parts->secrets)
        return m_parts->secrets.error();
    const auto rooms = m_parts->rooms(stop);
    if (!rooms)
        return rooms.error();
    if (rooms->local != nullptr)
        return rooms->local->tryOut(stop);
    auto& engine = *m_parts->engine;
    if (auto version = engine.client.apiVersion(stop); !version)
        return std::move(version).error();
    if (m_parts->config.sandbox.strict)
        if (auto thick = refuseThinWalls(engine.client, stop); !thick)
            return thick;
    const auto& image = m_parts->config.dockerImage;
    const auto exists = engine.images.imageExists(image, stop);
    if (!exists)
        return exists.error();
    if (!*exists)
        return Error{ErrorCode::NotFound, fmt::format("the sandbox image {} is missing", image), {}, "Run 'agent-pipeline sandbox build'."};
    return engine.sandboxes.sweepDead(stop);
}

Result<RunState> Composition::run(const RunRequest& request, Approver& approver, RunObserver& observer, const std::stop_token& stop, Steering* steering) const
{
    if (m_parts->config.provider.name == "replay") {
        const auto recording = configuredRecording(m_parts->config);
        if (!recording)
            return recording.error();
        return replay(request, *recording, {}, approver, observer, stop, steering);
    }
    auto settings = modelSettings(m_parts->config, m_parts->prices, request.pipeline.limits);
    if (!settings)
        return std::move(settings).error();
    ApiModelSource models(*std::move(settings));
    return carryOut(request, {}, models, approver, observer, stop, steering);
}

Result<RunState> Composition::replay(const RunRequest& request, const Recording& recording, ReplayPace pace, Approver& approver, RunObserver& observer,
                                     const std::stop_token& stop, Steering* steering) const
{
    auto replayed = request;
    replayed.provider = "replay";
    replayed.recordingLabel = recording.label;
    replayed.recording = recording.source;
    replayed.recordedImageId = recording.imageId;
    if (!recording.turns.empty() && !recording.turns.front().model.empty())
        replayed.model = recording.turns.front().model;
    ReplayModelSource models(recording, pace);
    return carryOut(replayed, {}, models, approver, observer, stop, steering);
}

Result<RunState> Composition::resume(const RunRequest& request, const std::vector<RunEvent>& past, Approver& approver, RunObserver& observer,
                                     const std::stop_token& stop, Steering* steering) const
{
    if (!request.recordingLabel.empty()) {
        const auto recording = recordingNamed(request.recording);
        if (!recording)
            return Error(recording.error()).during("go on with recorded replies");
        ReplayModelSource models(*recording);
        if (const auto given = recordingFromEvents(request.runId, past))
            for (const auto& turn : given->turns)
                models.skip(turn);
        return carryOut(request, past, models, approver, observer, stop, steering);
    }
    if (request.provider != m_parts->config.provider.name)
        return Error{ErrorCode::Invalid, fmt::format("the run was begun with the provider {}, and the settings say {}", request.provider, m_parts->config.provider.name), {},
                     fmt::format("Choose {0} as the provider, in the settings or with --provider {0}, and resume it then.", request.provider)};
    auto settings = modelSettings(m_parts->config, m_parts->prices, request.pipeline.limits);
    if (!settings)
        return std::move(settings).error();
    RunState state;
    for (const auto& event : past)
        apply(state, event);
    settings->spentByRun = {.usage = state.usage, .cost = state.cost, .time = timeSpent(past)};
    for (const auto& stage : state.stages)
        settings->spentByStages[stage.id] = {.usage = stage.usage, .cost = stage.cost};
    ApiModelSource models(*std::move(settings));
    return carryOut(request, past, models, approver, observer, stop, steering);
}

Result<Recording> Composition::recordingNamed(const std::string& source) const
{
    if (!isRunId(source))
        return loadRecording(source);
    const auto journal = openJournal();
    if (!journal)
        return journal.error();
    const auto events = (*journal)->events(source);
    if (!events)
        return events.error();
    return recordingFromEvents(source, *events);
}

bool Composition::isBeingRun(const std::string& runId) const
{
    return RunLock::isHeld(m_parts->journalFile(), runId);
}

Result<RunState> Composition::carryOut(const RunRequest& request, const std::vector<RunEvent>& past, ModelSource& models, Approver& approver, RunObserver& observer,
                                       const std::stop_token& stop, Steering* steering) const
{
    if (!m_parts->secrets)
        return m_parts->secrets.error();
    const auto rooms = m_parts->rooms(stop);
    if (!rooms)
        return rooms.error();
    const auto lock = RunLock::take(m_parts->journalFile(), request.runId);
    if (!lock)
        return lock.error();
    const auto journal = openJournal();
    if (!journal)
        return journal.error();
    auto own = request;
    for (auto& text : textsToHide(*m_parts->secrets))
        own.secrets.push_back(std::move(text));
    SandboxLog log(request.saveIntermediateResults ? request.outputFolder / request.runId / SandboxLog::kName : std::filesystem::path("/dev/null"), observer);
    const RunServices services{rooms->sandboxes, rooms->images, rooms->deployer, models, **journal, approver, log, m_parts->redactor, steering, rooms->warning};
    return past.empty() ? runPipeline(own, services, stop) : resumePipeline(own, services, past, stop);
}

Result<std::vector<SandboxLook>> Composition::lookAtSandboxes(const std::string& runId, const std::stop_token& stop) const
{
    if (!m_parts->engine)
        return m_parts->localRooms ? Error{ErrorCode::Unavailable, "only the sandboxes of a Docker engine can be looked at"} : *m_parts->engineProblem;
    return aap::lookAtSandboxes(m_parts->engine->client, runId, stop);
}

Result<void> Composition::removeDeployment(const std::string& runId) const
{
    if (!m_parts->engine)
        return m_parts->localRooms ? Result<void>() : *m_parts->engineProblem;
    return m_parts->engine->deployer.removeDeployment(runId);
}

Result<RunState> Composition::playDemo(std::shared_ptr<const std::atomic<double>> speed, RunObserver& observer, const std::stop_token& stop) const
{
    const auto events = demoEvents();
    if (!events)
        return events.error();
    return playBack("demo", *events, {.label = "playback of a recorded run, nothing is run here", .speedNow = std::move(speed)}, observer, stop);
}

Result<Recording> demoRecording()
{
    return loadRecording(kDemoRecording);
}

Result<Recording> configuredRecording(const AppConfig& config)
{
    return config.provider.recording.empty() ? demoRecording() : loadRecording(config.provider.recording.string());
}

Result<PipelineSpec> recordedPipeline(const Recording& recording, const AppConfig& config)
{
    const auto defaults = [&config](RunMode mode) { return pipelineDefaults(config, mode); };
    if (!recording.pipeline.is_null()) {
        auto pipeline = parsePipelineSpec(recording.pipeline.dump(), defaults);
        if (!pipeline)
            return std::move(pipeline).error().during("read the pipeline of the recording");
        return pipeline;
    }
    auto pipeline = defaults(RunMode::Full);
    const auto& settings = recording.settings;
    pipeline.maxRepairRounds = settings.value("max_repair_rounds", pipeline.maxRepairRounds);
    pipeline.monitoringAuditSeconds = settings.value("monitoring_audit_seconds", pipeline.monitoringAuditSeconds);
    pipeline.coverageThreshold = settings.value("coverage_threshold", pipeline.coverageThreshold);
    return pipeline;
}

} // namespace aap
