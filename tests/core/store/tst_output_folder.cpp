#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/domain/contracts.h"
#include "core/store/csv.h"
#include "core/store/html.h"
#include "core/store/markdown_report.h"
#include "core/store/output_folder.h"
#include "core/store/traceability.h"
#include "core/store/transcript.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

constexpr auto kRun = "20261124-120000-abcdef";
constexpr auto kHostile = "<script>alert(1)</script> \"quoted\" & '<img src=x onerror=y>";

/// A short run with everything in it that has a place in the results.
class FinishedRun {
public:
    FinishedRun()
    {
        state.id = kRun;
        RunStarted started;
        started.title = kHostile;
        started.requirements = std::string("Build it. ") + kHostile;
        started.recordingLabel = "replayed recording";
        started.model = "model-1";
        started.settings = {{"max_iterations", 3}};
        happens({}, started);
        happens(StageId::Coding, StageStarted{.attempt = 1, .model = "model-1"});
        happens(StageId::Coding, UserTurn{.content = Json::array({{{"type", "text"}, {"text", "Write the code. ```` <script>"}}})});
        TurnFinished turn;
        turn.turn = 1;
        turn.model = "=HYPERLINK(1)";
        turn.content = Json::array({{{"type", "text"}, {"text", "Done."}}});
        turn.usage = {.inputTokens = 10, .outputTokens = 5, .calls = 1};
        turn.cost = Money{1500};
        happens(StageId::Coding, turn);
        const Json implementation{{"schema", "aap/implementation/1"}, {"summary", "s"},
                                  {"implements", Json::array({{{"requirement", "R1"}, {"where", {"src/app.py:3"}}}})}};
        finishStage(StageId::Coding, implementation);
        happens(StageId::Testing, StageStarted{.attempt = 1, .model = "model-1"});
        const Json finding{{"id", "F1"}, {"title", kHostile}, {"severity", "high"}, {"cwe", "CWE-79"}, {"file", "src/app.py"}, {"line", 3},
                           {"evidence", "x"}, {"explanation", "e"}, {"fix", "f"}};
        const Json covers = Json::array({{{"requirement", "R1"}, {"tests", {"tests/test_app.py::test_one"}}},
                                         {{"requirement", "R2"}, {"tests", {"tests/test_app.py::test_two"}}}});
        finishStage(StageId::Testing, {{"schema", "aap/testreport/1"}, {"verdict", "accept"}, {"covers", covers}, {"findings", Json::array({finding})}});
        happens(StageId::Deployment, StageStarted{.attempt = 1}); // and then the end came
        happens({}, Warned{kHostile});
        happens({}, RunFinished{.ending = RunEnding::Failed, .reason = kHostile, .remedy = "Try again."});
        fs::create_directories(path("ws/repo/src"));
        std::ofstream(path("ws/repo/src/app.py")) << "print(1)\n";
        fs::create_symlink("src/app.py", path("ws/repo/inside"));
        fs::create_symlink("/etc/passwd", path("ws/repo/outside"));
    }

    fs::path path(const std::string& below) const { return fs::path(m_folder.path().toStdString()) / below; }
    fs::path out(const std::string& below = "") const { return path("out") / kRun / below; }
    std::string read(const std::string& below) const { return readFile(out(below)).value_or("<not there>"); }

    Result<void> write()
    {
        auto folder = OutputFolder::create(path("out"), kRun);
        if (!folder)
            return std::move(folder).error();
        constexpr auto kJunit = R"(<?xml version="1.0"?><testsuites><testsuite><testcase classname="tests.test_app" name="test_one"/>
            <testcase classname="tests.test_app" name="test_two"><failure message="no"/></testcase></testsuite></testsuites>)";
        if (auto written = folder->write("reports/junit.xml", std::string_view(kJunit)); !written)
            return written;
        const auto workspace = Folder::open(path("ws"));
        return folder->finish({.state = state, .events = events, .requirements = requirements, .workspace = *workspace});
    }

    RunState state;
    std::vector<RunEvent> events;
    Json requirements{{"schema", "aap/requirements/1"}, {"title", "t"}, {"kind", "cli"},
                      {"items", Json::array({{{"id", "R1"}, {"text", "=one"}, {"priority", "must"}}, {{"id", "R2"}, {"text", "two"}, {"priority", "should"}},
                                             {{"id", "R3"}, {"text", "three"}, {"priority", "could"}}})}};

