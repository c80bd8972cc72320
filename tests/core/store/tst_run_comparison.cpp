#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/store/run_comparison.h"
#include "tests/support/memory_journal.h"

using namespace aap;
namespace fs = std::filesystem;

/// Runs side by side.
class RunComparisonTest : public QObject {
    Q_OBJECT

private slots:
    void whatARunLeftIsRead();
    void filesThatDifferAreListed();
    void aRunWithoutOutputIsComparedAllTheSame();

private:
    void write(const std::string& path, const std::string& text) const
    {
        const auto file = fs::path(m_folder.path().toStdString()) / path;
        fs::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }
    ComparedRun run(const std::string& id, const Json& files)
    {
        RunStarted started{.title = id, .model = "m", .output = (fs::path(m_folder.path().toStdString()) / id).string()};
        started.pipeline = {{"stages", Json::array({{{"id", "testing"}}})}};
        std::vector<RunEvent> events;
        for (auto payload : {Payload(started), Payload(StageStarted{.attempt = 2, .model = "m"}), Payload(CheckFinished{{.id = "testing.passes", .status = CheckStatus::Failed}}),
                             Payload(StageFinished{.status = StageStatus::Failed, .reason = "tests fail"}), Payload(RunFinished{.ending = RunEnding::Failed})}) {
            const auto seq = std::int64_t(events.size()) + 1;
            const bool ofStage = seq > 1 && seq < 5;
            events.push_back({.seq = seq, .at = TimePoint(Milliseconds(1000 * seq)), .stage = ofStage ? std::optional(StageId::Testing) : std::nullopt, .payload = payload});
        }
        m_journal.kept[id] = events;
        if (!files.is_null())
            write(id + "/MANIFEST.json", Json{{"schema", "aap/manifest/1"}, {"files", files}}.dump());
        return *comparedRun(id, m_journal);
    }

    QTemporaryDir m_folder;
    MemoryJournal m_journal;
};

void RunComparisonTest::whatARunLeftIsRead()
{
    write("a/reports/junit.xml", R"(<testsuite><testcase classname="t" name="one"/><testcase classname="t" name="two"><failure/></testcase><testcase classname="t" name="three"><skipped/></testcase></testsuite>)");
    write("a/reports/coverage.xml", R"(<coverage><class filename="a.py"><line hits="1"/><line hits="2"/><line hits="1"/><line hits="0"/></class></coverage>)");
    const auto compared = run("a", Json::array());
    QCOMPARE(compared.testsPassed, 1U);
    QCOMPARE(compared.testsFailed, 1U);
    QCOMPARE(compared.testsSkipped, 1U);
    QVERIFY(compared.coveragePercent);
    QCOMPARE(*compared.coveragePercent, 75.0);
    const auto json = comparisonJson({compared});
    const auto& shown = json.at("runs").at(0);
    QCOMPARE(shown.at("ending").get<std::string>(), std::string("failed"));
    QCOMPARE(shown.at("seconds").get<double>(), 4.0);
    QCOMPARE(shown.at("stages").at("testing").at("failed_checks").dump(), std::string(R"(["testing.passes"])"));
    QCOMPARE(shown.at("stages").at("testing").at("attempts").get<int>(), 2);
}

void RunComparisonTest::filesThatDifferAreListed()
{
    const auto first = run("one", {{{"path", "workspace/same.py"}, {"sha256", "1"}}, {{"path", "workspace/other.py"}, {"sha256", "2"}}, {{"path", "REPORT.html"}, {"sha256", "3"}}});
    const auto second = run("two", {{{"path", "workspace/same.py"}, {"sha256", "1"}}, {{"path", "workspace/other.py"}, {"sha256", "5"}},
                                    {{"path", "workspace/new"}, {"link_hex", "61"}}, {{"path", "REPORT.html"}, {"sha256", "4"}}});
    const auto different = fileDifferences({first, second});
    QCOMPARE(different.size(), 2U);
    QCOMPARE(different[0].path, std::string("new"));
    QCOMPARE(different[0].prints, (std::vector<std::string>{"", "link 61"}));
    QCOMPARE(different[1].path, std::string("other.py"));
    QCOMPARE(comparisonJson({first, second}).at("files").dump(), std::string(R"([{"path":"new","content":[null,"link 61"]},{"path":"other.py","content":["2","5"]}])"));
}

void RunComparisonTest::aRunWithoutOutputIsComparedAllTheSame()
{
    const auto with = run("with", {{{"path", "workspace/a"}, {"sha256", "1"}}});
    const auto without = run("without", Json());
    QVERIFY(!without.hasFiles);
    QVERIFY(!without.hasTests());
    QVERIFY(fileDifferences({with, without}).empty());
    QVERIFY(comparisonJson({with, without}).at("runs").at(1).at("tests").is_null());
}

QTEST_GUILESS_MAIN(RunComparisonTest)
#include "tst_run_comparison.moc"
