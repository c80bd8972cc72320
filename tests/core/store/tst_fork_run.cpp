#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/domain/run_state.h"
#include "core/store/fork_run.h"
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
    std::unique_ptr<QTemporaryDir> m_folder;
    MemoryJournal m_journal;
};

void ForkRunTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_journal.kept.clear();
    m_journal.failAfter.reset();
    fs::create_directories(at("out/old/snapshots.git"));
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
    happens(StageId::Architecture, StageStarted{});
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

void ForkRunTest::whatCannotBeForkedIsRefused()
{
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