private:
    void happens(std::optional<StageId> stage, Payload payload)
    {
        events.push_back({.seq = std::int64_t(events.size()) + 1, .at = now(), .stage = stage, .payload = std::move(payload)});
        apply(state, events.back());
    }

    void finishStage(StageId stage, const Json& document)
    {
        happens(stage, Submitted{document});
        happens(stage, CheckFinished{{.id = "stage.linted", .status = CheckStatus::NotChecked, .reason = kHostile}});
        happens(stage, StageFinished{.status = StageStatus::Passed, .document = document});
    }

    QTemporaryDir m_folder;
};

/// Writes the files and links of a ZIP file; false when it cannot be read to its end.
bool unpacks(const fs::path& zip, const fs::path& into)
{
    const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(), &archive_read_free);
    archive_read_support_format_zip_seekable(reader.get());
    if (archive_read_open_filename(reader.get(), zip.c_str(), 65536) != ARCHIVE_OK)
        return false;
    archive_entry* entry = nullptr;
    int answer = 0;
    while ((answer = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
        const auto target = into / archive_entry_pathname(entry);
        fs::create_directories(target.parent_path());
        if (archive_entry_filetype(entry) == AE_IFLNK) {
            fs::create_symlink(archive_entry_symlink(entry), target);
            continue;
        }
        std::string content(std::size_t(archive_entry_size(entry)), ' ');
        if (archive_read_data(reader.get(), content.data(), content.size()) != la_ssize_t(content.size()))
            return false;
        std::ofstream(target) << content;
    }
    return answer == ARCHIVE_EOF;
}

} // namespace

class OutputFolderTest : public QObject {
    Q_OBJECT

private slots:
    void everythingHasItsPlace();
    void latestPointsAtTheLastRun();
    void whatStandsWhereLatestBelongsIsNotTouched();
    void pathsThatLeaveAreRefused();
    void theWorkspaceIsCopiedWithoutWhatLeavesIt();
    void theReportShowsForeignTextAsText();
    void theReportIsMarkdownToo();
    void markdownIsNoMarkup();
    void aChangedByteIsFound();
    void whatIsMissingOrNewIsFound();
    void aFolderWithoutManifestIsRefused();
    void anExportIsTheSameAgain_data();
    void anExportIsTheSameAgain();
    void anExportOverwritesNothing();
    void requirementsAreTracedToTheirTests();
    void testNamesOfBothKindsMeet_data();
    void testNamesOfBothKindsMeet();
    void spreadsheetsSeeNoFormulas();
    void transcriptsKeepForeignFencesIn();
    void finishingAgainReplacesWhatWasThere();
};

void OutputFolderTest::everythingHasItsPlace()
{
    FinishedRun run;
    const auto written = run.write();
    QVERIFY2(written, written ? "" : written.error().text().c_str());
    for (const auto* file : {"run.json", "journal.jsonl", "requirements.md", "requirements.json", "exchanges/0001.json", "stages/2-coding/result.json",
                             "stages/2-coding/submit.json", "stages/2-coding/prompt.md", "stages/2-coding/transcript.md", "stages/3-testing/result.json",
                             "workspace/src/app.py", "reports/cost.csv", "reports/traceability.csv", "reports/findings.json", "reports/sarif.json",
                             "REPORT.html", "REPORT.md", "MANIFEST.json"})
        QVERIFY2(fs::is_regular_file(run.out(file)), file);
    const auto description = Json::parse(run.read("run.json"));
    QCOMPARE(description["ending"].get<std::string>(), std::string("failed"));
    QCOMPARE(description["exit_code"].get<int>(), 1);
    QCOMPARE(description["settings"]["max_iterations"].get<int>(), 3);
    QCOMPARE(std::ranges::count(run.read("journal.jsonl"), '\n'), std::ptrdiff_t(run.events.size()));
    QCOMPARE(Json::parse(*readFile(run.path("out/pipeline_state.json")))["status"].get<std::string>(), std::string("failed"));
    const auto sarif = Json::parse(run.read("reports/sarif.json"));
    QCOMPARE(sarif["runs"][0]["results"][0]["level"].get<std::string>(), std::string("error"));
    for (const auto* folder : {"stages/2-coding", "stages/3-testing", "stages/4-deployment"}) {
        const auto errors = contractErrors(Json::parse(run.read(std::string(folder) + "/result.json")), "stage_result");
        QVERIFY2(errors.empty(), errors.empty() ? "" : errors.front().c_str());
    }
    const auto exchange = Json::parse(run.read("exchanges/0001.json"));
    QCOMPARE(exchange["request"].size(), 1U);
    QCOMPARE(exchange["answer"]["content"][0]["text"].get<std::string>(), std::string("Done."));
}

