#include <csignal>
#include <sys/stat.h>

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/redact.h"
#include "core/engine/run_recorder.h"
#include "core/store/journal.h"
#include "tests/support/memory_journal.h"

using namespace aap;

namespace {

constexpr auto kRun = "20261124-120000-abcdef";

RunEvent happening(std::int64_t seq, Payload payload)
{
    return {.seq = seq, .at = now(), .stage = std::nullopt, .payload = std::move(payload)};
}

TurnFinished paidTurn()
{
    TurnFinished turn;
    turn.turn = 1;
    turn.usage = {.inputTokens = 7, .outputTokens = 3, .calls = 1};
    turn.cost = Money{42};
    return turn;
}

/// What the child of the kill test does: append, say so, and wait to be killed.
int appendAndWait(const char* file)
{
    auto journal = openSqliteJournal(file);
    for (std::int64_t seq = 1; seq <= 3; ++seq)
        if (!journal || !(*journal)->append(kRun, happening(seq, Warned{"w"})))
            return 1;
    std::puts("written");
    std::fflush(stdout);
    ::pause();
    return 0;
}

} // namespace

class JournalTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsAppendedComesBackInOrder();
    void theHistoryFollowsTheEvents();
    void aKilledProgramLosesNothingThatWasAcknowledged();
    void twoProgramsMayWriteAtOnce();
    void aSequenceNumberIsTakenOnce();
    void runsAreFoundByTheirBeginning();
    void anOlderFileIsTakenOver();
    void aNewerFileIsRefusedKindly();
    void aDamagedFileIsSaid();
    void theFileIsNobodyElses();
    void theRecorderRedactsBeforeItWrites();
    void whatIsNotedIsCommittedWithTheNext();
    void severalEventsAreWrittenTogetherOrNotAtAll();
    void whatCouldNotBeWrittenHasNotHappened();

private:
    std::filesystem::path file(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name / "journal.sqlite"; }
    QTemporaryDir m_folder;
};

void JournalTest::whatIsAppendedComesBackInOrder()
{
    auto journal = openSqliteJournal(file("order"));
    QVERIFY2(journal, journal ? "" : journal.error().text().c_str());
    for (std::int64_t seq = 1; seq <= 20; ++seq)
        QVERIFY((*journal)->append(kRun, happening(seq, Warned{"w" + std::to_string(seq)})));
    const auto all = (*journal)->events(kRun);
    QCOMPARE(all->size(), 20U);
    for (std::size_t i = 0; i < all->size(); ++i)
        QCOMPARE(std::get<Warned>((*all)[i].payload).text, "w" + std::to_string(i + 1));
    QCOMPARE((*journal)->events(kRun, 18)->size(), 2U);
    QVERIFY((*journal)->events("another")->empty());
}

void JournalTest::theHistoryFollowsTheEvents()
{
    auto journal = openSqliteJournal(file("history"));
    RunStarted started;
    started.title = "Todo";
    started.mode = RunMode::Review;
    started.model = "m";
    QVERIFY((*journal)->append(kRun, happening(1, started)));
    QVERIFY((*journal)->append(kRun, happening(2, paidTurn())));
    QVERIFY((*journal)->append(kRun, happening(3, paidTurn())));
    auto runs = (*journal)->runs();
    QCOMPARE(runs->size(), 1U);
    QCOMPARE(runs->front().title, std::string("Todo"));
    QCOMPARE(runs->front().mode, RunMode::Review);
    QVERIFY(!runs->front().ending);
    QCOMPARE(runs->front().cost.microUsd, 84);
    QCOMPARE(runs->front().usage.inputTokens, 14);
    QVERIFY((*journal)->append(kRun, happening(4, RunFinished{.ending = RunEnding::Stopped})));
    runs = (*journal)->runs();
    QCOMPARE(runs->front().ending, RunEnding::Stopped);
    QVERIFY(runs->front().finishedAt);
}

void JournalTest::aKilledProgramLosesNothingThatWasAcknowledged()
{
    const auto path = file("killed");
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--append"), QString::fromStdString(path.string())});
    QVERIFY(child.waitForReadyRead());
    QCOMPARE(child.readLine().trimmed(), QByteArray("written"));
    ::kill(pid_t(child.processId()), SIGKILL);
    child.waitForFinished();
    auto journal = openSqliteJournal(path);
    QCOMPARE((*journal)->events(kRun)->size(), 3U);
}

