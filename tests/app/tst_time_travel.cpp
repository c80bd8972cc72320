#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "app/cli/history.h"
#include "app/cli/time_travel.h"
#include "core/base/files.h"
#include "core/llm/prices.h"
#include "core/store/snapshots.h"
#include "tests/app/said.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

constexpr auto kRun = "20261124-120000-abcdef";

} // namespace

/// A run as it stood after one of its events. It writes main.py (event 4), changes it (6), and ends.
class TimeTravelTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void theStateOfThenIsShown();
    void eventsTellWhichLeftASnapshot();
    void theNearestSnapshotBeforeCounts_data();
    void theNearestSnapshotBeforeCounts();
    void aDiffIsThatOfTwoEvents();
    void aTerminalObeysNothingInADiff();
    void whatCannotBeIsSaid();
    void aRunWhoseFolderIsGoneIsStillShown();

private:
    fs::path at(const std::string& below) const { return fs::path(m_folder->path().toStdString()) / below; }
    void happens(std::optional<StageId> stage, Payload payload)
    {
        QVERIFY(m_journal->append(kRun, {.seq = ++m_seq, .at = *parseIso8601("2026-11-24T12:00:00.000Z"), .stage = stage, .payload = std::move(payload)}));
    }
    std::string snapshotWith(const std::string& text)
    {
        return writeFileAtomically(at("ws/repo/main.py"), text) ? m_snapshots->take("x").value_or("") : std::string();
    }
    Options options(std::optional<std::int64_t> event = {}) const
    {
        Options options;
        options.runId = kRun;
        options.at = event;
        options.target = at("restored").string();
        return options;
    }
    Said diff(std::int64_t from, std::int64_t to, bool forTerminal = false)
    {
        auto wanted = options();
        wanted.between = {from, to};
        return say(diffCommand, wanted, *m_journal, forTerminal);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Snapshots> m_snapshots;
    std::int64_t m_seq = 0;
};

void TimeTravelTest::init()
{
    m_seq = 0;
    m_folder = std::make_unique<QTemporaryDir>();
    m_journal = *openSqliteJournal(at("journal.sqlite"));
    fs::create_directories(at("ws/repo"));
    fs::create_directories(at("out"));
    m_snapshots = *Snapshots::open(at("out/snapshots.git"), *Folder::open(at("ws")));
    const auto first = *m_snapshots->take("before the first stage");
    RunStarted started{.title = "Todo", .output = at("out").string()};
    started.pipeline = {{"stages", Json::array({{{"id", "coding"}}})}};
    happens({}, started);
    happens({}, Warned{"nothing yet"});
    happens(StageId::Coding, StageStarted{.commit = first});
    happens(StageId::Coding, ToolFinished{.callId = "1", .tool = "write_file", .snapshot = snapshotWith("print(1)\n")});
    happens(StageId::Coding, ToolFinished{.callId = "2", .tool = "read_file"});
    happens(StageId::Coding, ToolFinished{.callId = "3", .tool = "write_file", .snapshot = snapshotWith("print(2)\x1b[31m\n")});
    happens(StageId::Coding, StageFinished{.status = StageStatus::Passed});
    happens({}, RunFinished{.ending = RunEnding::Completed});
}

void TimeTravelTest::theStateOfThenIsShown()
{
    const auto then = say(showCommand, options(5), *m_journal, Prices());
    QVERIFY2(then.code == 0, then.err.c_str());
    for (const auto* part : {"after event 5", "Coding", "Running", "Under way.", "1 file(s) in the project as event 4 left it", "9  main.py"})
        QVERIFY2(contains(then.out, part), then.out.c_str());
    auto json = options(7);
    json.json = true;
    const auto state = Json::parse(say(showCommand, json, *m_journal, Prices()).out);
    QCOMPARE(state["at_event"].get<int>(), 7);
    QCOMPARE(state["snapshot_event"].get<int>(), 6);
    QCOMPARE(state["status"].get<std::string>(), std::string("running"));
    QCOMPARE(state["files"][0]["path"].get<std::string>(), std::string("main.py"));
    const auto early = say(showCommand, options(2), *m_journal, Prices());
    QCOMPARE(early.code, 0);
    QVERIFY(!contains(early.out, "file(s)"));
}

