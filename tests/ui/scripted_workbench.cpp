#include "tests/ui/scripted_workbench.h"

#include <condition_variable>

#include <fmt/format.h>

#include "core/config/edit_config.h"
#include "core/engine/steering.h"
#include "core/pipeline/run_request.h"
#include "core/store/journal_backup.h"

namespace aap {

struct ScriptedWorkbench::Run {
    Run(ScriptedWorkbench& owner, std::string name) : bench(owner), id(std::move(name)) { state.id = id; }

    void happen(RunObserver& observer, std::optional<StageId> stage, Payload payload)
    {
        const RunEvent event{.seq = state.lastSeq + 1, .at = now(), .stage = stage, .payload = std::move(payload)};
        if (journal && !journal->append(state.id, event))
            qFatal("the journal takes nothing");
        apply(state, event);
        observer.happened(event, state);
    }
    void carryOut(const Seat& seat);
    void play(const Seat& seat);
    void goOn(const Seat& seat);
    void finish(RunObserver& observer);
    void workOnArchitecture(RunObserver& observer);
    void beginCoding(RunObserver& observer);
    void askAt(RunObserver& observer, Approver& approver);
    void heedUntilStop(const Seat& seat);

    ScriptedWorkbench& bench;
    const std::string id;
    std::unique_ptr<Journal> journal{}; ///< of the run's thread
    RunState state{};
    std::stop_source stopSource{};
    std::thread thread{};
    bool goesOn = false; ///< the journal has its past
};

void ScriptedWorkbench::Run::carryOut(const Seat& seat)
{
    if (auto opened = bench.openJournal(); opened && bench.writesJournal)
        journal = *std::move(opened);
    if (goesOn)
        goOn(seat);
    else
        play(seat);
    finish(*seat.observer);
    journal.reset();
}

void ScriptedWorkbench::Run::goOn(const Seat& seat)
{
    for (const auto& event : journal->events(state.id).value_or({})) {
        apply(state, event);
        seat.observer->happened(event, state);
    }
    happen(*seat.observer, {}, RunResumed{});
    TurnFinished turn;
    turn.turn = 8;
    turn.content = Json::array({{{"type", "text"}, {"text", "I go on where I was."}}});
    happen(*seat.observer, StageId::Coding, turn);
    if (bench.runsUntilStopped)
        heedUntilStop(seat);
}

void ScriptedWorkbench::Run::play(const Seat& seat)
{
    auto& observer = *seat.observer;
    if (bench.playsBack)
        state.id = "demo";
    RunStarted started;
    started.mode = RunMode::Full;
    started.model = "claude-sonnet-5-5";
    started.title = bench.title;
    started.recordingLabel = bench.label;
    started.output = bench.output.toStdString();
    auto pipeline = PipelineSpec::standard(RunMode::Full);
    pipeline.limits.money = Money::usd(bench.budget);
    started.pipeline = toJson(pipeline);
    happen(observer, {}, started);
    workOnArchitecture(observer);
    beginCoding(observer);
    if (bench.waitsAtGate)
        askAt(observer, *seat.approver);
    if (bench.warns)
        happen(observer, StageId::Coding, Warned{"the disk is nearly full"});
    if (bench.deploys)
        happen(observer, StageId::Deployment, DeploymentChanged{.state = "healthy", .details = {{"service", "api"}}});
    if (bench.runsUntilStopped)
        heedUntilStop(seat);
}

void ScriptedWorkbench::Run::finish(RunObserver& observer)
{
    if (bench.reachesLimit && !goesOn)
        return happen(observer, {}, RunFinished{.ending = RunEnding::LimitReached, .reason = "the budget is used up"});
    const bool stopped = stopSource.stop_requested();
    happen(observer, {}, RunFinished{.ending = stopped ? RunEnding::Stopped : RunEnding::Completed, .reason = stopped ? "you asked for it" : "every stage passed"});
}

void ScriptedWorkbench::Run::beginCoding(RunObserver& observer)
{
    happen(observer, StageId::Coding, StageStarted{.attempt = 1, .round = 0, .model = "claude-sonnet-5-5", .maxTurns = 20});
    for (const auto& snapshot : bench.snapshots) {
        const auto call = "call " + snapshot;
        happen(observer, StageId::Coding, ToolStarted{.callId = call, .tool = "write_file", .input = {}, .summary = "a.py"});
        ToolFinished tool;
        tool.callId = call;
        tool.tool = "write_file";
        tool.snapshot = snapshot;
        happen(observer, StageId::Coding, tool);
    }
}

void ScriptedWorkbench::Run::workOnArchitecture(RunObserver& observer)
{
    constexpr auto stage = StageId::Architecture;
    happen(observer, stage, StageStarted{.attempt = 1, .round = 0, .model = "claude-sonnet-5-5", .maxTurns = 20});
    observer.live({.kind = LiveEvent::Kind::Text, .stage = stage, .callId = {}, .text = "I read the requirements first."});
    TurnFinished turn;
    turn.turn = 1;
    turn.content = Json::array({{{"type", "text"}, {"text", "I read the requirements first."}}});
    turn.usage = {.inputTokens = 1200, .outputTokens = 300, .calls = 1};
    turn.cost = Money::usd(0.0054);
    happen(observer, stage, turn);
    happen(observer, stage, ToolStarted{.callId = "a", .tool = "list_directory", .input = {}, .summary = "."});
    ToolFinished tool;
    tool.callId = "a";
    tool.tool = "list_directory";
    tool.result = "README.md\nsrc/";
    happen(observer, stage, tool);
    happen(observer, stage, CheckFinished{{.id = "architecture.must-requirements"}});
    happen(observer, stage, StageFinished{.status = StageStatus::Passed});
}

void ScriptedWorkbench::Run::askAt(RunObserver& observer, Approver& approver)
{
    const GateOpened gate{.gate = "deployment", .question = "Deploy the service?", .details = {{"environment", "development"}}};
    happen(observer, StageId::Deployment, gate);
    bench.answered = approver.ask(gate, stopSource.get_token());
    const bool approved = bench.answered.decision == Approver::Decision::Approved;
    happen(observer, StageId::Deployment, GateDecided{.gate = "deployment", .decision = approved ? "approved" : "rejected", .by = bench.answered.by});
}

/// A stage whose turns take a moment each.
void ScriptedWorkbench::Run::heedUntilStop(const Seat& seat)
{
    std::mutex mutex;
    std::condition_variable_any turn;
    std::unique_lock lock(mutex);
    const auto stop = stopSource.get_token();
    while (!turn.wait_for(lock, stop, std::chrono::milliseconds(10), [&] { return stop.stop_requested(); })) {
        if (const auto reason = seat.steering->pausedFor(); !reason.empty()) {
            happen(*seat.observer, StageId::Coding, RunPaused{reason});
            seat.steering->waitUntilGoesOn(stop);
            happen(*seat.observer, StageId::Coding, RunResumed{});
        }
        for (auto& wish : seat.steering->take())
            happen(*seat.observer, wish.stage, std::move(wish.payload));
    }
}

ScriptedWorkbench::ScriptedWorkbench() = default;

ScriptedWorkbench::~ScriptedWorkbench()
{
    for (const auto& run : m_runs)
        run->stopSource.request_stop();
    for (const auto& run : m_runs)
        run->thread.join();
}

std::string ScriptedWorkbench::runId(int number)
{
    return fmt::format("20261124-12000{}-abcdef", number);
}

std::string ScriptedWorkbench::startRun(const Order& order, Seat seat)
{
    asked << order.requirements;
    lastOrder = order;
    return start(std::move(seat));
}

void ScriptedWorkbench::forecastRun(const PipelineSpec& pipeline, std::function<void(const Result<Forecast>&)> told)
{
    auto journal = openJournal();
    told(journal ? forecast(**journal, pipeline, modelName().toStdString(), [](std::string_view, const Usage& usage) { return Money{usage.inputTokens}; }) : Result<Forecast>(journal.error()));
}

std::string ScriptedWorkbench::startDemo(Seat seat)
{
    label = "recorded replies, no model is called";
    return start(std::move(seat));
}

void ScriptedWorkbench::resumeRun(const Resumption& what, Seat seat)
{
    resumed = what;
    start(std::move(seat), what.runId);
}

std::string ScriptedWorkbench::forkRun(const ForkWish& wish, Seat seat)
{
    forked = wish;
    return start(std::move(seat));
}

void ScriptedWorkbench::discardRun(const std::string& runId, std::function<void(const Result<void>&)> done)
{
    discarded << QString::fromStdString(runId);
    done(forgetRuns(m_folder.filePath(QStringLiteral("journal.sqlite")).toStdString(), {runId}));
}

void ScriptedWorkbench::bundleRun(const RunSummary& run, const QString& target, std::function<void(const Result<std::size_t>&)> done)
{
    const auto key = SigningKey::open(m_folder.filePath(QStringLiteral("signing.key")).toStdString());
    done(key ? writeBundle({.output = run.output, .runId = run.id, .title = run.title, .target = target.toStdString()}, *key) : key.error());
}

void ScriptedWorkbench::verifyBundle(const QString& file, std::function<void(const Result<VerifiedBundle>&)> done)
{
    const auto found = aap::verifyBundle(file.toStdString());
    const auto key = SigningKey::open(m_folder.filePath(QStringLiteral("signing.key")).toStdString());
    done(found ? Result<VerifiedBundle>({*found, key && key->publicKey() == found->publicKey}) : found.error());
}

void ScriptedWorkbench::importBundle(const QString& file, std::function<void(const Result<ImportedRun>&)> done)
{
    const auto journal = openJournal();
    done(journal ? aap::importBundle({.bundle = file.toStdString(), .into = m_folder.filePath(QStringLiteral("imported")).toStdString()}, **journal, {}) : journal.error());
}

std::string ScriptedWorkbench::leaveInterrupted()
{
    struct Nobody final : RunObserver {
        void happened(const RunEvent& /*event*/, const RunState& /*state*/) override {}
        void live(const LiveEvent& /*event*/) override {}
    } nobody;
    writesJournal = true;
    Run run(*this, runId(9));
    run.journal = *openJournal();
    run.happen(nobody, {}, RunStarted{.mode = RunMode::Full, .title = title, .pipeline = toJson(PipelineSpec::standard(RunMode::Full)), .model = "claude-sonnet-5-5"});
    run.workOnArchitecture(nobody);
    run.beginCoding(nobody);
    run.happen(nobody, StageId::Coding, TurnStarted{7});
    return run.state.id;
}

QStringList ScriptedWorkbench::recorded(const std::string& runId) const
{
    QStringList types;
    const auto journal = openJournal();
    for (const auto& event : (*journal)->events(runId).value_or({}))
        types << QString::fromUtf8(typeName(event.payload).data(), qsizetype(typeName(event.payload).size()));
    return types;
}

void ScriptedWorkbench::takePlace()
{
    std::unique_lock lock(m_mutex);
    m_placeFree.wait(lock, [this] { return m_atWork < places; });
    ++m_atWork;
}

void ScriptedWorkbench::leavePlace()
{
    const std::lock_guard lock(m_mutex);
    --m_atWork;
    m_placeFree.notify_all();
}

std::string ScriptedWorkbench::start(Seat seat, std::string id)
{
    const bool goesOn = !id.empty();
    auto& run = *m_runs.emplace_back(std::make_unique<Run>(*this, goesOn ? std::move(id) : runId(int(m_runs.size()))));
    run.goesOn = goesOn;
    ++m_running;
    run.thread = std::thread([this, &run, seat = std::move(seat)] {
        takePlace();
        if (!refusal)
            run.carryOut(seat);
        leavePlace();
        --m_running;
        seat.ended(refusal ? Result<RunState>(*refusal) : Result<RunState>(run.state));
    });
    return run.id;
}

Result<std::unique_ptr<Journal>> ScriptedWorkbench::openJournal() const
{
    return openSqliteJournal(m_folder.filePath(QStringLiteral("journal.sqlite")).toStdString());
}

ConfigSources ScriptedWorkbench::sources() const
{
    return {.flags = flags, .environment = environment, .configFolder = m_folder.filePath(QStringLiteral("config")).toStdString()};
}

AppConfig ScriptedWorkbench::config() const
{
    return loadConfig(sources()).value_or(AppConfig{});
}

void ScriptedWorkbench::changeSetting(const Setting& setting, const std::optional<Json>& value, std::function<void(const Result<void>&)> done)
{
    const auto edited = editConfig(sources(), setting, value);
    done(edited ? Result<void>() : Result<void>(edited.error()));
}

void ScriptedWorkbench::keepKey(const ApiKey& key, KeyPlace place, std::function<void(const Result<void>&)> done)
{
    if (place == KeyPlace::Keychain && !hasKeychain)
        return done(Error{ErrorCode::Unavailable, "there is no keychain", {}, "Keep the key for this session only."});
    keptKey = key.reveal();
    flags["anthropic_api_key"] = keptKey;
    done({});
}

void ScriptedWorkbench::stop(const std::string& runId)
{
    for (const auto& run : m_runs)
        if (run->id == runId)
            run->stopSource.request_stop();
}

void ScriptedWorkbench::lookAtSandboxes(const std::string& /*runId*/, std::function<void(const Result<std::vector<SandboxLook>>&)> done)
{
    ++sandboxLooks;
    done(sandboxes);
}

void ScriptedWorkbench::removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done)
{
    removed << QString::fromStdString(runId);
    done(removalFails ? Result<void>(Error{ErrorCode::Unavailable, "no engine answers"}) : Result<void>());
}

} // namespace aap
