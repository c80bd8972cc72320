#include "tests/ui/scripted_workbench.h"

#include <condition_variable>

#include <fmt/format.h>

#include "core/config/edit_config.h"
#include "core/pipeline/run_request.h"

namespace aap {

struct ScriptedWorkbench::Run {
    Run(ScriptedWorkbench& owner, std::string id) : bench(owner) { state.id = std::move(id); }

    void happen(RunObserver& observer, std::optional<StageId> stage, Payload payload)
    {
        const RunEvent event{.seq = state.lastSeq + 1, .at = now(), .stage = stage, .payload = std::move(payload)};
        if (journal && !journal->append(state.id, event))
            qFatal("the journal takes nothing");
        apply(state, event);
        observer.happened(event, state);
    }
    void play(RunObserver& observer, Approver& approver);
    void workOnArchitecture(RunObserver& observer);
    void askAt(RunObserver& observer, Approver& approver);
    void waitForStop();

    ScriptedWorkbench& bench;
    std::unique_ptr<Journal> journal{}; ///< of the run's thread
    RunState state{};
    std::stop_source stopSource{};
    std::thread thread{};
};

void ScriptedWorkbench::Run::play(RunObserver& observer, Approver& approver)
{
    if (auto opened = bench.openJournal(); opened && bench.writesJournal)
        journal = *std::move(opened);
    RunStarted started;
    started.mode = RunMode::Full;
    started.model = "claude-sonnet-5-5";
    started.title = bench.title;
    started.recordingLabel = bench.label;
    started.output = bench.output.toStdString();
    started.pipeline = toJson(PipelineSpec::standard(RunMode::Full));
    happen(observer, {}, started);
    workOnArchitecture(observer);
    happen(observer, StageId::Coding, StageStarted{.attempt = 1, .round = 0, .model = "claude-sonnet-5-5", .maxTurns = 20});
    if (bench.waitsAtGate)
        askAt(observer, approver);
    if (bench.deploys)
        happen(observer, StageId::Deployment, DeploymentChanged{.state = "healthy", .details = {{"service", "api"}}});
    if (bench.runsUntilStopped)
        waitForStop();
    const bool stopped = stopSource.stop_requested();
    happen(observer, {}, RunFinished{.ending = stopped ? RunEnding::Stopped : RunEnding::Completed, .reason = stopped ? "you asked for it" : "every stage passed"});
    journal.reset();
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
    happen(observer, StageId::Deployment, GateDecided{.gate = "deployment", .decision = "approved", .by = bench.answered.by});
}

void ScriptedWorkbench::Run::waitForStop()
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait(lock, stopSource.get_token(), [] { return false; });
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

std::string ScriptedWorkbench::startRun(const Order& order, std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
{
    asked << order.requirements;
    lastOrder = order;
    return start(std::move(observer), std::move(approver), std::move(ended));
}

std::string ScriptedWorkbench::startDemo(std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
{
    label = "recorded replies, no model is called";
    return start(std::move(observer), std::move(approver), std::move(ended));
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

std::string ScriptedWorkbench::start(std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
{
    auto& run = *m_runs.emplace_back(std::make_unique<Run>(*this, runId(int(m_runs.size()))));
    ++m_running;
    run.thread = std::thread([this, &run, observer = std::move(observer), approver = std::move(approver), ended = std::move(ended)] {
        takePlace();
        if (!refusal)
            run.play(*observer, *approver);
        leavePlace();
        --m_running;
        ended(refusal ? Result<RunState>(*refusal) : Result<RunState>(run.state));
    });
    return run.state.id;
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
        if (run->state.id == runId)
            run->stopSource.request_stop();
}

void ScriptedWorkbench::removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done)
{
    removed << QString::fromStdString(runId);
    done(removalFails ? Result<void>(Error{ErrorCode::Unavailable, "no engine answers"}) : Result<void>());
}

} // namespace aap