void OutputFolderTest::latestPointsAtTheLastRun()
{
    const QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    QVERIFY(OutputFolder::create(root, "20261124-120000-aaaaaa"));
    QVERIFY(OutputFolder::create(root, "20261124-120001-bbbbbb"));
    QCOMPARE(fs::read_symlink(root / "latest").string(), std::string("20261124-120001-bbbbbb"));
    QCOMPARE(OutputFolder::create(root, "../elsewhere").error().code, ErrorCode::Invalid);
}

void OutputFolderTest::whatStandsWhereLatestBelongsIsNotTouched()
{
    const QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    fs::create_directories(root / "latest/mine");
    const auto refused = OutputFolder::create(root, kRun);
    QVERIFY(!refused);
    QVERIFY(!refused.error().remedy.empty());
    QVERIFY(fs::exists(root / "latest/mine"));
}

void OutputFolderTest::pathsThatLeaveAreRefused()
{
    const QTemporaryDir folder;
    auto out = OutputFolder::create(folder.path().toStdString(), kRun);
    fs::create_symlink("/tmp", out->path() / "link");
    for (const auto* path : {"../x", "/etc/x", "a/../../x", "", "link/x"})
        QVERIFY2(!out->write(path, std::string_view("x")), path);
    QVERIFY(out->write("a/b.txt", std::string_view("x")));
}

void OutputFolderTest::theWorkspaceIsCopiedWithoutWhatLeavesIt()
{
    FinishedRun run;
    QCOMPARE(::mkfifo(run.path("ws/repo/fifo").c_str(), 0644), 0);
    QVERIFY(run.write());
    QCOMPARE(run.read("workspace/src/app.py"), std::string("print(1)\n"));
    QCOMPARE(fs::read_symlink(run.out("workspace/inside")).string(), std::string("src/app.py"));
    QVERIFY(!fs::exists(fs::symlink_status(run.out("workspace/outside"))));
    QVERIFY(!fs::exists(fs::symlink_status(run.out("workspace/fifo"))));
    QVERIFY(run.read("REPORT.html").find("outside: a link that leaves the project") != std::string::npos);
}

void OutputFolderTest::theReportShowsForeignTextAsText()
{
    FinishedRun run;
    QVERIFY(run.write());
    const auto html = run.read("REPORT.html");
    QVERIFY(html.find("<script") == std::string::npos);
    QVERIFY(html.find("<img") == std::string::npos);
    QVERIFY(html.find("&lt;script&gt;alert(1)") != std::string::npos);
    for (const auto* shown : {"replayed recording", "? not checked", "tests/test_app.py::test_one", "prefers-color-scheme:dark", ">tested<", ">failing<",
                              ">no test<", "Failed", "Try again.", "default-src 'none'"})
        QVERIFY2(html.find(shown) != std::string::npos, shown);
    QVERIFY(html.find("http://") == std::string::npos);
    QCOMPARE(htmlEscaped("a\x1b[31m\u202Eb\xff'<"), std::string("a\uFFFD[31mb\uFFFD&#39;&lt;"));
}

