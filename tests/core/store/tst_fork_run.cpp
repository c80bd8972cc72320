#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/domain/run_state.h"
#include "core/store/fork_run.h"
#include "core/store/snapshot_files.h"
#include "core/store/snapshots.h"
#include "tests/support/memory_journal.h"

using namespace aap;
namespace fs = std::filesystem;

/// A run that takes another way from a stage on.
class ForkRunTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void thePastIsShared();
    void aNoteIsForTheStagesAgent();
    void fromAnEventOnTheDialogueIsShared();
    void whatTheUserSaysReachesTheAgent_data();
    void whatTheUserSaysReachesTheAgent();
    void editedFilesAreASnapshot();
    void onlyWhatBelongsToThePastIsCopied();
    void whatWasDeployedStaysTheOthers();
    void whatCannotBeForkedIsRefused();
    void aFailureLeavesNothing();

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    RunState state(const std::string& id)
    {
        RunState state;
        for (const auto& event : m_journal.kept[id])
            apply(state, event);
        return state;
    }
    /// Another event of the run, after the stage Coding has begun; its number.
    std::int64_t insertAt(std::int64_t seq, std::optional<StageId> stage, Payload payload)
    {
        auto& events = m_journal.kept["old"];
        events.insert(events.begin() + std::ptrdiff_t(seq - 1), {.seq = seq, .at = TimePoint(Milliseconds(1000 * seq)), .stage = stage, .payload = std::move(payload)});
        for (std::size_t i = 0; i < events.size(); ++i)
            events[i].seq = std::int64_t(i) + 1;
        return seq;
    }

    std::string m_commit;
    std::unique_ptr<QTemporaryDir> m_folder;
    MemoryJournal m_journal;
};

void ForkRunTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_journal.kept.clear();
    m_journal.failAfter.reset();
    fs::create_directories(at("ws/old/repo"));
    QVERIFY(writeFileAtomically(at("ws/old/repo/main.py"), "print(1)\n"));
    m_commit = *(*Snapshots::open(at("out/old/snapshots.git"), *Folder::open(at("ws/old"))))->take("first");
    fs::create_directories(at("out/old/stages/1-architecture"));
    std::ofstream(at("out/old/stages/1-architecture/submit.json")) << "{}";
    std::ofstream(at("out/old/REPORT.html")) << "the old one's";
    RunStarted started{.title = "Todo", .model = "m", .workspace = at("ws/old").string(), .output = at("out/old").string()};
    started.pipeline = {{"stages", Json::array({{{"id", "architecture"}}, {{"id", "coding"}}})}};
    std::int64_t seq = 0;
    const auto happens = [&](std::optional<StageId> stage, Payload payload) {
        m_journal.kept["old"].push_back({.seq = ++seq, .at = TimePoint(Milliseconds(1000 * seq)), .stage = stage, .payload = std::move(payload)});
    };
    happens({}, started);
    happens(StageId::Architecture, StageStarted{.commit = m_commit});
    happens(StageId::Architecture, TurnFinished{.cost = Money{500}});
    happens(StageId::Architecture, StageFinished{.status = StageStatus::Passed, .document = {{"schema", "x"}}});
    happens(StageId::Coding, StageStarted{});
    happens(StageId::Coding, TurnFinished{.cost = Money{700}});
    happens(StageId::Coding, StageFinished{.status = StageStatus::Failed});
    happens({}, RunFinished{.ending = RunEnding::Failed});
}

