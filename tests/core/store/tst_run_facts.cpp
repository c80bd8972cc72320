#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "core/agent/dialogue_texts.h"
#include "core/base/files.h"
#include "core/engine/expected_run.h"
#include "core/store/lasting_text.h"
#include "core/store/snapshots.h"
#include "tests/support/memory_journal.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

RunEvent toolIn(StageId stage, const std::string& result, std::optional<int> exitCode = {})
{
    return {.seq = 1, .at = {}, .stage = stage, .payload = ToolFinished{.callId = "c", .tool = "run_command", .isError = exitCode.value_or(0) != 0, .result = result, .exitCode = exitCode}};
}

RunEvent checked(CheckStatus status)
{
    return {.seq = 1, .at = {}, .stage = StageId::Coding, .payload = CheckFinished{{.id = "coding.build", .status = status}}};
}

RunEvent stageEnd(StageStatus status, const std::string& commit = {})
{
    return {.seq = 1, .at = {}, .stage = StageId::Coding, .payload = StageFinished{.status = status, .commit = commit}};
}

RunEvent runEnd(RunEnding ending)
{
    return {.seq = 1, .at = {}, .stage = {}, .payload = RunFinished{.ending = ending}};
}

std::vector<RunEvent> aRun()
{
    return {toolIn(StageId::Coding, "3 passed in 0.31s", 0), checked(CheckStatus::Passed), stageEnd(StageStatus::Passed), runEnd(RunEnding::Completed)};
}

} // namespace

/// What of a run must come out again when its replies are replayed.
class RunFactsTest : public QObject {
    Q_OBJECT

private slots:
    void whatPassesIsTakenOut_data();
    void whatPassesIsTakenOut();
    void filesKeepTheirFigures();
    void theSameRunIsTheSame();
    void theFirstDifferenceIsFound_data();
    void theFirstDifferenceIsFound();
    void filesAreComparedByContent();
    void whatWasInterruptedCountsNot();
    void factsSurviveTheirJson();
};

void RunFactsTest::whatPassesIsTakenOut_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::addColumn<bool>("same");
    const auto row = [](const char* name, const char* one, const char* other, bool same) { QTest::newRow(name) << QByteArray(one) << QByteArray(other) << same; };
    row("the time of the tests", "137 passed in 4.36s", "137 passed in 12.01s", true);
    row("their number", "137 passed in 4.36s", "136 passed in 4.36s", false);
    row("the head of a result", "exit code 0, 0.8 s\nok", "exit code 0, 11 s\nok", true);
    row("an exit code", "exit code 0, 0.8 s", "exit code 1, 0.8 s", false);
    row("a moment", R"({"created": "2026-11-26T16:42:30+00:00"})", R"({"created": "2026-11-27T01:02:03.123+00:00"})", true);
    row("an address", "<Service object at 0x7f84dd339090>", "<Service object at 0x7f681c90ea10>", true);
    row("a run", "aap-20261126-164223-0aaed9-api is up", "aap-20261126-164433-b2a1db-api is up", true);
    row("a container", "container 3f9a5c1d2b7e", "container 0011223344ff", true);
    row("a port", "http://127.0.0.1:34567/health", "http://127.0.0.1:45678/health", true);
    row("an answer", "status 200 in 5.9 ms, 62 bytes", "status 200 in 14.2 ms, 61 bytes", true);
    row("its status", "status 200 in 5.9 ms", "status 500 in 5.9 ms", false);
    row("a percentage", "total coverage 99.0 %", "total coverage 98.0 %", false);
    row("a line of a file", "47: return rows[0]", "48: return rows[0]", false);
    row("words", "created a.py", "created b.py", false);
}

void RunFactsTest::whatPassesIsTakenOut()
{
    QFETCH(const QByteArray, one);
    QFETCH(const QByteArray, other);
    QTEST(lastingText(one.toStdString()) == lastingText(other.toStdString()), "same");
}

void RunFactsTest::filesKeepTheirFigures()
{
    QVERIFY(withoutMoments("<coverage timestamp=\"1795711370045\">") == withoutMoments("<coverage timestamp=\"1795711506517\">"));
    QVERIFY(withoutMoments("TIMEOUT = 0.5") != withoutMoments("TIMEOUT = 0.7"));
    QVERIFY(withoutMoments("PORT = 8080") != withoutMoments("PORT = 8081"));
}

void RunFactsTest::theSameRunIsTheSame()
{
    KeepingObserver shown;
    int differed = 0;
    ExpectedRun run(factsOf(aRun(), {}), shown, [&differed] { ++differed; });
    auto again = aRun();
    again[0] = toolIn(StageId::Coding, "3 passed in 9.99s", 0);
    for (const auto& event : again)
        run.happened(event, {});
    QVERIFY(!run.difference());
    QCOMPARE(run.same(), std::size_t(4));
    QCOMPARE(differed, 0);
    QCOMPARE(shown.events.size(), std::size_t(4));
}

