#include <filesystem>
#include <fstream>
#include <sstream>

#include <QTemporaryDir>
#include <QTest>

#include "app/cli/housekeeping.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

const auto kNow = *parseIso8601("2026-11-26T12:00:00.000Z");

struct Told {
    int code = 0;
    std::string out{};
    std::string err{};
};

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

/// Old runs, backups and settings on the move.
class HousekeepingTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void spansAreRead_data();
    void spansAreRead();
    void oldRunsGo_data();
    void oldRunsGo();
    void aDryRunRemovesNothing();
    void onlyTheRunsOwnFolderIsRemoved();
    void historyTravelsByBackup();
    void settingsTravelWithoutSecrets();
    void whatCannotBeImportedIsExplained_data();
    void whatCannotBeImportedIsExplained();

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    void write(const std::string& name, const std::string& text) const
    {
        fs::create_directories(at(name).parent_path());
        std::ofstream(at(name)) << text;
    }
    /// A run that began so many days ago.
    std::string run(int days, std::optional<RunEnding> ending, bool withFolder = true)
    {
        const auto id = fmt::format("20261126-1200{:02}-abcdef", days);
        RunStarted started{.title = "run"};
        started.output = at("out/" + id).string();
        const auto begun = kNow - std::chrono::hours(24 * days);
        if (!m_journal->append(id, {.seq = 1, .at = begun, .stage = {}, .payload = started}))
            qFatal("no journal");
        if (ending && !m_journal->append(id, {.seq = 2, .at = begun, .stage = {}, .payload = RunFinished{.ending = *ending}}))
            qFatal("no journal");
        if (withFolder)
            write("out/" + id + "/run.json", "{}");
        return id;
    }
    Told prune(const Options& options)
    {
        std::ostringstream out;
        std::ostringstream err;
        const int code = pruneRunsCommand(options, *m_journal, at("journal.sqlite"), kNow, out, err);
        return {code, out.str(), err.str()};
    }
    template <typename Command, typename Subject>
    static Told tell(Command command, const Options& options, const Subject& subject)
    {
        std::ostringstream out;
        std::ostringstream err;
        const int code = command(options, subject, out, err);
        return {code, out.str(), err.str()};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
};

void HousekeepingTest::init()
{
    m_journal.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_journal = *openSqliteJournal(at("journal.sqlite"));
}

void HousekeepingTest::spansAreRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("minutes"); // -1: none
    QTest::newRow("days") << QByteArray("30d") << qint64(30 * 24 * 60);
    QTest::newRow("hours") << QByteArray("12h") << qint64(720);
    QTest::newRow("weeks") << QByteArray("2w") << qint64(2 * 7 * 24 * 60);
    QTest::newRow("minutes") << QByteArray("90m") << qint64(90);
    QTest::newRow("none at all") << QByteArray("0d") << qint64(0);
    for (const auto* wrong : {"", "d", "30", "30 d", "30days", "-1d", "1.5d", "99999999999w", "9999999999999999999999d", "30D"})
        QTest::newRow(wrong) << QByteArray(wrong) << qint64(-1);
}

