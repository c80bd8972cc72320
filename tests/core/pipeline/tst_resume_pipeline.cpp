#include <set>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/llm/model_source.h"
#include "core/pipeline/orchestrator.h"
#include "tests/support/fake_deployer.h"
#include "tests/support/fake_sandbox.h"
#include "tests/support/fixed_approver.h"
#include "tests/support/memory_journal.h"
#include "tests/support/scripted_model.h"

using namespace aap;

namespace {

/// Answers by how far the conversation of the stage is, as a model would: whoever asks a turn again is answered again.
class ReviewModel final : public LanguageModel {
public:
    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& /*listener*/, const std::stop_token& /*stop*/) override
    {
        const auto turn = std::ranges::count(request.messages, Message::Role::Assistant, &Message::role);
        asked.push_back(request.stage + "/" + std::to_string(turn + 1));
        if (failing)
            return *failing;
        if (turn == 0)
            return replyOf({said("I look."), called(request.stage + "-look", "list_directory", Json{{"path", "."}})});
        return replyOf({called(request.stage + "-result", "submit_result", Json{{"schema", "aap/review/1"}, {"summary", "Nothing to say."}, {"findings", Json::array()}})});
    }
    std::vector<std::string> asked{};
    std::optional<Error> failing{};
};

class ReviewModels final : public ModelSource {
public:
    Result<std::unique_ptr<LanguageModel>> open(const StageSpec& /*stage*/, std::function<void(const std::string&)> /*warn*/) override
    {
        return std::unique_ptr<LanguageModel>(std::make_unique<LentModel>(model));
    }
    ReviewModel model;
};

/// A review of a small project, everything around it faked but for the disk.
struct House {
    House()
    {
        QDir().mkpath(folder.filePath(QStringLiteral("project")));
        QFile code(folder.filePath(QStringLiteral("project/app.py")));
        if (!code.open(QIODevice::WriteOnly) || code.write("print('hello')\n") < 0)
            qFatal("cannot write the project");
        request.runId = "20261126-101010-abcdef";
        request.pipeline = PipelineSpec::standard(RunMode::Review);
        request.pipeline.stages.pop_back();
        request.pipeline.stages[1].gateBefore = true;
        request.repository = folder.filePath(QStringLiteral("project")).toStdString();
        request.outputFolder = folder.filePath(QStringLiteral("out")).toStdString();
        request.workspaceFolder = folder.filePath(QStringLiteral("ws")).toStdString();
        request.model = "scripted";
    }

    Result<RunState> run() { return runPipeline(request, services(), {}); }
    /// A new program after the one that had recorded so much.
    Result<RunState> resume(std::vector<RunEvent> past)
    {
        journal.kept[request.runId] = past;
        models.model.asked.clear();
        approver.gates.clear();
        return resumePipeline(request, services(), past, {});
    }
    RunServices services() { return {sandboxes, images, deployer, models, journal, approver, observer, redactor}; }
    const std::vector<RunEvent>& events() { return journal.kept[request.runId]; }

    QTemporaryDir folder;
    RunRequest request;
    FakeSandboxProvider sandboxes;
    FakeImageBuilder images;
    FakeDeployer deployer;
    ReviewModels models;
    MemoryJournal journal;
    FixedApprover approver;
    KeepingObserver observer;
    Redactor redactor;
};

/// The turns that are paid, by stage and number.
std::vector<std::string> paidTurns(const std::vector<RunEvent>& events)
{
    std::vector<std::string> turns;
    for (const auto& event : events)
        if (const auto* turn = std::get_if<TurnFinished>(&event.payload))
            turns.push_back(std::string(slug(*event.stage)) + "/" + std::to_string(turn->turn));
    return turns;
}

} // namespace

/// A run that was interrupted goes on, wherever its journal ends.
class ResumePipelineTest : public QObject {
    Q_OBJECT

private slots:
    void itGoesOnFromEveryEvent();
    void whatEndedForNowGoesOn_data();
    void whatEndedForNowGoesOn();
    void whatHasEndedDoesNotGoOn();
    void aFullDiskIsNoFailureOfTheRun();
    void anApprovalHoldsAndARefusalIsAskedAgain();
    void theProjectIsPutBackToTheLastTool();
    void aJournalOfAnOlderVersionIsRefused();
};

void ResumePipelineTest::itGoesOnFromEveryEvent()
{
    House house;
    const auto undisturbed = house.run();
    QVERIFY2(undisturbed, undisturbed ? "" : undisturbed.error().text().c_str());
    QCOMPARE(*undisturbed->ending, RunEnding::Completed);
    const auto whole = house.events();
    const auto turns = paidTurns(whole);
    QCOMPARE(turns.size(), 4U);
    for (std::size_t kept = 1; kept < whole.size(); ++kept) {
        const std::vector<RunEvent> past(whole.begin(), whole.begin() + std::ptrdiff_t(kept));
        const auto where = "after " + std::to_string(kept) + ", " + std::string(typeName(past.back().payload));
        const auto state = house.resume(past);
        QVERIFY2(state, (where + ": " + (state ? "" : state.error().text())).c_str());
        QVERIFY2(state->ending == RunEnding::Completed, (where + ": " + state->reason).c_str());
        QVERIFY2(paidTurns(house.events()) == turns, where.c_str());
        QVERIFY2(house.models.model.asked == std::vector<std::string>(turns.begin() + std::ptrdiff_t(paidTurns(past).size()), turns.end()), where.c_str());
        QVERIFY2(state->usage == undisturbed->usage && state->cost == undisturbed->cost, where.c_str());
        QVERIFY2(state->warnings.empty() && state->errors.empty(), where.c_str());
        QCOMPARE(state->artifacts.size(), undisturbed->artifacts.size());
        for (const auto& stage : state->stages)
            QVERIFY2(stage.status == StageStatus::Passed, where.c_str());
        QVERIFY2(!QFile::exists(house.folder.filePath(QStringLiteral("ws/20261126-101010-abcdef"))), where.c_str());
    }
}

