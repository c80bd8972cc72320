#include <QTemporaryDir>
#include <QTest>

#include "core/base/beneath.h"
#include "core/pipeline/checks/dependency_rules.h"
#include "core/pipeline/checks/scan_report.h"
#include "core/pipeline/checks/test_command.h"
#include "core/pipeline/checks/test_report.h"
#include "core/pipeline/checks/test_rules.h"

using namespace aap;

namespace {

using Words = std::vector<std::string>;

const TestEvidence& evidence()
{
    static const TestEvidence ran{.cases = {{.id = "tests/test_a.py::test_one", .passed = true},
                                            {.id = "tests/test_a.py::test_two[1]", .passed = false, .message = "AssertionError: 200 != 404 at 0x7f01", .excerpt = "tail", .frames = {"a.py:3"}},
                                            {.id = "tests/test_a.py::test_skipped", .passed = true, .skipped = true}},
                                  .argv = {"python3", "-m", "pytest", "-q"},
                                  .exitCode = 1,
                                  .log = "stages/3-testing/checks/testing.run.log"};
    return ran;
}

Json requirements()
{
    return Json::parse(R"({"items": [{"id": "R1", "text": "one", "priority": "must"}, {"id": "R2", "text": "two", "priority": "must"}]})");
}

Json report(const char* covers, const char* failures = "[]")
{
    return {{"covers", Json::parse(covers)}, {"failures", Json::parse(failures)}};
}

} // namespace

class ChecksTestingTest : public QObject {
    Q_OBJECT

private slots:
    void dependenciesAreJudged_data();
    void dependenciesAreJudged();
    void packagesOfAnImageAreJudged();
    void junitIsReadWithPytestsIds();
    void otherFrameworksAreReadByTheirLines_data();
    void otherFrameworksAreReadByTheirLines();
    void idsAreRecognised_data();
    void idsAreRecognised();
    void coverageLeavesTestsOut();
    void commandsAreAskedForMore_data();
    void commandsAreAskedForMore();
    void aRequirementNeedsATestThatRan();
    void aMustIsProvenByATestThatPassed();
    void testsThatPassOnStubsAreHollow();
    void failuresHaveToBeNamed();
    void aHighHitNeedsAnExplanation();
    void theThresholdSaysFromWhereOn();
    void lintersAreReadByTheirLines();
    void whatAScannerFoundIsSarif();
};

void ChecksTestingTest::junitIsReadWithPytestsIds()
{
    const auto cases = readJunit(R"(<?xml version="1.0"?><testsuites><testsuite>
        <testcase classname="tests.test_a.TestX" name="test_in[a-b]" file="tests/test_a.py" time="0"/>
        <testcase classname="tests.test_a" name="test_bad" file="tests/test_a.py"><failure message="assert 1 == 2&#10;more">tests/test_a.py:7: AssertionError
todo/x.py:12: in load</failure></testcase>
        <testcase classname="tests.test_a" name="test_left" file="tests/test_a.py"><skipped message="no"/></testcase>
        <testcase classname="" name="tests.test_broken"><error message="collection failure">SyntaxError</error></testcase>
        </testsuite></testsuites>)");
    QVERIFY(cases.has_value());
    QCOMPARE(cases->size(), 4U);
    QCOMPARE((*cases)[0].id, std::string("tests/test_a.py::TestX::test_in[a-b]"));
    QVERIFY((*cases)[0].passed);
    QCOMPARE((*cases)[1].message, std::string("assert 1 == 2"));
    QCOMPARE((*cases)[1].frames, (Words{"tests/test_a.py:7", "todo/x.py:12"}));
    QVERIFY((*cases)[2].skipped);
    QCOMPARE((*cases)[3].id, std::string("tests/test_broken.py"));
    QVERIFY(!(*cases)[3].passed);
    QVERIFY(!readJunit("<testsuite><testcase").has_value());
}

