#include "app/desktop/composed_workbench.h"

#include <algorithm>

#include <QFile>

#include "app/doctor.h"
#include "core/base/ids.h"
#include "core/config/edit_config.h"
#include "core/config/secret_store.h"
#include "core/engine/steering.h"
#include "core/llm/prices.h"
#include "core/store/fork_run.h"
#include "core/store/journal_backup.h"

namespace aap {

namespace {

constexpr auto kJournalName = "journal.sqlite";
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

ComposedWorkbench::Party ComposedWorkbench::partyOf(const Seat& seat) const
{
    return {.past = seat.observer, .observer = m_watched(seat.observer), .approver = seat.approver, .steering = seat.steering};
}

std::string ComposedWorkbench::startRun(const Order& order, Seat seat)
{
    RunWish wish;
    wish.requirements = order.requirements.toStdString();
    wish.pipeline = order.pipeline;
    if (!order.repository.isEmpty())
        wish.repository = order.repository.toStdString();
    for (const auto& place : order.attachments)
        wish.attachments.emplace_back(place.toStdString());
    const auto runId = newRunId();
    start(runId, [composition = composition(), wish = std::move(wish), runId, party = partyOf(seat)](const std::stop_token& stop) { return runNew(*composition, wish, runId, party, stop); },
          std::move(seat.ended));
    return runId;
}

Result<RunState> ComposedWorkbench::runNew(const Composition& composition, const RunWish& wish, const std::string& runId, const Party& party, const std::stop_token& stop)
{
    auto request = makeRunRequest(wish, composition.config());
    if (!request)
        return request.error();
    request->runId = runId;
    if (auto ready = composition.preflight(true, stop); !ready)
        return std::move(ready).error();
    return composition.run(*request, *party.approver, *party.observer, stop, party.steering.get());
}

void ComposedWorkbench::forecastRun(const PipelineSpec& pipeline, std::function<void(const Result<Forecast>&)> told)
{
    m_errands.start([composition = composition(), pipeline, told = std::move(told)] { told(guarded([&] { return composition->forecast(pipeline, composition->config().anthropicModel); })); });
}

std::string ComposedWorkbench::startDemo(Seat seat)
{
    auto recording = demoRecording();
    Result<RunRequest> request = recording ? [&] {
        RunWish wish;
        wish.requirements = recording->requirements;
        return makeRunRequest(wish, config());
    }() : Result<RunRequest>(recording.error());
    const auto runId = request ? request->runId : newRunId();
    start(runId, [composition = composition(), request = std::move(request), recording = std::move(recording), party = partyOf(seat),
                  speed = m_demoSpeed](const std::stop_token& stop) -> Result<RunState> {
        if (!request)
            return request.error();
        if (auto ready = composition->preflight(false, stop); !ready)
            return composition->playDemo(speed, *party.observer, stop);
        return runDemo(*composition, *request, *recording, party, stop);
    }, std::move(seat.ended));
    return runId;
}

Result<RunState> ComposedWorkbench::runDemo(const Composition& composition, const RunRequest& request, const Recording& recording, const Party& party, const std::stop_token& stop)
{
    auto asRecorded = request;
    auto pipeline = recordedPipeline(recording, composition.config());
    if (!pipeline)
        return std::move(pipeline).error();
    asRecorded.pipeline = *std::move(pipeline);
    return composition.replay(asRecorded, recording, kDemoPace, *party.approver, *party.observer, stop, party.steering.get());
}

void ComposedWorkbench::resumeRun(const Resumption& what, Seat seat)
{
    start(what.runId, [composition = composition(), what, party = partyOf(seat)](const std::stop_token& stop) { return goOn(*composition, what, party, stop); },
          std::move(seat.ended));
}

Result<RunState> ComposedWorkbench::goOn(const Composition& composition, const Resumption& what, const Party& party, const std::stop_token& stop)
{
    const auto journal = composition.openJournal();
    if (!journal)
        return journal.error();
    const auto past = (*journal)->events(what.runId);
    if (!past)
        return past.error();
    RunState state;
    state.id = what.runId;
    for (const auto& event : *past) {
        apply(state, event);
        party.past->happened(event, state);
    }
    if (what.raised) // as RunResumed then says it
        apply(state, {.seq = state.lastSeq + 1, .at = now(), .stage = what.stage, .payload = *what.raised});
    const auto request = makeResumeRequest(state, {}, composition.config());
    if (!request)
        return request.error();
    if (auto ready = composition.preflight(request->recordingLabel.empty(), stop); !ready)
        return std::move(ready).error();
    return composition.resume(*request, *past, *party.approver, *party.observer, stop, party.steering.get());
}

std::string ComposedWorkbench::forkRun(const ForkWish& wish, Seat seat)
{
    auto fresh = wish;
    fresh.runId = newRunId();
    start(fresh.runId, [composition = composition(), fresh, party = partyOf(seat)](const std::stop_token& stop) { return fork(*composition, fresh, party, stop); },
          std::move(seat.ended));
    return fresh.runId;
}

Result<RunState> ComposedWorkbench::fork(const Composition& composition, const ForkWish& wish, const Party& party, const std::stop_token& stop)
{
    const auto journal = composition.openJournal();
    if (!journal)
        return journal.error();
    if (auto made = aap::forkRun(wish, **journal); !made) {
        (void)forgetRuns(composition.folders().data / kJournalName, {wish.runId}); // what stands there is of no use
        return std::move(made).error();
    }
    return goOn(composition, {.runId = wish.runId}, party, stop);
}

void ComposedWorkbench::discardRun(const std::string& runId, std::function<void(const Result<void>&)> done)
{
    m_errands.start([composition = composition(), runId, done = std::move(done)] { done(guarded([&] { return discard(*composition, runId); })); });
}

/// The folder first: it can be taken out of the trash again, the line in the history cannot.
Result<void> ComposedWorkbench::discard(const Composition& composition, const std::string& runId)
{
    if (composition.isBeingRun(runId))
        return Error{ErrorCode::Invalid, "a program is working on run " + runId, {}, "Stop it first."};
    const auto journal = composition.openJournal();
    if (!journal)
        return journal.error();
    const auto runs = (*journal)->runs();
    if (!runs)
        return runs.error();
    const auto run = std::ranges::find(*runs, runId, &RunSummary::id);
    if (run == runs->end())
        return {};
    std::error_code ignored;
    if (std::filesystem::is_directory(run->output, ignored) && !QFile::moveToTrash(QString::fromStdString(run->output)))
        return Error{ErrorCode::Io, run->output + " cannot be moved to the trash", {}, "Remove the run with 'agent-pipeline runs prune', which deletes for good."};
    return forgetRuns(composition.folders().data / kJournalName, {runId});
}

void ComposedWorkbench::bundleRun(const RunSummary& run, const QString& target, std::function<void(const Result<std::size_t>&)> done)
{
    const BundleWish wish{.output = run.output, .runId = run.id, .title = run.title, .target = target.toStdString()};
    m_errands.start([composition = composition(), wish, stop = m_stop.get_token(), done = std::move(done)] {
        done(guarded([&]() -> Result<std::size_t> {
            const auto key = SigningKey::open(composition->signingKey(), composition->keychain(), stop);
            return key ? writeBundle(wish, *key) : key.error();
        }));
    });
}

void ComposedWorkbench::verifyBundle(const QString& file, std::function<void(const Result<VerifiedBundle>&)> done)
{
    m_errands.start([composition = composition(), file, done = std::move(done)] {
        done(guarded([&]() -> Result<VerifiedBundle> {
            auto found = aap::verifyBundle(file.toStdString());
            if (!found)
                return std::move(found).error();
            const auto own = SigningKey::publicKeyIn(composition->signingKey());
            const bool isOwn = own && *own == found->publicKey;
            return VerifiedBundle{*std::move(found), isOwn};
        }));
    });
}

void ComposedWorkbench::importBundle(const QString& file, std::function<void(const Result<ImportedRun>&)> done)
{
    m_errands.start([composition = composition(), file, stop = m_stop.get_token(), done = std::move(done)] {
        done(guarded([&]() -> Result<ImportedRun> {
            const auto journal = composition->openJournal();
            return journal ? aap::importBundle({.bundle = file.toStdString(), .into = composition->importedRuns()}, **journal, stop) : journal.error();
        }));
    });
}

void ComposedWorkbench::start(const std::string& runId, RunEngine::Job job, Ended ended)
{
    m_engine.start(runId, std::move(job), [ended = std::move(ended)](const std::string&, const Result<RunState>& outcome) { ended(outcome); });
}

void ComposedWorkbench::stop(const std::string& runId)
{
    m_engine.stop(runId);
}

void ComposedWorkbench::setDemoSpeed(double speed)
{
    *m_demoSpeed = speed;
}

void ComposedWorkbench::lookAtSandboxes(const std::string& runId, std::function<void(const Result<std::vector<SandboxLook>>&)> done)
{
    m_errands.start([this, composition = composition(), runId, done = std::move(done)] { done(guarded([&] { return composition->lookAtSandboxes(runId, m_stop.get_token()); })); });
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

std::int64_t ComposedWorkbench::contextTokens(const std::string& model) const
{
    return composition()->prices().contextTokens(model);
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