void ForkRunTest::thePastIsShared()
{
    const auto before = m_journal.kept["old"].size();
    QVERIFY(forkRun({.from = "old", .runId = "new", .stage = StageId::Coding, .model = "other"}, m_journal));
    const auto forked = state("new");
    QVERIFY(!forked.ending);
    QCOMPARE(forked.stage(StageId::Architecture)->status, StageStatus::Passed);
    QCOMPARE(forked.stage(StageId::Coding)->status, StageStatus::NotStarted);
    QCOMPARE(forked.cost.microUsd, 500);
    QCOMPARE(forked.started.model, std::string("other"));
    QCOMPARE(forked.started.output, at("out/new").string());
    QCOMPARE(forked.started.workspace, at("ws/new").string());
    QCOMPARE(forked.lastSeq, std::int64_t(m_journal.kept["new"].size()));
    const auto& events = m_journal.kept["new"];
    QCOMPARE(events[2].at - events[1].at, Milliseconds(1000)); // the time it took
    QVERIFY(now() - events.back().at < std::chrono::minutes(1));
    QCOMPARE(forked.started.forkOf, std::string("old"));
    QCOMPARE(forked.started.forkAt, std::int64_t(4));
    QVERIFY(fs::exists(at("out/new/snapshots.git")) && fs::exists(at("out/new/stages/1-architecture/submit.json")));
    QVERIFY(!fs::exists(at("out/new/REPORT.html")));
    QCOMPARE(m_journal.kept["old"].size(), before);
}

void ForkRunTest::aNoteIsForTheStagesAgent()
{
    QVERIFY(forkRun({.from = "old", .runId = "new", .stage = StageId::Coding, .note = "use a map"}, m_journal));
    const auto forked = state("new");
    QCOMPARE(forked.stage(StageId::Coding)->comment, std::string("use a map"));
    QCOMPARE(forked.stage(StageId::Architecture)->status, StageStatus::Passed);
    QCOMPARE(forked.started.model, std::string("m"));
}

void ForkRunTest::fromAnEventOnTheDialogueIsShared()
{
    QVERIFY(forkRun({.from = "old", .runId = "new", .at = 6}, m_journal));
    const auto forked = state("new");
    QCOMPARE(forked.cost.microUsd, 1200);
    QCOMPARE(forked.stage(StageId::Coding)->status, StageStatus::Running);
    QCOMPARE(forked.started.forkAt, std::int64_t(6));
    QCOMPARE(m_journal.kept["new"].size(), 6U); // nobody had to be told anything
}

void ForkRunTest::whatTheUserSaysReachesTheAgent_data()
{
    QTest::addColumn<int>("at");
    QTest::addColumn<QByteArray>("expected"); // type of the last event
    QTest::newRow("with the message that waits for an answer") << 6 << QByteArray("user_turn");
    QTest::newRow("with the next message after a reply") << 7 << QByteArray("steering_message");
    QTest::newRow("to the stage that begins next") << 4 << QByteArray("stage_sent_back");
    QTest::newRow("to the agent of a stage that did not end well") << 8 << QByteArray("steering_message");
}

void ForkRunTest::whatTheUserSaysReachesTheAgent()
{
    QFETCH(const int, at);
    QFETCH(const QByteArray, expected);
    insertAt(6, StageId::Coding, UserTurn{Json::array({{{"type", "text"}, {"text", "the task"}}})});
    QVERIFY(forkRun({.from = "old", .runId = "new", .at = at, .note = "use a map"}, m_journal));
    const auto& events = m_journal.kept["new"];
    QCOMPARE(QByteArray::fromStdString(std::string(typeName(events.back().payload))), expected);
    QCOMPARE(events.size(), std::size_t(at) + (expected == "user_turn" ? 0 : 1));
    QVERIFY(toJson(events.back()).dump().find("use a map") != std::string::npos);
    QVERIFY(toJson(m_journal.kept["old"][5]).dump().find("use a map") == std::string::npos);
}

void ForkRunTest::editedFilesAreASnapshot()
{
    QVERIFY(forkRun({.from = "old", .runId = "new", .at = 6, .note = "Mind it.", .files = {{"main.py", "print(2)\n"}}}, m_journal));
    const auto& events = m_journal.kept["new"];
    const auto* edited = std::get_if<FilesEdited>(&events[6].payload);
    QVERIFY(edited != nullptr);
    QCOMPARE(edited->paths, std::vector<std::string>{"main.py"});
    QVERIFY(restoreSnapshot(at("out/new/snapshots.git"), edited->commit, at("then")));
    QCOMPARE(*readFile(at("then/main.py")), std::string("print(2)\n"));
    QCOMPARE(std::get<SteeringMessage>(events[7].payload).text, std::string("I have edited main.py by hand. Read what you need of it again before you go on. Mind it."));
    QCOMPARE(forkRun({.from = "old", .runId = "newer", .at = 6, .files = {{"../x", ""}}}, m_journal).error().code, ErrorCode::Invalid);
    QCOMPARE(forkRun({.from = "old", .runId = "newer", .at = 1, .files = {{"main.py", ""}}}, m_journal).error().code, ErrorCode::NotFound);
    QVERIFY(!fs::exists(at("out/newer")));
}