void ChecksTestingTest::otherFrameworksAreReadByTheirLines_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("expected"); // "+id" passed, "-id" failed, "~id" skipped
    QTest::newRow("unittest") << int(TestFormat::Unittest)
                              << QByteArray("test_a (tests.test_x.T.test_a) ... ok\ntest_b (tests.test_x.T.test_b)\nSays why. ... FAIL\ntest_c (tests.test_x.T.test_c) ... skipped 'no'\n")
                              << QByteArray("+tests.test_x.T.test_a -tests.test_x.T.test_b ~tests.test_x.T.test_c");
    QTest::newRow("node") << int(TestFormat::Node)
                          << QByteArray("TAP version 13\n# Subtest: /scratch/repo/tests/a.test.js\n    # Subtest: adds\n    ok 1 - adds\n      ---\n      duration_ms: 1\n      ...\n"
                                        "    # Subtest: fails\n    not ok 2 - fails\n      ---\n      error: 'no'\n      ...\n    1..2\nnot ok 1 - /scratch/repo/tests/a.test.js\n")
                          << QByteArray("+tests/a.test.js::adds -tests/a.test.js::fails");
    QTest::newRow("ctest") << int(TestFormat::Ctest)
                           << QByteArray("1/2 Test #1: tst_a ............   Passed    0.01 sec\n2/2 Test #2: tst_b ............***Failed    0.01 sec\n") << QByteArray("+tst_a -tst_b");
    QTest::newRow("go") << int(TestFormat::Go) << QByteArray("=== RUN TestA\n--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.00s)\n") << QByteArray("+TestA -TestB");
    QTest::newRow("cargo") << int(TestFormat::Cargo) << QByteArray("test a::b ... ok\ntest c ... FAILED\ntest d ... ignored\n") << QByteArray("+a::b -c ~d");
}

void ChecksTestingTest::otherFrameworksAreReadByTheirLines()
{
    QFETCH(const int, format);
    QFETCH(const QByteArray, output);
    std::string read;
    for (const auto& found : readTestLines(output.toStdString(), TestFormat(format)))
        read += (read.empty() ? "" : " ") + std::string(found.skipped ? "~" : found.passed ? "+" : "-") + found.id;
    QTEST(QByteArray::fromStdString(read), "expected");
}

void ChecksTestingTest::idsAreRecognised_data()
{
    QTest::addColumn<QByteArray>("claimed");
    QTest::addColumn<QByteArray>("actual");
    QTest::addColumn<bool>("same");
    QTest::newRow("equal") << QByteArray("tests/test_a.py::test_x") << QByteArray("tests/test_a.py::test_x") << true;
    QTest::newRow("all cases") << QByteArray("tests/test_a.py::test_x") << QByteArray("tests/test_a.py::test_x[1]") << true;
    QTest::newRow("another case") << QByteArray("tests/test_a.py::test_x[2]") << QByteArray("tests/test_a.py::test_x[1]") << false;
    QTest::newRow("unittest's words") << QByteArray("tests/test_a.py::T::test_x") << QByteArray("tests.test_a.T.test_x") << true;
    QTest::newRow("name alone") << QByteArray("adds") << QByteArray("tests/a.test.js::adds") << true;
    QTest::newRow("half a name") << QByteArray("est_x") << QByteArray("tests/test_a.py::test_x") << false;
    QTest::newRow("a file is no test") << QByteArray("tests/test_a.py") << QByteArray("tests/test_a.py::test_x") << false;
    QTest::newRow("another file") << QByteArray("tests/test_b.py::test_x") << QByteArray("tests/test_a.py::test_x") << false;
}

void ChecksTestingTest::idsAreRecognised()
{
    QFETCH(const QByteArray, claimed);
    QFETCH(const QByteArray, actual);
    QTEST(isSameTest(claimed.toStdString(), actual.toStdString()), "same");
}

void ChecksTestingTest::coverageLeavesTestsOut()
{
    const auto percent = coverageOf(R"(<coverage><packages><package><classes>
        <class filename="todo/a.py"><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
        <class filename="tests/test_a.py"><lines><line number="1" hits="1"/><line number="2" hits="1"/></lines></class>
        </classes></package></packages></coverage>)");
    QCOMPARE(percent.value(), 50.0);
    QVERIFY(!coverageOf("<coverage/>").has_value());
    QVERIFY(!coverageOf("nonsense").has_value());
}

