#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <QTemporaryDir>
#include <QTest>

#include "app/cli/history.h"
#include "core/llm/prices.h"
#include "core/store/output_folder.h"
#include "tests/app/said.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

constexpr auto kRun = "20261124-120000-abcdef";

} // namespace

class HistoryTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void runsAreListedForPeopleAndPrograms();
    void noRunsIsSaid();
    void aRunIsShownWithWhatIsWrong();
    void eventsAreShown();
    void anUnknownRunIsAUsageError();
    void aRunIsExportedOnce();
    void verifyingTellsByItsExitCode();
    void anImportedRunIsToldAsSuch();
    void anExportSaysWhereTo();

private:
    fs::path at(const std::string& below) const { return fs::path(m_folder->path().toStdString()) / below; }
    void happens(std::optional<StageId> stage, Payload payload)
    {
        m_events.push_back({.seq = std::int64_t(m_events.size()) + 1, .at = *parseIso8601("2026-11-24T12:00:00.000Z"), .stage = stage, .payload = std::move(payload)});
        QVERIFY(m_journal->append(kRun, m_events.back()));
    }
    void aRun();

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::vector<RunEvent> m_events;
};

void HistoryTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_journal = *openSqliteJournal(at("journal.sqlite"));
    m_events.clear();
}

void HistoryTest::aRun()
{
    RunStarted started;
    started.title = "Todo \x1b[31mservice\nsecond line";
    started.model = "model-1";
    started.output = at("out/" + std::string(kRun)).string();
    happens({}, started);
    happens(StageId::Coding, StageStarted{.attempt = 2, .model = "model-1"});
    happens(StageId::Coding, CheckFinished{{.id = "coding.build", .status = CheckStatus::Failed, .reason = "make: exit code 2"}});
    happens(StageId::Coding, StageFinished{.status = StageStatus::Failed, .reason = "does not build"});
    happens({}, RunFinished{.ending = RunEnding::Failed, .reason = "Coding failed", .remedy = "Give it more rounds."});
    auto output = OutputFolder::create(at("out"), kRun);
    fs::create_directories(at("ws/repo"));
    RunState state;
    for (const auto& event : m_events)
        apply(state, event);
    QVERIFY(output->finish({.state = state, .events = m_events, .requirements = Json(), .workspace = *Folder::open(at("ws"))}));
}

void HistoryTest::runsAreListedForPeopleAndPrograms()
{
    aRun();
    const auto table = say(runsCommand, Options{}, *m_journal);
    QCOMPARE(table.code, 0);
    QCOMPARE(std::ranges::count(table.out, '\n'), std::ptrdiff_t(1));
    for (const auto* part : {kRun, "2026-11-24 12:00", "Failed", "Todo"})
        QVERIFY2(contains(table.out, part), table.out.c_str());
    QVERIFY(!contains(table.out, "\x1b"));
    Options json;
    json.json = true;
    const auto line = Json::parse(say(runsCommand, json, *m_journal).out);
    QCOMPARE(line["run_id"].get<std::string>(), std::string(kRun));
    QCOMPARE(line["ending"].get<std::string>(), std::string("failed"));
}

void HistoryTest::noRunsIsSaid()
{
    QVERIFY(contains(say(runsCommand, Options{}, *m_journal).out, "no runs yet"));
    Options json;
    json.json = true;
    QVERIFY(say(runsCommand, json, *m_journal).out.empty());
}

void HistoryTest::aRunIsShownWithWhatIsWrong()
{
    aRun();
    Options options;
    options.runId = "last";
    const auto shown = say(showCommand, options, *m_journal, Prices());
    QCOMPARE(shown.code, 0);
    for (const auto* part : {kRun, "Coding", "does not build", "coding.build failed: make: exit code 2", "Give it more rounds."})
        QVERIFY2(contains(shown.out, part), shown.out.c_str());
    QVERIFY(!contains(shown.out, "\x1b"));
    options.json = true;
    QCOMPARE(Json::parse(say(showCommand, options, *m_journal, Prices()).out)["status"].get<std::string>(), std::string("failed"));
}