void OutputFolderTest::theReportIsMarkdownToo()
{
    FinishedRun run;
    QVERIFY(run.write());
    const auto text = run.read("REPORT.md");
    for (const auto* shown : {"| R1 | must | ", "tests/test\\_app.py::test\\_one passed | **tested** |", "**failing** |", "**no test** |", "1 of 1 musts are proven by tests that passed.", "replayed recording"})
        QVERIFY2(text.find(shown) != std::string::npos, (shown + ("\n" + text)).c_str());
    QVERIFY(text.find("<script") == std::string::npos && text.find("<img") == std::string::npos);
    QCOMPARE(markdownReport({.state = {}, .events = {}}).find("Requirements"), std::string::npos);
    QCOMPARE(provenWords({{.requirement = "R1", .priority = "must", .verdict = "failing"}, {.requirement = "R2", .priority = "must", .verdict = "no test"}, {.requirement = "R3", .priority = "could"}}),
             std::string("0 of 2 musts are proven by tests that passed; failing: R1; not proven: R2."));
}

/// What foreign text could do in a table, a link or a page.
void OutputFolderTest::markdownIsNoMarkup()
{
    RunState state;
    state.started.title = "a | b\n# [click](http://x) ![i](y) <img src=x> `c` *d*";
    const auto text = markdownReport({.state = state, .events = {}});
    QCOMPARE(text.substr(0, text.find('\n')), std::string("# a \\| b \\# \\[click\\]\\(http://x\\) \\!\\[i\\]\\(y\\) &lt;img src=x\\> \\`c\\` \\*d\\*"));
}

void OutputFolderTest::aChangedByteIsFound()
{
    FinishedRun run;
    QVERIFY(run.write());
    const auto before = verifyOutput(run.out());
    QVERIFY2(before, before ? "" : before.error().text().c_str());
    QVERIFY(before->isIntact());
    QVERIFY(before->intact > 15U);
    std::fstream file(run.out("workspace/src/app.py"), std::ios::in | std::ios::out);
    file.put('P');
    file.close();
    const auto after = verifyOutput(run.out());
    QCOMPARE(after->changed, std::vector<std::string>{"workspace/src/app.py"});
    QCOMPARE(after->intact, before->intact - 1);
}

void OutputFolderTest::whatIsMissingOrNewIsFound()
{
    FinishedRun run;
    QVERIFY(run.write());
    fs::remove(run.out("reports/cost.csv"));
    std::ofstream(run.out("reports/new.txt")) << "x";
    fs::remove(run.out("workspace/inside"));
    fs::create_symlink("src", run.out("workspace/inside"));
    fs::remove(run.out("REPORT.html"));
    fs::create_symlink("run.json", run.out("REPORT.html"));
    const auto found = verifyOutput(run.out());
    QCOMPARE(found->missing, std::vector<std::string>{"reports/cost.csv"});
    QCOMPARE(found->extra, std::vector<std::string>{"reports/new.txt"});
    QCOMPARE(found->changed, (std::vector<std::string>{"REPORT.html", "workspace/inside"}));
}

void OutputFolderTest::aFolderWithoutManifestIsRefused()
{
    const QTemporaryDir folder;
    const auto refused = verifyOutput(folder.path().toStdString());
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QVERIFY(!refused.error().remedy.empty());
    std::ofstream(fs::path(folder.path().toStdString()) / "MANIFEST.json") << "[[[";
    QCOMPARE(verifyOutput(folder.path().toStdString()).error().code, ErrorCode::Invalid);
}

void OutputFolderTest::anExportIsTheSameAgain_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("folder") << QStringLiteral("copy");
    QTest::newRow("ZIP file") << QStringLiteral("copy.zip");
}

void OutputFolderTest::anExportIsTheSameAgain()
{
    QFETCH(const QString, name);
    FinishedRun run;
    QVERIFY(run.write());
    auto copy = run.path(name.toStdString());
    const auto exported = exportOutput(run.out(), copy);
    QVERIFY2(exported, exported ? "" : exported.error().text().c_str());
    if (name.endsWith(QLatin1String(".zip"))) {
        const auto into = run.path("unpacked");
        fs::create_directories(into);
        QVERIFY(unpacks(copy, into));
        copy = into / kRun;
    }
    const auto verified = verifyOutput(copy);
    QVERIFY2(verified, verified ? "" : verified.error().text().c_str());
    QVERIFY(verified->isIntact());
}