void ForkRunTest::onlyWhatBelongsToThePastIsCopied()
{
    fs::create_directories(at("out/old/stages/2-coding"));
    fs::create_directories(at("out/old/reports"));
    QVERIFY(writeFileAtomically(at("out/old/stages/2-coding/result.json"), "{}") && writeFileAtomically(at("out/old/stages/2-coding/prompt.md"), "p"));
    QVERIFY(writeFileAtomically(at("out/old/reports/junit.xml"), "later") && writeFileAtomically(at("out/old/requirements.md"), "r"));
    insertAt(2, {}, ArtifactRecorded{.path = "requirements.md", .sha256 = sha256("r"), .bytes = 1});
    insertAt(3, {}, ArtifactRecorded{.path = "reports/junit.xml", .sha256 = sha256("then"), .bytes = 4});
    QVERIFY(forkRun({.from = "old", .runId = "new", .at = 6}, m_journal));
    QVERIFY(fs::exists(at("out/new/requirements.md")) && fs::exists(at("out/new/stages/1-architecture/submit.json")));
    QVERIFY(!fs::exists(at("out/new/reports/junit.xml"))); // it is another one by now
    QVERIFY(!fs::exists(at("out/new/stages/2-coding"))); // not begun by then
    QVERIFY(forkRun({.from = "old", .runId = "newer", .at = 8}, m_journal));
    QVERIFY(fs::exists(at("out/newer/stages/2-coding/prompt.md")) && !fs::exists(at("out/newer/stages/2-coding/result.json")));
}

void ForkRunTest::whatWasDeployedStaysTheOthers()
{
    insertAt(5, StageId::Deployment, DeploymentChanged{.state = "healthy", .details = {{"container", "c1"}, {"containers", Json::array({"c1"})}, {"port", 80}}});
    QVERIFY(forkRun({.from = "old", .runId = "new", .at = 6}, m_journal));
    QCOMPARE(state("new").deployment["container"].get<std::string>(), std::string());
    QVERIFY(state("new").deployment["containers"].empty());
    QCOMPARE(state("new").deployment["port"].get<int>(), 80);
}

void ForkRunTest::whatCannotBeForkedIsRefused()
{
    QCOMPARE(forkRun({.from = "old", .runId = "new", .at = 8}, m_journal).error().code, ErrorCode::Invalid); // it had ended
    QCOMPARE(forkRun({.from = "old", .runId = "new", .at = 9}, m_journal).error().code, ErrorCode::Invalid);
    QCOMPARE(forkRun({.from = "old", .runId = "new"}, m_journal).error().code, ErrorCode::Invalid);
    QCOMPARE(forkRun({.from = "old", .runId = "new", .stage = StageId::Testing}, m_journal).error().code, ErrorCode::Invalid);
    QVERIFY(!forkRun({.from = "unknown", .runId = "new", .stage = StageId::Coding}, m_journal));
    fs::remove_all(at("out/old"));
    QCOMPARE(forkRun({.from = "old", .runId = "new", .stage = StageId::Coding}, m_journal).error().code, ErrorCode::Io);
    QVERIFY(m_journal.kept["new"].empty());
}

void ForkRunTest::aFailureLeavesNothing()
{
    fs::create_directories(at("out/new"));
    QVERIFY(!forkRun({.from = "old", .runId = "new", .stage = StageId::Coding}, m_journal)); // another's folder
    QVERIFY(fs::exists(at("out/new")));
    m_journal.failAfter = 2;
    QVERIFY(!forkRun({.from = "old", .runId = "newer", .stage = StageId::Coding}, m_journal));
    QVERIFY(!fs::exists(at("out/newer")));
}

QTEST_GUILESS_MAIN(ForkRunTest)
#include "tst_fork_run.moc"
