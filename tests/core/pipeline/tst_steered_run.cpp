#include <deque>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/engine/steering.h"
#include "core/llm/model_source.h"
#include "core/pipeline/orchestrator.h"
#include "tests/support/fake_deployer.h"
#include "tests/support/fake_sandbox.h"
#include "tests/support/memory_journal.h"
#include "tests/support/scripted_model.h"

using namespace aap;

namespace {

/// One script for all stages; keeps what the user raised.
class SteeredModels final : public ModelSource {
public:
    Result<std::unique_ptr<LanguageModel>> open(const StageSpec& stage, std::function<void(const std::string&)> /*warn*/) override
    {
        opened.push_back(stage);
        return std::unique_ptr<LanguageModel>(std::make_unique<LentModel>(model));
    }
    void raise(std::optional<StageId> /*stage*/, const LimitRaised& limit) override { raised.push_back(limit.limit); }

    ScriptedModel model;
    std::vector<StageSpec> opened;
    std::vector<std::string> raised;
};

/// Gives its answers in their order, and approves when there is none left.
class AnsweringApprover final : public Approver {
public:
    Answer ask(const GateOpened& gate, const std::stop_token& /*stop*/) override
    {
        gates.push_back(gate.gate);
        if (answers.empty())
            return {.decision = Decision::Approved, .by = "test", .comment = {}};
        auto answer = answers.front();
        answers.pop_front();
        return answer;
    }
    std::deque<Answer> answers;
    std::vector<std::string> gates;
};

/// Does what a test says when something happens.
class ActingObserver final : public RunObserver {
public:
    void happened(const RunEvent& event, const RunState& /*state*/) override
    {
        events.push_back(event);
        if (act)
            act(event);
    }
    void live(const LiveEvent& /*event*/) override {}

    template <typename T>
    std::vector<T> all() const
    {
        std::vector<T> found;
        for (const auto& event : events)
            if (const auto* payload = std::get_if<T>(&event.payload))
                found.push_back(*payload);
        return found;
    }
    std::function<void(const RunEvent&)> act;
    std::vector<RunEvent> events;
};

const Json kReview{{"schema", "aap/review/1"}, {"summary", "fine"}, {"findings", Json::array()}};

Approver::Answer sentBack(const char* comment)
{
    return {.decision = Approver::Decision::Rejected, .by = "test", .comment = comment};
}

/// A review of a small project, whose stages pass when they hand in kReview.
struct Review {
    Review()
    {
        QDir().mkpath(folder.filePath(QStringLiteral("project")));
        QFile code(folder.filePath(QStringLiteral("project/app.py")));
        if (code.open(QIODevice::WriteOnly))
            code.write("print('hello')\n");
        code.close();
        request.runId = "20261126-111111-abcdef";
        request.pipeline = PipelineSpec::standard(RunMode::Review);
        request.repository = folder.filePath(QStringLiteral("project")).toStdString();
        request.outputFolder = folder.filePath(QStringLiteral("out")).toStdString();
        request.workspaceFolder = folder.filePath(QStringLiteral("ws")).toStdString();
        request.model = "scripted";
    }
    void handsIn(int times = 1)
    {
        for (int i = 0; i < times; ++i)
            models.model.add([this](const ModelRequest&, const ReplyListener&) -> Result<ModelReply> { return replyOf({called(nextId(), "submit_result", kReview)}); });
    }
    /// A turn of the agent during which the user does something.
    void turn(std::function<void()> meanwhile)
    {
        models.model.add([this, meanwhile = std::move(meanwhile)](const ModelRequest&, const ReplyListener&) -> Result<ModelReply> {
            meanwhile();
            return replyOf({called(nextId(), "run_command", {{"command", "true"}, {"comment", std::to_string(m_calls)}})});
        });
    }
    RunState run(const std::stop_token& stop = {})
    {
        RunServices services{sandboxes, images, deployer, models, journal, approver, observer, redactor};
        services.steering = &steering;
        auto state = runPipeline(request, services, stop);
        return state ? *std::move(state) : RunState{.reason = state.error().text()};
    }
    std::string asked(std::size_t call) const { return models.model.asked.at(call).messages.back().content.dump(); }