void OutputFolderTest::anExportOverwritesNothing()
{
    FinishedRun run;
    QVERIFY(run.write());
    std::ofstream(run.path("mine.zip")) << "mine";
    fs::create_directories(run.path("mine"));
    for (const auto* target : {"mine.zip", "mine"}) {
        const auto refused = exportOutput(run.out(), run.path(target));
        QCOMPARE(refused.error().code, ErrorCode::Invalid);
        QVERIFY(!refused.error().remedy.empty());
    }
    QCOMPARE(*readFile(run.path("mine.zip")), std::string("mine"));
    QVERIFY(fs::is_empty(run.path("mine")));
}

void OutputFolderTest::requirementsAreTracedToTheirTests()
{
    FinishedRun run;
    QVERIFY(run.write());
    const auto csv = run.read("reports/traceability.csv");
    QVERIFY2(csv.find("R1,must,'=one,src/app.py:3,tests/test_app.py::test_one,passed,tested,\r\n") != std::string::npos, csv.c_str());
    QVERIFY2(csv.find("R2,should,two,,tests/test_app.py::test_two,failed,failing,\r\n") != std::string::npos, csv.c_str());
    QVERIFY2(csv.find("R3,could,three,,,,no test,\r\n") != std::string::npos, csv.c_str());
}

void OutputFolderTest::testNamesOfBothKindsMeet_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("outcome");
    const auto row = [](const char* id, TestResults::Outcome outcome) { QTest::newRow(id) << QString::fromLatin1(id) << int(outcome); };
    row("tests/test_a.py::test_ok", TestResults::Outcome::Passed);
    row("tests/test_a.py::TestX::test_in_class", TestResults::Outcome::Failed);
    row("tests.test_a.TestX.test_in_class", TestResults::Outcome::Failed);
    row("tests/test_a.py::test_many", TestResults::Outcome::Failed);
    row("tests/test_a.py::test_many[1.5/x::y]", TestResults::Outcome::Passed);
    row("tests/test_a.py::test_late", TestResults::Outcome::Skipped);
    row("tests/test_a.py::test_o", TestResults::Outcome::Unknown);
    row("", TestResults::Outcome::Unknown);
}

void OutputFolderTest::testNamesOfBothKindsMeet()
{
    const TestResults results(R"(<testsuite><testcase classname="tests.test_a" name="test_ok"/>
        <testcase classname="tests.test_a.TestX" name="test_in_class"><system-out>x</system-out><error/></testcase>
        <testcase classname="tests.test_a" name="test_many[1.5/x::y]"/><testcase classname="tests.test_a" name="test_many[b]"><failure/></testcase>
        <testcase classname="tests.test_a" name="test_late"><skipped/></testcase><testcase name="cut)");
    QFETCH(const QString, id);
    QTEST(int(results.of(id.toStdString())), "outcome");
}

void OutputFolderTest::spreadsheetsSeeNoFormulas()
{
    QCOMPARE(csvLine({"=1+1", "-2", "@x", "+3", "a,b", "say \"hi\"", "", "plain"}), std::string("'=1+1,'-2,'@x,'+3,\"a,b\",\"say \"\"hi\"\"\",,plain\r\n"));
    FinishedRun run;
    QVERIFY(run.write());
    QVERIFY(run.read("reports/cost.csv").find(",'=HYPERLINK(1),") != std::string::npos);
}

void OutputFolderTest::transcriptsKeepForeignFencesIn()
{
    const FinishedRun run;
    const auto text = transcript(StageId::Coding, run.events);
    QVERIFY2(text.find("`````\nWrite the code. ```` <script>\n`````\n") != std::string::npos, text.c_str());
    QVERIFY(text.find("### Turn 1 (10 tokens in, 5 out") != std::string::npos);
    QVERIFY(text.find("not_checked") != std::string::npos);
}

void OutputFolderTest::finishingAgainReplacesWhatWasThere()
{
    FinishedRun run;
    QVERIFY(run.write());
    fs::remove(run.path("ws/repo/src/app.py"));
    std::ofstream(run.path("ws/repo/new.py")) << "new";
    QVERIFY(run.write());
    QVERIFY(!fs::exists(run.out("workspace/src/app.py")));
    QVERIFY(fs::exists(run.out("workspace/new.py")));
    QVERIFY(verifyOutput(run.out())->isIntact());
}

QTEST_GUILESS_MAIN(OutputFolderTest)
#include "tst_output_folder.moc"
