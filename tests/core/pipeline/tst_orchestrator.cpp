#include <algorithm>
#include <deque>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/llm/model_source.h"
#include "core/pipeline/orchestrator.h"
#include "core/store/run_moment.h"
#include "core/store/snapshot_files.h"
#include "tests/support/fake_deployer.h"
#include "tests/support/fake_sandbox.h"
#include "tests/support/fixed_approver.h"
#include "tests/support/memory_journal.h"
#include "tests/support/scripted_model.h"

using namespace aap;

namespace {

/// Hands every stage the same scripted model.
class ScriptedModelSource final : public ModelSource {
public:
    Result<std::unique_ptr<LanguageModel>> open(const StageSpec& stage, std::function<void(const std::string&)> /*warn*/) override
    {
        openedFor.push_back(stage.id);
        if (!opening)
            return opening.error();
        return std::unique_ptr<LanguageModel>(std::make_unique<LentModel>(model));
    }

    ScriptedModel model;
    std::vector<StageId> openedFor;
    Result<void> opening{};
};

Json designOf(const std::string& requirement)
{
    return {{"schema", "aap/design/1"}, {"language", "python"}, {"runtime", {{"base_image", "coding-agent-sandbox:latest"}}},
            {"entry_points", {"app.py"}},
            {"components", Json::array({{{"name", "app"}, {"purpose", "everything"}, {"requirements", Json::array({requirement})}}})},
            {"files", Json::array({{{"path", "app.py"}, {"purpose", "the program"}}})}, {"commands", {{"test", {"python3", "-m", "pytest"}}}},
            {"deploy", {{"form", "none"}}}};
}

ModelReply submitted(const std::string& id, const Json& document)
{
    return replyOf({called(id, "submit_result", document)});
}

/// Everything a run needs, faked but for the disk.
struct House {
    House()
    {
        request.runId = "20261126-101010-abcdef";
        request.pipeline = PipelineSpec::standard(RunMode::Full);
        request.requirements = "- The program must print hello\n";
        request.outputFolder = folder.filePath(QStringLiteral("out")).toStdString();
        request.workspaceFolder = folder.filePath(QStringLiteral("ws")).toStdString();
        request.model = "scripted";
        request.baseImages = {"coding-agent-sandbox:latest"};
    }