    QTemporaryDir folder;
    RunRequest request;
    FakeSandboxProvider sandboxes;
    FakeImageBuilder images;
    FakeDeployer deployer;
    SteeredModels models;
    MemoryJournal journal;
    AnsweringApprover approver;
    ActingObserver observer;
    Redactor redactor;
    Steering steering;

private:
    std::string nextId() { return "toolu_" + std::to_string(++m_calls); }
    int m_calls = 0;
};

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

/// A run whose user does not only watch.
class SteeredRunTest : public QObject {
    Q_OBJECT

private slots:
    void aPauseHoldsUntilItGoesOn();
    void aPausedRunCanBeStopped();
    void aMessageReachesTheAgentWithItsNextTurn();
    void aMessageBetweenStagesIsForTheNextAgent();
    void theRunningStageIsSkipped();
    void aLaterStageIsSkipped();
    void whatPassedCannotBeSkipped();
    void anEarlierStageIsSentBack();
    void theRunningStageReadsTheCommentAtOnce();
    void moreTurnsAreAllowedBeforeTheyAreUsedUp();
    void limitsOfALaterStageHoldWhenItBegins();
    void nonsenseIsAnsweredWithAWarning_data();
    void nonsenseIsAnsweredWithAWarning();
    void aGateSendsTheStageBeforeItBack();
    void aGateWithoutWordsEndsTheRun();
    void theRequirementsAreAmendedAndAskedAgain();
};

void SteeredRunTest::aPauseHoldsUntilItGoesOn()
{
    Review review;
    review.turn([&] { review.steering.pause("lunch"); });
    review.handsIn(3);
    std::size_t askedWhenPaused = 0;
    review.observer.act = [&](const RunEvent& event) {
        if (!std::holds_alternative<RunPaused>(event.payload))
            return;
        askedWhenPaused = review.models.model.asked.size();
        review.steering.say("go on carefully");
        review.steering.goOn();
    };
    const auto state = review.run();
    QCOMPARE(state.ending, RunEnding::Completed);
    QCOMPARE(review.observer.all<RunPaused>().at(0).reason, std::string("lunch"));
    QCOMPARE(review.observer.all<RunResumed>().size(), 1U);
    QCOMPARE(askedWhenPaused, 1U);
    QVERIFY(contains(review.asked(1), "go on carefully"));
    QVERIFY(review.sandboxes.script->frozen == 1 && review.sandboxes.script->thawed == 1);
}

void SteeredRunTest::aPausedRunCanBeStopped()
{
    Review review;
    std::stop_source stop;
    review.turn([&] { review.steering.pause(); });
    review.observer.act = [&](const RunEvent& event) {
        if (std::holds_alternative<RunPaused>(event.payload))
            stop.request_stop();
    };
    const auto state = review.run(stop.get_token());
    QCOMPARE(state.ending, RunEnding::Stopped);
    QVERIFY(state.pausedFor.empty());
    QCOMPARE(review.models.model.asked.size(), 1U);
}

void SteeredRunTest::aMessageReachesTheAgentWithItsNextTurn()
{
    Review review;
    review.turn([&] { review.steering.say("look at app.py"); });
    review.handsIn(3);
    QCOMPARE(review.run().ending, RunEnding::Completed);
    QVERIFY(contains(review.asked(1), "tool_result") && contains(review.asked(1), "look at app.py"));
    QCOMPARE(review.observer.all<SteeringMessage>().size(), 1U);
}

void SteeredRunTest::aMessageBetweenStagesIsForTheNextAgent()
{
    Review review;
    review.handsIn(3);
    review.observer.act = [&](const RunEvent& event) {
        if (std::holds_alternative<StageFinished>(event.payload) && event.stage == StageId::ArchitectureReview)
            review.steering.say("be strict");
    };
    QCOMPARE(review.run().ending, RunEnding::Completed);
    QVERIFY(contains(review.asked(1), "be strict"));
    QCOMPARE(review.observer.all<SteeringMessage>().size(), 1U);
}

void SteeredRunTest::theRunningStageIsSkipped()
{
    Review review;
    review.turn([&] { review.steering.skip(StageId::ArchitectureReview); });
    review.handsIn(2);
    const auto state = review.run();
    QCOMPARE(state.ending, RunEnding::CompletedWithWaivers);
    QCOMPARE(state.stage(StageId::ArchitectureReview)->status, StageStatus::Skipped);
    QCOMPARE(state.stage(StageId::QualityReview)->status, StageStatus::Passed);
    QCOMPARE(review.models.model.asked.size(), 3U);
    QCOMPARE(review.observer.all<UserTurn>().size(), 4U); // the cut stage's call has its answer all the same
}

void SteeredRunTest::aLaterStageIsSkipped()
{
    Review review;
    review.steering.skip(StageId::CodeReview, "no time");
    review.handsIn(2);
    const auto state = review.run();
    QCOMPARE(state.ending, RunEnding::CompletedWithWaivers);
    QCOMPARE(state.stage(StageId::CodeReview)->status, StageStatus::Skipped);
    QCOMPARE(state.stage(StageId::CodeReview)->reason, std::string("no time"));
    QCOMPARE(review.models.opened.size(), 2U);
}

void SteeredRunTest::whatPassedCannotBeSkipped()
{
    Review review;
    review.handsIn();
    review.turn([&] { review.steering.skip(StageId::ArchitectureReview); });
    review.handsIn(2);
    const auto state = review.run();
    QCOMPARE(state.ending, RunEnding::Completed);
    QVERIFY(contains(state.warnings.at(0), "passed already"));
}

void SteeredRunTest::anEarlierStageIsSentBack()
{
    Review review;
    review.handsIn();
    review.turn([&] { review.steering.sendBack(StageId::ArchitectureReview, "look at the database </document> too"); });
    review.handsIn(3);
    const auto state = review.run();
    QCOMPARE(state.ending, RunEnding::Completed);
    std::vector<StageId> opened;
    for (const auto& stage : review.models.opened)
        opened.push_back(stage.id);
    QCOMPARE(opened, (std::vector{StageId::ArchitectureReview, StageId::CodeReview, StageId::ArchitectureReview, StageId::CodeReview, StageId::QualityReview}));
    QVERIFY(contains(review.asked(2), "comment.txt") && contains(review.asked(2), "look at the database"));
    QVERIFY(!contains(review.asked(3), "comment.txt"));
    QCOMPARE(state.stage(StageId::ArchitectureReview)->attempt, 2);
    QCOMPARE(review.observer.all<StageSentBack>().size(), 1U);
}

void SteeredRunTest::theRunningStageReadsTheCommentAtOnce()
{
    Review review;
    review.turn([&] { review.steering.sendBack(StageId::ArchitectureReview, "shorter"); });
    review.handsIn(3);
    QCOMPARE(review.run().ending, RunEnding::Completed);
    QVERIFY(contains(review.asked(1), "shorter"));
    QVERIFY(review.observer.all<StageSentBack>().empty());
}

void SteeredRunTest::moreTurnsAreAllowedBeforeTheyAreUsedUp()
{
    Review review;
    review.request.pipeline.stages.front().maxTurns = 1;
    review.turn([&] { review.steering.raise({}, {.limit = "turns", .to = 3}); });
    review.turn([] {});
    review.handsIn(3);
    const auto state = review.run();
    QCOMPARE(state.ending, RunEnding::Completed);
    QCOMPARE(state.stage(StageId::ArchitectureReview)->turn, 3);
    QCOMPARE(review.models.raised, std::vector<std::string>{"turns"});
}

void SteeredRunTest::limitsOfALaterStageHoldWhenItBegins()
{
    Review review;
    review.steering.raise(StageId::CodeReview, {.limit = "usd", .to = 4});
    review.steering.raise(StageId::CodeReview, {.limit = "turns", .to = 33});
    review.handsIn(3);
    QCOMPARE(review.run().ending, RunEnding::Completed);
    QCOMPARE(review.models.opened.at(1).limits.money, std::optional(Money::usd(4)));
    QCOMPARE(review.models.opened.at(1).maxTurns, 33);
    QCOMPARE(review.models.opened.at(2).maxTurns, 20);
}

void SteeredRunTest::nonsenseIsAnsweredWithAWarning_data()
{
    using Wish = std::function<void(Steering&)>;
    QTest::addColumn<Wish>("wish");
    QTest::newRow("no such limit") << Wish([](Steering& steering) { steering.raise({}, {.limit = "patience", .to = 3}); });
    QTest::newRow("a limit of nothing") << Wish([](Steering& steering) { steering.raise({}, {.limit = "usd", .to = 0}); });
    QTest::newRow("no number") << Wish([](Steering& steering) { steering.raise({}, {.limit = "usd", .to = std::nan("")}); });
    QTest::newRow("no stage of this run is skipped") << Wish([](Steering& steering) { steering.skip(StageId::Coding); });
    QTest::newRow("what has not begun is sent back") << Wish([](Steering& steering) { steering.sendBack(StageId::QualityReview, "again"); });
    QTest::newRow("no stage of this run is sent back") << Wish([](Steering& steering) { steering.sendBack(StageId::Coding, "again"); });
}

void SteeredRunTest::nonsenseIsAnsweredWithAWarning()
{
    using Wish = std::function<void(Steering&)>;
    QFETCH(const Wish, wish);
    Review review;
    review.turn([&] { wish(review.steering); });
    review.handsIn(3);
    const auto state = review.run();
    QCOMPARE(state.ending, RunEnding::Completed);
    QCOMPARE(state.warnings.size(), 1U);
    QCOMPARE(state.stages.size(), 3U);
    QVERIFY(review.models.raised.empty());
}

void SteeredRunTest::aGateSendsTheStageBeforeItBack()
{
    Review review;
    review.request.pipeline.stages.at(1).gateBefore = true;
    review.approver.answers = {sentBack("name the files"), {.decision = Approver::Decision::Approved}};
    review.handsIn(4);
    QCOMPARE(review.run().ending, RunEnding::Completed);
    QCOMPARE(review.approver.gates, (std::vector<std::string>{"stage.code-review", "stage.code-review"}));
    QVERIFY(contains(review.asked(1), "name the files"));
    QCOMPARE(review.models.opened.size(), 4U);
}

void SteeredRunTest::aGateWithoutWordsEndsTheRun()
{
    Review review;
    review.request.pipeline.stages.at(1).gateBefore = true;
    review.approver.answers = {sentBack(" ")};
    review.handsIn();
    QCOMPARE(review.run().ending, RunEnding::Stopped);
    QCOMPARE(review.models.opened.size(), 1U);
}

void SteeredRunTest::theRequirementsAreAmendedAndAskedAgain()
{
    Review review;
    review.request.pipeline = PipelineSpec::standard(RunMode::Full);
    review.request.requirements = "- The program must print hello\n";
    review.approver.answers = {sentBack("It must print the date too")};
    review.models.model.add(Error{ErrorCode::Unauthorized, "no"});
    const auto state = review.run();
    QCOMPARE(review.approver.gates, (std::vector<std::string>{"requirements", "requirements"}));
    QVERIFY(contains(state.started.requirements, "- It must print the date too"));
    QVERIFY(contains(review.asked(0), "It must print the date too") && contains(review.asked(0), "R2"));
}

QTEST_GUILESS_MAIN(SteeredRunTest)
#include "tst_steered_run.moc"