void TimeTravelTest::eventsTellWhichLeftASnapshot()
{
    auto wanted = options();
    wanted.events = true;
    const auto all = say(showCommand, wanted, *m_journal, Prices()).out;
    QVERIFY2(contains(all, "     4* 2026-11-24T12:00:00.000Z") && contains(all, "     5  2026-11-24T12:00:00.000Z"), all.c_str());
    wanted.at = 4;
    const auto some = say(showCommand, wanted, *m_journal, Prices()).out;
    QVERIFY2(contains(some, "     4* ") && !contains(some, "     5  "), some.c_str());
}

void TimeTravelTest::theNearestSnapshotBeforeCounts_data()
{
    QTest::addColumn<int>("event");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("its own") << 4 << QByteArray("print(1)\n");
    QTest::newRow("the one before") << 5 << QByteArray("print(1)\n");
    QTest::newRow("the last") << 8 << QByteArray("print(2)\x1b[31m\n");
}

void TimeTravelTest::theNearestSnapshotBeforeCounts()
{
    QFETCH(const int, event);
    QFETCH(const QByteArray, content);
    const auto restored = say(restoreCommand, options(event), *m_journal);
    QVERIFY2(restored.code == 0, restored.err.c_str());
    QVERIFY2(contains(restored.out, "Restored 1 file(s)"), restored.out.c_str());
    QCOMPARE(*readFile(at("restored/main.py")), content.toStdString());
    const auto again = say(restoreCommand, options(event), *m_journal);
    QCOMPARE(again.code, 2);
    QVERIFY2(contains(again.err, "exists already"), again.err.c_str());
}

void TimeTravelTest::aDiffIsThatOfTwoEvents()
{
    const auto forward = diff(4, 8);
    QVERIFY2(forward.code == 0, forward.err.c_str());
    QVERIFY2(contains(forward.out, "-print(1)\n+print(2)"), forward.out.c_str());
    QVERIFY(contains(diff(8, 5).out, "+print(1)\n"));
    QVERIFY(contains(diff(0, 4).out, "new file mode 100644"));
    QVERIFY(contains(diff(3, 4).out, "new file mode 100644"));
    QVERIFY(contains(diff(4, 0).out, "deleted file mode 100644"));
    QCOMPARE(diff(4, 5).out, std::string());
}

void TimeTravelTest::aTerminalObeysNothingInADiff()
{
    QVERIFY(contains(diff(4, 6).out, "\x1b[31m")); // a patch is exact
    QVERIFY(!contains(diff(4, 6, true).out, "\x1b"));
}

void TimeTravelTest::whatCannotBeIsSaid()
{
    const auto behind = say(showCommand, options(9), *m_journal, Prices());
    QCOMPARE(behind.code, 2);
    QVERIFY2(contains(behind.err, "no event 9") && contains(behind.err, "the events 1 to 8"), behind.err.c_str());
    const auto early = say(restoreCommand, options(2), *m_journal);
    QCOMPARE(early.code, 2);
    QVERIFY2(contains(early.err, "no snapshot of the project yet at event 2") && contains(early.err, "event 3"), early.err.c_str());
    QCOMPARE(diff(1, 4).code, 2);
    QCOMPARE(diff(4, 99).code, 2);
    auto unknown = options(4);
    unknown.runId = "1999";
    QCOMPARE(say(restoreCommand, unknown, *m_journal).code, 2);
    QVERIFY(!fs::exists(at("restored")));
}

void TimeTravelTest::aRunWhoseFolderIsGoneIsStillShown()
{
    fs::remove_all(at("out"));
    const auto shown = say(showCommand, options(5), *m_journal, Prices());
    QVERIFY(contains(shown.out, "after event 5"));
    QVERIFY2(shown.code == 2 && contains(shown.err, "keeps no snapshots"), shown.err.c_str());
    QCOMPARE(diff(4, 6).code, 2);
}

QTEST_GUILESS_MAIN(TimeTravelTest)
#include "tst_time_travel.moc"