void RunFactsTest::theFirstDifferenceIsFound_data()
{
    QTest::addColumn<int>("at");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<QByteArray>("actual");
    QTest::newRow("a result") << 0 << 0 << QByteArray("coding, call 1: run_command") << QByteArray("3 passed in (figure)") << QByteArray("2 passed, 1 failed");
    QTest::newRow("an exit code") << 0 << 1 << QByteArray("coding, call 1: run_command") << QByteArray("error false") << QByteArray("error true");
    QTest::newRow("a verdict") << 1 << 2 << QByteArray("coding, check coding.build") << QByteArray("passed") << QByteArray("failed");
    QTest::newRow("a stage") << 2 << 3 << QByteArray("the end of coding") << QByteArray("passed") << QByteArray("failed");
    QTest::newRow("another course") << 1 << 4 << QByteArray("the course of the run") << QByteArray("coding, check coding.build") << QByteArray("coding, call 2: run_command");
    QTest::newRow("an early end") << 3 << 5 << QByteArray("the course of the run") << QByteArray("the end of the run") << QByteArray("nothing more");
}

void RunFactsTest::theFirstDifferenceIsFound()
{
    QFETCH(const int, at);
    QFETCH(const int, kind);
    QFETCH(const QByteArray, what);
    QFETCH(const QByteArray, expected);
    QFETCH(const QByteArray, actual);
    const std::vector<RunEvent> others{toolIn(StageId::Coding, "2 passed, 1 failed\nin all", 0), toolIn(StageId::Coding, "3 passed in 0.31s", 1), checked(CheckStatus::Failed),
                                       stageEnd(StageStatus::Failed), toolIn(StageId::Coding, "more", 0), {.seq = 1, .at = {}, .stage = {}, .payload = Warned{"w"}}};
    KeepingObserver shown;
    int differed = 0;
    ExpectedRun run(factsOf(aRun(), {}), shown, [&differed] { ++differed; });
    auto again = aRun();
    again[std::size_t(at)] = others[std::size_t(kind)];
    for (const auto& event : again)
        run.happened(event, {});
    const auto difference = run.difference();
    QVERIFY(difference);
    QCOMPARE(QByteArray::fromStdString(difference->what), what);
    QVERIFY2(difference->expected.find(expected.toStdString()) != std::string::npos, difference->expected.c_str());
    QVERIFY2(difference->actual.find(actual.toStdString()) != std::string::npos, difference->actual.c_str());
    QCOMPARE(differed, kind == 5 ? 0 : 1);
}

void RunFactsTest::filesAreComparedByContent()
{
    QTemporaryDir folder;
    const fs::path root(folder.path().toStdString());
    const auto commitOf = [&](const std::string& run, const std::string& report, const std::string& extra) {
        for (const auto& [path, text] : {std::pair<std::string, std::string>{"coverage.xml", report}, {"main.py", "x = 0.5\n"}, {extra, "y\n"}})
            if (!path.empty() && !writeFileAtomically(root / run / "ws/repo" / path, text))
                return std::string();
        return (*Snapshots::open(root / run / "snapshots.git", *Folder::open(root / run / "ws")))->take("x").value_or("");
    };
    const auto expected = factsOf({stageEnd(StageStatus::Passed, commitOf("one", "<c timestamp=\"1795711370045\"/>", ""))}, root / "one/snapshots.git");
    const auto same = factsOf({stageEnd(StageStatus::Passed, commitOf("two", "<c timestamp=\"1795711506517\"/>", ""))}, root / "two/snapshots.git");
    QVERIFY(expected.front().value.at("files").size() == 2);
    QVERIFY(!differenceOf(expected.front(), same.front()));
    const auto other = factsOf({stageEnd(StageStatus::Passed, commitOf("three", "<c lines=\"1\"/>", "new.py"))}, root / "three/snapshots.git");
    const auto difference = differenceOf(expected.front(), other.front());
    QVERIFY(difference);
    QCOMPARE(difference->actual, std::string("changed coverage.xml, new new.py"));
    const auto gone = factsOf({stageEnd(StageStatus::Passed, std::string(40, '0'))}, root / "three/snapshots.git");
    QVERIFY(!differenceOf(expected.front(), gone.front())); // nobody can say
}

void RunFactsTest::whatWasInterruptedCountsNot()
{
    std::vector<RunEvent> events{toolIn(StageId::Coding, std::string(dialogue_text::interrupted), {}), checked(CheckStatus::Passed)};
    std::get<ToolFinished>(events[0].payload).isError = true;
    events.push_back({.seq = 1, .at = {}, .stage = {}, .payload = RunResumed{}});
    events.push_back({.seq = 1, .at = {}, .stage = StageId::Coding, .payload = StageStarted{.resumed = true}});
    events.push_back(checked(CheckStatus::Passed));
    const auto facts = factsOf(events, {});
    QCOMPARE(facts.size(), std::size_t(2));
    QVERIFY(!differenceOf(facts[0], factsOf({toolIn(StageId::Coding, "fine", 0)}, {}).front()));
}

void RunFactsTest::factsSurviveTheirJson()
{
    const auto facts = factsOf(aRun(), {});
    QVERIFY(parseFacts(toJson(facts)) == facts);
    for (const auto* wrong : {"null", "{}", "[1]", R"([{"what": ""}])", R"([{"what": "x"}])"})
        QVERIFY(!parseFacts(Json::parse(wrong)));
}

QTEST_GUILESS_MAIN(RunFactsTest)
#include "tst_run_facts.moc"