void JournalTest::twoProgramsMayWriteAtOnce()
{
    auto first = openSqliteJournal(file("two"));
    auto second = openSqliteJournal(file("two"));
    for (std::int64_t seq = 1; seq <= 10; ++seq) {
        QVERIFY((*first)->append("a", happening(seq, Warned{"a"})));
        QVERIFY((*second)->append("b", happening(seq, Warned{"b"})));
    }
    QCOMPARE((*first)->events("b")->size(), 10U);
    QCOMPARE((*second)->runs()->size(), 2U);
}

void JournalTest::aSequenceNumberIsTakenOnce()
{
    auto journal = openSqliteJournal(file("once"));
    QVERIFY((*journal)->append(kRun, happening(1, Warned{"first"})));
    QVERIFY(!(*journal)->append(kRun, happening(1, Warned{"second"})));
    QCOMPARE(std::get<Warned>((*journal)->events(kRun)->front().payload).text, std::string("first"));
}

void JournalTest::runsAreFoundByTheirBeginning()
{
    auto journal = openSqliteJournal(file("find"));
    QCOMPARE((*journal)->findRun("last").error().code, ErrorCode::NotFound);
    QVERIFY((*journal)->append("20261124-120000-aaaaaa", happening(1, Warned{""})));
    QVERIFY((*journal)->append("20261124-120001-bbbbbb", happening(1, Warned{""})));
    QCOMPARE(*(*journal)->findRun("20261124-120000"), std::string("20261124-120000-aaaaaa"));
    QCOMPARE((*journal)->findRun("20261124").error().code, ErrorCode::Invalid);
    QCOMPARE((*journal)->findRun("2025").error().code, ErrorCode::NotFound);
    QCOMPARE((*journal)->findRun("").error().code, ErrorCode::NotFound);
}

/// As the first version of the program left it, its last run and all.
void JournalTest::anOlderFileIsTakenOver()
{
    const auto path = file("older");
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::copy_file(AAP_TEST_DATA "/journal/version-1.sqlite", path);
    const auto versionIn = [&path] {
        QFile raw(QString::fromStdString(path.string()));
        return raw.open(QIODevice::ReadOnly) && raw.seek(60) ? raw.read(4).toHex() : QByteArray();
    };
    QCOMPARE(versionIn(), QByteArray("00000001"));
    for (int opened = 0; opened < 2; ++opened) { // the second time it is not older any more
        auto journal = openSqliteJournal(path);
        QVERIFY2(journal, journal ? "" : journal.error().text().c_str());
        const auto runs = *(*journal)->runs();
        QCOMPARE(runs.size(), 1U + std::size_t(opened));
        const auto& old = runs.back();
        QCOMPARE(old.title, std::string("Write hello.py, which prints hello"));
        QCOMPARE(old.ending, RunEnding::Completed);
        QVERIFY(old.forkOf.empty());
        const auto events = (*journal)->events(old.id);
        QVERIFY2(events, events ? "" : events.error().text().c_str());
        QCOMPARE(events->size(), 33U);
        RunState state;
        for (const auto& event : *events)
            apply(state, event);
        QCOMPARE(state.stage(StageId::Coding)->status, StageStatus::Passed);
        if (opened == 0)
            QVERIFY((*journal)->append("20991124-120000-aaaaaa", happening(1, RunStarted{.title = "new", .forkOf = old.id})));
        else
            QCOMPARE(runs.front().forkOf, old.id);
    }
    QVERIFY(versionIn() > QByteArray("00000001"));
}

void JournalTest::aNewerFileIsRefusedKindly()
{
    QVERIFY(openSqliteJournal(file("newer")));
    QFile raw(QString::fromStdString(file("newer").string()));
    QVERIFY(raw.open(QIODevice::ReadWrite));
    raw.seek(60); // user_version, big endian
    raw.write(QByteArray::fromHex("00000063"));
    raw.close();
    const auto refused = openSqliteJournal(file("newer"));
    QVERIFY(!refused);
    QVERIFY(refused.error().text().find("newer version") != std::string::npos);
    QVERIFY(!refused.error().remedy.empty());
}

void JournalTest::aDamagedFileIsSaid()
{
    const auto path = file("damaged");
    std::filesystem::create_directories(path.parent_path());
    QFile raw(QString::fromStdString(path.string()));
    QVERIFY(raw.open(QIODevice::WriteOnly));
    raw.write(QByteArray(8192, 'x'));
    raw.close();
    const auto refused = openSqliteJournal(path);
    QVERIFY(!refused);
    QVERIFY2(refused.error().text().find("journal") != std::string::npos, refused.error().text().c_str());
}