void ChecksTestingTest::commandsAreAskedForMore_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QByteArray>("asked");
    QTest::newRow("pytest") << QByteArray("python3 -m pytest -q tests")
                            << QByteArray("python3 -m pytest -q -p no:cacheprovider -o junit_family=xunit1 --junitxml=/r/junit.xml -p aap_order --cov=. --cov-report=xml:/r/coverage.xml tests/test_a.py::t");
    QTest::newRow("unittest") << QByteArray("python3 -m unittest discover -s tests")
                              << QByteArray("python3 -m coverage run --source=. --data-file=/r/coverage.data -m unittest -v tests/test_a.py::t");
    QTest::newRow("node") << QByteArray("node --test tests") << QByteArray("node --test-name-pattern=^(t)$ --experimental-test-coverage --test tests");
    QTest::newRow("ctest") << QByteArray("ctest") << QByteArray("ctest -R ^(t)$ --schedule-random");
    QTest::newRow("a script") << QByteArray("make test") << QByteArray("make test");
}

void ChecksTestingTest::commandsAreAskedForMore()
{
    QFETCH(const QByteArray, command);
    Words argv;
    for (const auto& word : command.split(' '))
        argv.push_back(word.toStdString());
    QByteArray asked;
    for (const auto& word : withWish(argv, {.only = {"tests/test_a.py::t"}, .shuffled = true, .coverage = true, .results = "/r"}, [](const std::string& word) { return word == "tests"; }))
        asked += (asked.isEmpty() ? "" : " ") + QByteArray::fromStdString(word);
    QTEST(asked, "asked");
}

void ChecksTestingTest::aRequirementNeedsATestThatRan()
{
    const QTemporaryDir temporary;
    const auto repo = *Folder::open(temporary.path().toStdString());
    const auto covers = report(R"([{"requirement": "R1", "tests": ["tests/test_a.py::test_two"]}, {"requirement": "R2", "tests": ["tests/test_a.py::test_skipped", "tests/test_a.py::test_invented"]}])");
    QCOMPARE(uncovered(covers, requirements(), evidence(), repo), Words{"R2: none of its tests exists and ran (tests/test_a.py::test_skipped)"});
    QCOMPARE(inventedTests(covers, requirements(), evidence(), repo), Words{"tests/test_a.py::test_invented does not exist"});
    QCOMPARE(uncovered(report("[]"), requirements(), evidence(), repo).size(), 2U);
    auto excused = report("[]");
    excused["untestable"] = Json::parse(R"([{"requirement": "R1", "reason": "taste"}, {"requirement": "R2", "reason": "taste"}])");
    QVERIFY(uncovered(excused, requirements(), evidence(), repo).empty());
}

void ChecksTestingTest::aMustIsProvenByATestThatPassed()
{
    const auto covers = report(R"([{"requirement": "R1", "tests": ["tests/test_a.py::test_one"]}, {"requirement": "R2", "tests": ["tests/test_a.py::test_skipped"]}])");
    QCOMPARE(unproven(covers, requirements(), evidence()), Words{"R2: none of its tests was seen to pass (tests/test_a.py::test_skipped)"});
    const auto failing = report(R"([{"requirement": "R1", "tests": ["tests/test_a.py::test_one"]}, {"requirement": "R2", "tests": ["tests/test_a.py::test_one", "tests/test_a.py::test_two"]}])");
    QCOMPARE(unproven(failing, requirements(), evidence()), Words{"R2: tests/test_a.py::test_two[1] fails"});
    auto excused = report(R"([{"requirement": "R1", "tests": ["tests/test_a.py::test_one"]}])");
    excused["untestable"] = Json::parse(R"([{"requirement": "R2", "reason": "taste"}])");
    QCOMPARE(unproven(excused, requirements(), evidence()), Words{"R2 has no test"});
}