    Result<RunState> run(const std::stop_token& stop = {})
    {
        return runPipeline(request, {sandboxes, images, deployer, models, journal, approver, observer, redactor}, stop);
    }
    QByteArray output(const char* path) const
    {
        QFile file(folder.filePath(QStringLiteral("out/") + QLatin1String(path)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir folder;
    RunRequest request;
    FakeSandboxProvider sandboxes;
    FakeImageBuilder images;
    FakeDeployer deployer;
    ScriptedModelSource models;
    MemoryJournal journal;
    FixedApprover approver;
    KeepingObserver observer;
    Redactor redactor;
};

} // namespace

/// A run from its request to its end, with everything around it played.
class OrchestratorTest : public QObject {
    Q_OBJECT

private slots:
    void errorsEndTheRunAsTheirCauseSays_data();
    void errorsEndTheRunAsTheirCauseSays();
    void atAClosedGateNothingIsAsked();
    void whatIsNotApprovedIsNotBegun();
    void aRefusalIsNoResult();
    void noSandboxNoModelCall();
    void aStopEndsTheRunInOrder();
    void whatCannotWorkIsSaidBeforeARunBegins_data();
    void whatCannotWorkIsSaidBeforeARunBegins();
    void failedChecksGoBackAndAreBounded();
    void aFullDiskOfTheJournalIsAnError();
    void theDeploymentAgentIsToldWhatIsWanted();
    void whatIsAttachedIsToldAndKept();
    void anotherImageThanTheRecordedIsSaidOnce();
};

void OrchestratorTest::errorsEndTheRunAsTheirCauseSays_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<RunEnding>("ending");
    QTest::newRow("refused key") << ErrorCode::Unauthorized << RunEnding::EnvironmentProblem;
    QTest::newRow("unknown model") << ErrorCode::NotFound << RunEnding::EnvironmentProblem;
    QTest::newRow("no answer") << ErrorCode::Unavailable << RunEnding::ProviderGaveUp;
    QTest::newRow("time is up") << ErrorCode::Timeout << RunEnding::ProviderGaveUp;
    QTest::newRow("rate limit") << ErrorCode::RateLimited << RunEnding::ProviderGaveUp;
    QTest::newRow("nonsense") << ErrorCode::Protocol << RunEnding::ProviderGaveUp;
    QTest::newRow("budget") << ErrorCode::Limit << RunEnding::LimitReached;
    QTest::newRow("bad request") << ErrorCode::Invalid << RunEnding::Failed;
}

void OrchestratorTest::errorsEndTheRunAsTheirCauseSays()
{
    QFETCH(const ErrorCode, code);
    QFETCH(const RunEnding, ending);
    House house;
    house.models.model.add(Error{code, "what the server said", {}, "Do this next."});
    const auto state = house.run();
    QVERIFY(state);
    QCOMPARE(*state->ending, ending);
    QVERIFY(state->reason.find("what the server said") != std::string::npos);
    QCOMPARE(state->remedy, std::string("Do this next."));
    QCOMPARE(state->stage(StageId::Coding)->status, StageStatus::Skipped);
    QCOMPARE(house.sandboxes.swept, std::vector<std::string>{house.request.runId});
    QVERIFY(house.output("pipeline_state.json").contains(std::string(slug(*state->ending)).c_str()));
}

void OrchestratorTest::atAClosedGateNothingIsAsked()
{
    House house;
    house.approver.answer = {.decision = Approver::Decision::Waiting, .by = {}, .comment = {}};
    const auto state = house.run();
    QVERIFY(state);
    QCOMPARE(*state->ending, RunEnding::WaitingAtGate);
    QVERIFY(state->remedy.find("--yes") != std::string::npos);
    QVERIFY(house.models.openedFor.empty());
    QVERIFY(house.sandboxes.opened.empty());
}

void OrchestratorTest::whatIsNotApprovedIsNotBegun()
{
    House house;
    house.approver.answer = {.decision = Approver::Decision::Rejected, .by = "test", .comment = {}};
    const auto state = house.run();
    QVERIFY(state);
    QCOMPARE(*state->ending, RunEnding::Stopped);
    QVERIFY(state->reason.find("requirements") != std::string::npos);
    QVERIFY(house.models.openedFor.empty());
}

void OrchestratorTest::aRefusalIsNoResult()
{
    House house;
    auto refusal = replyOf({}, "refusal");
    refusal.refusal = "cyber: it looks like an attack";
    house.models.model.add(refusal);
    const auto state = house.run();
    QVERIFY(state);
    QCOMPARE(*state->ending, RunEnding::Failed);
    QCOMPARE(state->stage(StageId::Architecture)->status, StageStatus::Refused);
    QVERIFY(state->reason.find("cyber") != std::string::npos);
}

void OrchestratorTest::noSandboxNoModelCall()
{
    House house;
    house.sandboxes.opening = Error{ErrorCode::Unavailable, "Docker is not running", {}, "Start it."};
    const auto state = house.run();
    QVERIFY(state);
    QCOMPARE(*state->ending, RunEnding::EnvironmentProblem);
    QCOMPARE(house.models.model.asked.size(), 0U);
}

void OrchestratorTest::aStopEndsTheRunInOrder()
{
    House house;
    std::stop_source stop;
    house.models.model.add([&stop](const ModelRequest&, const ReplyListener&) -> Result<ModelReply> {
        stop.request_stop();
        return Error{ErrorCode::Stopped, "stopped while waiting for the model"};
    });
    const auto state = house.run(stop.get_token());
    QVERIFY(state);
    QCOMPARE(*state->ending, RunEnding::Stopped);
    QCOMPARE(state->stage(StageId::Architecture)->status, StageStatus::Cancelled);
    QVERIFY(!house.output("20261126-101010-abcdef/REPORT.html").isEmpty());
}

void OrchestratorTest::whatCannotWorkIsSaidBeforeARunBegins_data()
{
    QTest::addColumn<QByteArray>("requirements");
    QTest::addColumn<std::vector<StageId>>("stages");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("nothing to do") << QByteArray("\n\n") << std::vector<StageId>{StageId::Coding} << QByteArray("empty");
    QTest::newRow("tests without code") << QByteArray("- The tool must sort") << std::vector<StageId>{StageId::Testing} << QByteArray("needs code");
    QTest::newRow("monitoring of nothing") << QByteArray("- The tool must sort") << std::vector<StageId>{StageId::Coding, StageId::Monitoring}
                                           << QByteArray("needs a deployment");
}

void OrchestratorTest::whatCannotWorkIsSaidBeforeARunBegins()
{
    QFETCH(const QByteArray, requirements);
    QFETCH(const std::vector<StageId>, stages);
    QFETCH(const QByteArray, says);
    House house;
    house.request.pipeline.mode = RunMode::Stages;
    house.request.requirements = requirements.toStdString();
    for (auto& stage : house.request.pipeline.stages)
        stage.enabled = std::ranges::find(stages, stage.id) != stages.end();
    const auto state = house.run();
    QVERIFY(!state);
    QCOMPARE(state.error().code, ErrorCode::Invalid);
    QVERIFY2(QByteArray::fromStdString(state.error().text()).contains(says), state.error().text().c_str());
    QVERIFY(house.journal.kept.empty());
}

void OrchestratorTest::failedChecksGoBackAndAreBounded()
{
    House house;
    house.request.pipeline.maxResubmits = 1;
    house.models.model.add(submitted("toolu_1", designOf("R7"))); // R1 is in no component
    house.models.model.add(submitted("toolu_2", designOf("R7")));
    const auto state = house.run();
    QVERIFY(state);
    QCOMPARE(*state->ending, RunEnding::Failed);
    QCOMPARE(state->stage(StageId::Architecture)->status, StageStatus::Failed);
    QCOMPARE(house.models.model.asked.size(), 2U);
    const auto& answer = house.models.model.asked.back().messages.back().content.at(0);
    QCOMPARE(answer.at("type").get<std::string>(), std::string("tool_result"));
    QVERIFY2(answer.dump().find("R1") != std::string::npos, answer.dump().c_str());
    QVERIFY(house.output("20261126-101010-abcdef/stages/1-architecture/result.json").contains("\"failed\""));
}

void OrchestratorTest::aFullDiskOfTheJournalIsAnError()
{
    House house;
    house.journal.failAfter = 3;
    const auto state = house.run();
    QVERIFY(!state);
    QVERIFY(state.error().text().find("journal") != std::string::npos);
}

void OrchestratorTest::theDeploymentAgentIsToldWhatIsWanted()
{
    House house;
    QVERIFY(QDir().mkpath(house.folder.filePath(QStringLiteral("project"))));
    QFile code(house.folder.filePath(QStringLiteral("project/app.py")));
    QVERIFY(code.open(QIODevice::WriteOnly) && code.write("print('hello')\n") > 0);
    code.close();
    house.request.repository = house.folder.filePath(QStringLiteral("project")).toStdString();
    house.request.environments = {"qa", "live"};
    auto& pipeline = house.request.pipeline;
    pipeline.mode = RunMode::Stages;
    pipeline.environment = "qa";
    pipeline.platform = "kubernetes";
    pipeline.healthTimeout = Milliseconds(5000);
    for (auto& stage : pipeline.stages)
        stage.enabled = stage.id == StageId::Deployment;
    const auto state = house.run();
    QVERIFY2(state, state ? "" : state.error().text().c_str());
    const auto told = house.models.model.asked.at(0).messages.at(0).content.dump();
    QVERIFY2(told.find("Environment: qa, which is deployed to; write settings for live too. Platform: kubernetes. "
                       "What is deployed must be healthy within 5 s.") != std::string::npos, told.c_str());
}

void OrchestratorTest::whatIsAttachedIsToldAndKept()
{
    House house;
    QFile sample(house.folder.filePath(QStringLiteral("sample.json")));
    QVERIFY(sample.open(QIODevice::WriteOnly) && sample.write("{}") > 0);
    sample.close();
    house.request.attachments = {sample.fileName().toStdString()};
    house.models.model.add(Error{ErrorCode::Invalid, "enough is known", {}, ""});
    const auto state = house.run();
    QVERIFY2(state, state ? "" : state.error().text().c_str());
    const auto told = house.models.model.asked.at(0).messages.at(0).content.dump();
    QVERIFY2(told.find("The user attached files that belong to the requirements") != std::string::npos, told.c_str());
    QVERIFY2(told.find("attachments/sample.json.") != std::string::npos, told.c_str());
    QCOMPARE(state->started.attachments, (std::vector<std::string>{sample.fileName().toStdString()}));
    const auto moment = momentAt(*house.journal.events(state->id, 0), state->lastSeq);
    QVERIFY(moment && !moment->commit.empty());
    const auto files = filesOfSnapshot(state->started.output + "/snapshots.git", moment->commit);
    QVERIFY2(files, files ? "" : files.error().text().c_str());
    QVERIFY(std::ranges::any_of(*files, [](const auto& file) { return file.path == "attachments/sample.json"; })); // so a resumed run has it, too
}

void OrchestratorTest::anotherImageThanTheRecordedIsSaidOnce()
{
    for (const auto* recorded : {"sha256:other", "sha256:fake", ""}) {
        House house;
        house.request.recordedImageId = recorded;
        house.models.model.add(Error{ErrorCode::Invalid, "no", {}, ""});
        const auto state = house.run();
        QVERIFY(state);
        const auto said = std::ranges::count_if(state->warnings, [](const std::string& text) { return text.find("sha256:fake instead of sha256:other") != text.npos; });
        QCOMPARE(said, std::string(recorded) == "sha256:other" ? 1 : 0);
    }
}

QTEST_GUILESS_MAIN(OrchestratorTest)
#include "tst_orchestrator.moc"