void JournalTest::theFileIsNobodyElses()
{
    const auto path = file("private");
    auto journal = openSqliteJournal(path);
    QVERIFY((*journal)->append(kRun, happening(1, Warned{""})));
    for (const auto& name : {path.string(), path.string() + "-wal", path.string() + "-shm"}) {
        struct stat status {};
        QCOMPARE(::stat(name.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0077U, 0U);
    }
}

void JournalTest::theRecorderRedactsBeforeItWrites()
{
    MemoryJournal journal;
    KeepingObserver observer;
    const std::string key = "sk-ant-test-0123456789abcdefghijklmnop";
    const Redactor redactor({key});
    RunRecorder recorder(kRun, journal, redactor, observer);
    ToolFinished tool;
    tool.callId = "1";
    tool.result = "the key is " + key;
    QVERIFY(recorder.record(StageId::Coding, tool));
    QVERIFY(recorder.record(StageId::Coding, Submitted{.document = {{"deep", Json::array({{{"er", key}}})}}}));
    recorder.live({.kind = LiveEvent::Kind::Text, .stage = {}, .callId = {}, .text = key});
    for (const auto& kept : journal.kept[kRun])
        QVERIFY(toJson(kept).dump().find(key) == std::string::npos);
    QVERIFY(observer.lived.front().text.find(key) == std::string::npos);
    QCOMPARE(recorder.state().lastSeq, 2);
}

void JournalTest::whatIsNotedIsCommittedWithTheNext()
{
    MemoryJournal journal;
    KeepingObserver observer;
    const Redactor redactor;
    RunRecorder recorder(kRun, journal, redactor, observer);
    QVERIFY(recorder.note({}, Warned{"one"}));
    QVERIFY(recorder.note({}, Warned{"two"}));
    QVERIFY(journal.kept[kRun].empty() && observer.events.empty()); // nobody sees what may still be lost
    QCOMPARE(recorder.state().lastSeq, 0);
    journal.failAfter = 2;
    QVERIFY(!recorder.record({}, Warned{"lost"}));
    QVERIFY(observer.events.empty());
    journal.failAfter.reset();
    QVERIFY(recorder.record({}, Warned{"three"}));
    QCOMPARE(journal.commits, 1);
    QCOMPARE(recorder.state().warnings, (std::vector<std::string>{"one", "two", "three"}));
    QCOMPARE(observer.events.size(), 3U);
    QCOMPARE(observer.events.back().seq, 3);
    QVERIFY(recorder.settle());
    QCOMPARE(journal.commits, 1); // there is nothing to wait for
    QVERIFY(recorder.note({}, Warned{"four"}) && recorder.settle());
    QCOMPARE(journal.kept[kRun].size(), 4U);
}

void JournalTest::severalEventsAreWrittenTogetherOrNotAtAll()
{
    QTemporaryDir folder;
    const auto journal = *openSqliteJournal(folder.filePath(QStringLiteral("several.sqlite")).toStdString());
    std::vector<RunEvent> events;
    for (std::int64_t seq = 1; seq <= 3; ++seq)
        events.push_back({.seq = seq, .at = TimePoint(Milliseconds(seq)), .stage = std::nullopt, .payload = seq == 1 ? Payload(RunStarted{.title = "together"}) : Payload(Warned{"more"})});
    QVERIFY(journal->append(kRun, events));
    QCOMPARE(journal->events(kRun)->size(), 3U);
    events = {{.seq = 4, .at = {}, .stage = std::nullopt, .payload = Warned{"four"}}, {.seq = 3, .at = {}, .stage = std::nullopt, .payload = Warned{"three again"}}};
    QVERIFY(!journal->append(kRun, events));
    QCOMPARE(journal->events(kRun)->size(), 3U);
    QVERIFY(journal->append(kRun, events.front()));
}

void JournalTest::whatCouldNotBeWrittenHasNotHappened()
{
    MemoryJournal journal;
    journal.failAfter = 1;
    KeepingObserver observer;
    const Redactor redactor;
    RunRecorder recorder(kRun, journal, redactor, observer);
    QVERIFY(recorder.record({}, Warned{"one"}));
    const auto failed = recorder.record({}, Warned{"two"});
    QVERIFY(!failed);
    QVERIFY(failed.error().text().find("journal") != std::string::npos);
    QCOMPARE(observer.events.size(), 1U);
    QCOMPARE(recorder.state().warnings.size(), 1U);
}

int main(int argc, char** argv)
{
    const QCoreApplication program(argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == "--append")
        return appendAndWait(argv[2]);
    JournalTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_journal.moc"