void HousekeepingTest::spansAreRead()
{
    QFETCH(const QByteArray, text);
    QFETCH(const qint64, minutes);
    const auto span = parseSpan(text.toStdString());
    QCOMPARE(bool(span), minutes >= 0);
    if (span)
        QCOMPARE(qint64(span->count()), minutes * 60'000);
}

void HousekeepingTest::oldRunsGo_data()
{
    QTest::addColumn<QByteArray>("olderThan");
    QTest::addColumn<int>("keep");
    QTest::addColumn<int>("left"); // of runs of 1, 5, 20 and 40 days, and four that are not over
    QTest::newRow("by age") << QByteArray("10d") << -1 << 6;
    QTest::newRow("by number") << QByteArray() << 1 << 5;
    QTest::newRow("none is kept") << QByteArray() << 0 << 4;
    QTest::newRow("old ones but not the newest") << QByteArray("3d") << 3 << 7;
    QTest::newRow("nothing is old") << QByteArray("9w") << 0 << 8;
}

void HousekeepingTest::oldRunsGo()
{
    QFETCH(const QByteArray, olderThan);
    QFETCH(const int, keep);
    for (const int days : {1, 5, 20, 40})
        run(days, RunEnding::Failed);
    for (const int days : {50, 51})
        run(days, std::nullopt);
    for (const int days : {52, 53})
        run(days, RunEnding::WaitingAtGate);
    Options options;
    options.olderThan = olderThan.toStdString();
    options.keep = keep;
    const auto told = prune(options);
    QCOMPARE(told.code, 0);
    QTEST(int(m_journal->runs()->size()), "left");
    const auto folders = std::distance(fs::directory_iterator(at("out")), fs::directory_iterator());
    QTEST(int(folders), "left");
}

void HousekeepingTest::aDryRunRemovesNothing()
{
    const auto id = run(40, RunEnding::Completed);
    Options options;
    options.olderThan = "30d";
    options.dryRun = true;
    QVERIFY(contains(prune(options).out, "Would remove 1 run(s)"));
    options.json = true;
    QVERIFY(contains(prune(options).out, id));
    QCOMPARE(m_journal->runs()->size(), 1U);
    QVERIFY(fs::exists(at("out/" + id)));
    QCOMPARE(prune({}).code, 2); // it must be said which
}

void HousekeepingTest::onlyTheRunsOwnFolderIsRemoved()
{
    const auto without = run(40, RunEnding::Completed, false);
    write("out/" + without + "/mine.txt", "not of a run");
    RunStarted elsewhere{.title = "other"};
    elsewhere.output = at("precious").string();
    write("precious/run.json", "{}");
    QVERIFY(m_journal->append("20261126-120099-abcdef", {.seq = 1, .at = kNow - std::chrono::hours(24 * 40), .stage = {}, .payload = elsewhere}));
    QVERIFY(m_journal->append("20261126-120099-abcdef", {.seq = 2, .at = kNow, .stage = {}, .payload = RunFinished{.ending = RunEnding::Completed}}));
    Options options;
    options.keep = 0;
    QCOMPARE(prune(options).code, 0);
    QVERIFY(m_journal->runs()->empty());
    QVERIFY(fs::exists(at("out/" + without + "/mine.txt")));
    QVERIFY(fs::exists(at("precious/run.json")));
}

void HousekeepingTest::historyTravelsByBackup()
{
    run(1, RunEnding::Completed);
    Options options;
    options.target = at("history.backup").string();
    QCOMPARE(tell(backupCommand, options, at("journal.sqlite")).code, 0);
    QCOMPARE(tell(backupCommand, options, at("journal.sqlite")).code, 2); // never over a file
    const auto told = tell(restoreBackupCommand, options, at("other/journal.sqlite"));
    QCOMPARE(told.code, 0);
    QVERIFY(contains(told.out, "1 run(s)"));
    options.target = at("nothing").string();
    QCOMPARE(tell(restoreBackupCommand, options, at("other/journal.sqlite")).code, 2);
}

void HousekeepingTest::settingsTravelWithoutSecrets()
{
    write("here/config.json", R"({"anthropic_api_key": "sk-ant-0123456789abcdef", "max_iterations": 33, "budget": {"run_usd": 2.5}, "gates": {"coding": "approve"}})");
    fs::permissions(at("here/config.json"), fs::perms::owner_read | fs::perms::owner_write);
    const auto config = loadConfig({.file = at("here/config.json"), .workingFolder = at("here"), .configFolder = at("there")});
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    Options options;
    options.target = at("exported.json").string();
    QCOMPARE(tell(exportConfigCommand, options, *config).code, 0);
    QCOMPARE(tell(exportConfigCommand, options, *config).code, 2); // never over a file
    options.target = "-";
    const auto shown = tell(exportConfigCommand, options, *config);
    QVERIFY(!contains(shown.out, "sk-ant"));
    QVERIFY(!contains(shown.out, "docker_image")); // nobody set it
    options.target = at("exported.json").string();
    fs::create_directories(at("there"));
    const auto told = tell(importConfigCommand, options, at("there"));
    QVERIFY2(told.code == 0, told.err.c_str());
    const auto arrived = loadConfig({.workingFolder = at("nowhere"), .configFolder = at("there")});
    QVERIFY(arrived);
    QCOMPARE(arrived->maxIterations, 33);
    QCOMPARE(arrived->runBudget.money, std::optional(Money::usd(2.5)));
    QVERIFY(arrived->gates.contains(StageId::Coding));
    QCOMPARE(tell(importConfigCommand, options, at("there")).code, 2);
    options.force = true;
    QCOMPARE(tell(importConfigCommand, options, at("there")).code, 0);
}

void HousekeepingTest::whatCannotBeImportedIsExplained_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray("line 1");
    QTest::newRow("a list") << QByteArray("[]") << QByteArray("object");
    QTest::newRow("unknown key") << QByteArray(R"({"max_iteration": 3})") << QByteArray("max_iterations");
    QTest::newRow("a secret") << QByteArray(R"({"provider": {"auth_token": "token-0123"}})") << QByteArray("provider.auth_token");
    QTest::newRow("a value out of range") << QByteArray(R"({"max_iterations": 0})") << QByteArray("max_iterations");
}

void HousekeepingTest::whatCannotBeImportedIsExplained()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QByteArray, says);
    write("foreign.json", json.toStdString());
    Options options;
    options.target = at("foreign.json").string();
    const auto told = tell(importConfigCommand, options, at("there"));
    QVERIFY(told.code != 0);
    QVERIFY2(contains(told.err, says.toStdString()), told.err.c_str());
    QVERIFY(!fs::exists(at("there/config.json")));
}

QTEST_GUILESS_MAIN(HousekeepingTest)
#include "tst_housekeeping.moc"