void HistoryTest::eventsAreShown()
{
    aRun();
    Options options;
    options.runId = "2026";
    options.events = true;
    QVERIFY(contains(say(showCommand, options, *m_journal, Prices()).out, "2026-11-24T12:00:00.000Z  == Coding"));
    options.json = true;
    std::istringstream lines(say(showCommand, options, *m_journal, Prices()).out);
    std::int64_t seq = 0;
    for (std::string line; std::getline(lines, line);)
        QCOMPARE(Json::parse(line)["seq"].get<std::int64_t>(), ++seq);
    QCOMPARE(seq, std::int64_t(m_events.size()));
}

void HistoryTest::anUnknownRunIsAUsageError()
{
    Options options;
    options.runId = "1999";
    const auto said = say(showCommand, options, *m_journal, Prices());
    QCOMPARE(said.code, 2);
    QVERIFY(said.out.empty());
    QVERIFY(contains(said.err, "agent-pipeline runs"));
    options.target = at("x.zip").string();
    QCOMPARE(say(exportCommand, options, *m_journal).code, 2);
}

void HistoryTest::aRunIsExportedOnce()
{
    aRun();
    Options options;
    options.runId = kRun;
    options.target = at("copy").string();
    const auto first = say(exportCommand, options, *m_journal);
    QVERIFY2(first.code == 0, first.err.c_str());
    QVERIFY(verifyOutput(at("copy"))->isIntact());
    const auto second = say(exportCommand, options, *m_journal);
    QCOMPARE(second.code, 2);
    QVERIFY(contains(second.err, "exists already"));
}

void HistoryTest::verifyingTellsByItsExitCode()
{
    aRun();
    Options options;
    options.target = at("out/" + std::string(kRun)).string();
    QCOMPARE(say(verifyCommand, options).code, 0);
    std::ofstream(at("out/" + std::string(kRun) + "/REPORT.html"), std::ios::app) << " ";
    const auto changed = say(verifyCommand, options);
    QCOMPARE(changed.code, 1);
    QVERIFY2(contains(changed.out, "changed  REPORT.html"), changed.out.c_str());
    options.json = true;
    const auto said = say(verifyCommand, options);
    QCOMPARE(said.code, 1);
    QCOMPARE(Json::parse(said.out)["changed"][0].get<std::string>(), std::string("REPORT.html"));
    options.target = at("nowhere").string();
    QCOMPARE(say(verifyCommand, options).code, 2);
}

void HistoryTest::anImportedRunIsToldAsSuch()
{
    RunStarted started;
    started.title = "Todo";
    started.signedBy = "a2V5";
    happens({}, started);
    happens({}, RunFinished{.ending = RunEnding::Stopped});
    QVERIFY(contains(say(runsCommand, Options{}, *m_journal).out, "imported: Todo"));
    Options options;
    options.json = true;
    const auto line = Json::parse(say(runsCommand, options, *m_journal).out);
    QCOMPARE(line["signed_by"].get<std::string>(), std::string("a2V5"));
    QCOMPARE(line["resumable"].get<bool>(), false);
    options = {};
    options.runId = kRun;
    QVERIFY(contains(say(showCommand, options, *m_journal, Prices()).out, "Imported; signed with the key "));
}

void HistoryTest::anExportSaysWhereTo()
{
    aRun();
    Options options;
    options.runId = kRun;
    const auto nowhere = say(exportCommand, options, *m_journal);
    QCOMPARE(nowhere.code, 2);
    QVERIFY(contains(nowhere.err, "--git"));
    options.gitTarget = at("repository").string();
    const auto without = say(exportCommand, options, *m_journal);
    QCOMPARE(without.code, 2);
    QVERIFY2(contains(without.err, "snapshot"), without.err.c_str());
    QVERIFY(!fs::exists(at("repository")));
}

QTEST_GUILESS_MAIN(HistoryTest)
#include "tst_history.moc"