void ChecksTestingTest::testsThatPassOnStubsAreHollow()
{
    const auto covers = report(R"([{"requirement": "R1", "tests": ["tests/test_a.py::test_one"]}, {"requirement": "R2", "tests": ["tests/test_a.py::test_one", "tests/test_a.py::test_two"]}])");
    const TestEvidence onStub{.cases = {{.id = "tests/test_a.py::test_one", .passed = true}, {.id = "tests/test_a.py::test_two[1]", .passed = false}}};
    QCOMPARE(hollow(covers, requirements(), evidence(), onStub), Words{"R1 (tests/test_a.py::test_one)"});
}

void ChecksTestingTest::failuresHaveToBeNamed()
{
    QCOMPARE(unreported(evidence(), report("[]")), Words{"tests/test_a.py::test_two[1]"});
    QVERIFY(unreported(evidence(), report("[]", R"([{"test": "tests/test_a.py::test_two", "blame": "code", "why": "w"}])")).empty());
}

void ChecksTestingTest::aHighHitNeedsAnExplanation()
{
    const auto hits = readBandit(R"({"results": [{"filename": "./a.py", "line_number": 10, "issue_severity": "HIGH", "issue_text": "shell", "test_id": "B602"},
        {"filename": "./a.py", "line_number": 1, "issue_severity": "LOW", "issue_text": "assert", "test_id": "B101"},
        {"filename": "./tests/test_a.py", "line_number": 1, "issue_severity": "HIGH", "issue_text": "shell", "test_id": "B602"}]})");
    QVERIFY(hits.has_value());
    QCOMPARE(unexplained(*hits, Json::object(), "high"), Words{"a.py:10 B602: shell"});
    QVERIFY(unexplained(*hits, Json::parse(R"({"findings": [{"file": "a.py", "line": 8, "explanation": "constant text"}]})"), "high").empty());
    QCOMPARE(unexplained(*hits, Json::parse(R"({"findings": [{"file": "a.py", "line": 5, "explanation": "another place"}]})"), "high").size(), 1U);
    QVERIFY(!readBandit("Traceback").has_value());
}

void ChecksTestingTest::theThresholdSaysFromWhereOn()
{
    const std::vector<ScanHit> hits{{"a.py", 1, "low", "l"}, {"a.py", 2, "medium", "m"}, {"a.py", 3, "high", "h"}, {"a.py", 4, "", "?"}};
    QCOMPARE(unexplained(hits, Json::object(), "high"), Words{"a.py:3 h"});
    QCOMPARE(unexplained(hits, Json::object(), "medium"), (Words{"a.py:2 m", "a.py:3 h"}));
    QCOMPARE(unexplained(hits, Json::object(), "low"), (Words{"a.py:1 l", "a.py:2 m", "a.py:3 h"}));
}

void ChecksTestingTest::lintersAreReadByTheirLines()
{
    const auto hits = linterHits("./a.py:12:3: E501 line too long\nsrc/b.c:7: warning: unused\nIn file included from x.h:3:\n/usr/a.h:1:1: no\nsummary: 2\n:1: none\nb.py:0: none\nc.py:x: none\n"
                                 "d.py:5:1: \x1b[31mred\x1b[0m\n");
    QCOMPARE(hits.size(), 3U);
    QCOMPARE(hits[0].file, std::string("a.py"));
    QCOMPARE(hits[0].line, 12U);
    QCOMPARE(hits[0].what, std::string("E501 line too long"));
    QCOMPARE(hits[1].what, std::string("warning: unused"));
    QCOMPARE(hits[2].what, std::string("red"));
    QVERIFY(linterHits("").empty());
}