void ResumePipelineTest::whatEndedForNowGoesOn_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<RunEnding>("ending");
    QTest::newRow("budget") << ErrorCode::Limit << RunEnding::LimitReached;
    QTest::newRow("no answer") << ErrorCode::Unavailable << RunEnding::ProviderGaveUp;
    QTest::newRow("Ctrl-C") << ErrorCode::Stopped << RunEnding::Stopped;
    QTest::newRow("key withdrawn") << ErrorCode::Unauthorized << RunEnding::EnvironmentProblem;
}

void ResumePipelineTest::whatEndedForNowGoesOn()
{
    QFETCH(const ErrorCode, code);
    QFETCH(const RunEnding, ending);
    House house;
    house.models.model.failing = Error{code, "not now"};
    const auto stopped = house.run();
    QVERIFY(stopped);
    QCOMPARE(*stopped->ending, ending);
    house.models.model.failing.reset();
    const auto state = house.resume(house.events());
    QVERIFY2(state, state ? "" : state.error().text().c_str());
    QCOMPARE(*state->ending, RunEnding::Completed);
    QCOMPARE(house.models.model.asked.size(), 4U);
    QCOMPARE(house.approver.gates.size(), 1u);
    QVERIFY(state->reason.find("not now") == std::string::npos);
}

void ResumePipelineTest::whatHasEndedDoesNotGoOn()
{
    House house;
    QVERIFY(house.run());
    const auto count = house.events().size();
    const auto state = house.resume(house.events());
    QVERIFY(!state);
    QCOMPARE(state.error().code, ErrorCode::Invalid);
    QCOMPARE(house.events().size(), count);
}

void ResumePipelineTest::aFullDiskIsNoFailureOfTheRun()
{
    House house;
    for (std::size_t room = 2; room < 30; room += 3) {
        house.journal.kept.clear();
        house.journal.failAfter = room;
        QVERIFY(!house.run());
        house.journal.failAfter.reset();
        const auto state = house.resume(house.events());
        QVERIFY2(state && state->ending == RunEnding::Completed, std::to_string(room).c_str());
    }
}

void ResumePipelineTest::anApprovalHoldsAndARefusalIsAskedAgain()
{
    House house;
    house.approver.answer.decision = Approver::Decision::Waiting;
    QCOMPARE(*house.run()->ending, RunEnding::WaitingAtGate);
    QCOMPARE(house.models.model.asked.size(), 2U); // the stage before the gate
    house.approver.answer.decision = Approver::Decision::Rejected;
    QCOMPARE(*house.resume(house.events())->ending, RunEnding::Stopped);
    house.approver.answer.decision = Approver::Decision::Approved;
    house.models.model.failing = Error{ErrorCode::Limit, "not now"};
    QCOMPARE(*house.resume(house.events())->ending, RunEnding::LimitReached);
    QCOMPARE(house.approver.gates.size(), 1u);
    house.models.model.failing.reset();
    QCOMPARE(*house.resume(house.events())->ending, RunEnding::Completed);
    QCOMPARE(house.approver.gates.size(), 0u);
}

void ResumePipelineTest::theProjectIsPutBackToTheLastTool()
{
    House house;
    const auto workspace = house.folder.filePath(QStringLiteral("ws/20261126-101010-abcdef/repo/"));
    QVERIFY(house.run());
    auto past = house.events();
    past.resize(8);
    // As a program leaves it that dies while something changes the project.
    QVERIFY(QDir().mkpath(workspace + QStringLiteral("node_modules")));
    for (const auto* name : {"app.py", "half.py", "node_modules/kept.js"}) {
        QFile file(workspace + QLatin1String(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("half of it") > 0);
    }
    house.sandboxes.swept.clear();
    const auto state = house.resume(past);
    QVERIFY2(state, state ? "" : state.error().text().c_str());
    QCOMPARE(house.sandboxes.swept.size(), 2U); // before it goes on, and at the end
    const auto result = house.folder.filePath(QStringLiteral("out/20261126-101010-abcdef/workspace/"));
    QFile code(result + QStringLiteral("app.py"));
    QVERIFY(code.open(QIODevice::ReadOnly));
    QCOMPARE(code.readAll(), QByteArray("print('hello')\n"));
    QVERIFY(!QFile::exists(result + QStringLiteral("half.py")));
}

void ResumePipelineTest::aJournalOfAnOlderVersionIsRefused()
{
    House house;
    QVERIFY(house.run());
    auto past = house.events();
    past.resize(8);
    for (auto& event : past)
        if (auto* started = std::get_if<StageStarted>(&event.payload))
            started->commit.clear();
    const auto state = house.resume(past);
    QVERIFY(!state);
    QVERIFY2(state.error().text().find("older version") != std::string::npos, state.error().text().c_str());
}

QTEST_GUILESS_MAIN(ResumePipelineTest)
#include "tst_resume_pipeline.moc"