void ChecksTestingTest::whatAScannerFoundIsSarif()
{
    const std::vector<ScanHit> hits{{"a.py", 10, "high", "B602: shell"}, {"b `x`|.py", 0, "low", "<img src=x> | `code`"}};
    const auto sarif = scanSarif("bandit", hits);
    QCOMPARE(sarif["version"].get<std::string>(), std::string("2.1.0"));
    const auto& run = sarif["runs"][0];
    QCOMPARE(run["tool"]["driver"]["rules"].dump(), std::string(R"([{"id":"B602"},{"id":"finding"}])"));
    QCOMPARE(run["results"][0]["ruleId"].get<std::string>(), std::string("B602"));
    QCOMPARE(run["results"][0]["level"].get<std::string>(), std::string("error"));
    QCOMPARE(run["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"].get<int>(), 1); // SARIF counts from 1
    const auto text = scanMarkdown("bandit", hits);
    QVERIFY2(text.find("| low | `b  x  .py:0` | `<img src=x>    code ` |") != std::string::npos, text.c_str());
    QVERIFY(text.find("- high: 1\n- medium: 0\n- low: 1\n") != std::string::npos);
}

void ChecksTestingTest::dependenciesAreJudged_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("severity");
    QTest::addColumn<QByteArray>("what");
    const auto row = [](const char* name, const char* file, const char* text, const char* severity, const char* what) {
        QTest::newRow(name) << QByteArray(file) << QByteArray(text) << QByteArray(severity) << QByteArray(what);
    };
    row("pinned", "requirements.txt", "# ours\nrequests==2.31.0\n", "info", "2 DEP0: requests ==2.31.0");
    row("any version", "requirements.txt", "requests\n", "medium", "1 DEP2: requests may come in any version");
    row("an address", "requirements.txt", "lib @ git+https://evil.example/lib.git\n", "high", "1 DEP1: lib comes from an address");
    row("a star", "package.json", "{\"dependencies\": {\n\"left-pad\": \"*\"}}", "medium", "2 DEP2: left-pad");
    row("another's repository", "package.json", "{\"dependencies\": {\"x\": \"github:evil/x\"}}", "high", "1 DEP1: x comes from an address");
    row("outside of the project", "package.json", "{\"dependencies\": {\"x\": \"file:../../x\"}}", "high", "DEP1");
    row("a library of the system", "CMakeLists.txt", "find_package(ZLIB REQUIRED)\n", "info", "DEP2: ZLIB");
    row("cargo", "sub/Cargo.toml", "[dependencies]\nserde = \"1.0\"\n", "info", "2 DEP0: serde 1.0");
    row("markup in a name", "package.json", "{\"dependencies\": {\"<img src=x>\\u001b[2J\": \"*\"}}", "medium", "<img src=x>");
}

void ChecksTestingTest::dependenciesAreJudged()
{
    QFETCH(const QByteArray, file);
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, severity);
    QFETCH(const QByteArray, what);
    const auto hits = dependencyHitsOf(file.toStdString(), text.toStdString());
    QCOMPARE(hits.size(), 1U);
    QCOMPARE(QByteArray::fromStdString(hits[0].severity), severity);
    const auto said = std::to_string(hits[0].line) + " " + hits[0].what;
    QVERIFY2(said.find(what.toStdString()) != std::string::npos && said.find('\x1b') == std::string::npos, said.c_str());
    QCOMPARE(unexplained(hits, Json(), "high").empty(), severity != "high"); // the threshold decides
    QCOMPARE(unexplained(hits, Json(), "low").empty(), severity == "info");
    QVERIFY(scanMarkdown("x", hits).find("- " + severity.toStdString() + ": 1") != std::string::npos);
}

void ChecksTestingTest::packagesOfAnImageAreJudged()
{
    const auto hits = imagePackageHits("deb\tbash\t5.2\ndeb\topenssh-server\t9.2\nnonsense\npip\tsudo\t1.0\n");
    QCOMPARE(hits.size(), 3U);
    QCOMPARE(hits[0].severity, std::string("info"));
    QCOMPARE(hits[1].severity, std::string("high"));
    QCOMPARE(hits[2].severity, std::string("info")); // a Python package of that name gives nobody rights
    const auto sarif = scanSarif("x", hits);
    QCOMPARE(sarif["runs"][0]["results"][0]["level"], Json("none"));
    QCOMPARE(sarif["runs"][0]["results"][1]["ruleId"], Json("PKG1"));
}

QTEST_GUILESS_MAIN(ChecksTestingTest)
#include "tst_checks_testing.moc"
