#include <QTest>

#include "tests/core/agent/tool_bench.h"

using namespace aap;

/// The tools that run programs, before a sandbox that answers from a script.
class CommandToolsTest : public QObject {
    Q_OBJECT

private slots:
    void aCommandIsOneArgument();
    void failuresAreAnswers();
    void aJobIsStartedReadAndStopped();
    void whatAJobsFilesSayIsNotTrusted();
    void theDesignsCommandWins();
    void testsAreNarrowedAndCounted();
    void whatIsMissingIsNoFailure();
    void coverageReportsLieBesideTheProject();
    void theScanFindsSecretsAndFaults();
    void logsAreFilteredHere();
    void theServicesLogIsReadAsFarAsConfigured();
};

#define CONTAINS(actual, part) QVERIFY2((actual).find(part) != std::string::npos, (actual).c_str())

void CommandToolsTest::aCommandIsOneArgument()
{
    ToolBench bench(StageId::Coding);
    const std::string command = "echo 'it'\"'\"'s' \"$HOME\" `id`\ncat <<EOF\n$(x)\nEOF";
    QVERIFY(!bench.call("run_command", {{"cmd", command}, {"timeout_s", "7"}}).isError);
    QVERIFY((bench.script->ran.back().argv == std::vector<std::string>{"/bin/bash", "-c", command}));
    QCOMPARE(bench.script->ran.back().timeout.count(), 7000);
    QVERIFY(bench.script->ran.back().input.empty());
    QVERIFY(!bench.script->ran.back().keepsBackground);
    QVERIFY(!bench.call("run_command", {{"command", "ls"}, {"workdir", "/tmp/$(x)"}}).isError);
    QVERIFY((bench.script->ran.back().argv.back() == "ls"));
    QVERIFY((*(bench.script->ran.back().argv.end() - 2) == "/tmp/$(x)"));
    const auto ran = bench.script->ran.size();
    for (const Json& input : {Json{{"command", "ls"}, {"workdir", "../x"}}, Json{{"command", "ls"}, {"timeout_s", 601}}, Json{{"command", ""}}, Json::object(),
                              Json{{"command", std::string("a\0b", 3)}}})
        QVERIFY(bench.call("run_command", input).isError);
    QCOMPARE(bench.script->ran.size(), ran);
}

void CommandToolsTest::failuresAreAnswers()
{
    ToolBench bench(StageId::Coding);
    bench.script->when("false", exited(1, "no\x1b[31m red\xff\n"));
    const auto outcome = bench.call("run_command", {{"command", "false"}});
    QVERIFY(outcome.isError);
    QCOMPARE(outcome.exitCode.value_or(-1), 1);
    QCOMPARE(outcome.text.c_str(), "exit code 1, 0.1 s\nno red\xEF\xBF\xBD");
    CommandResult late;
    late.ending = Ending::TimedOut;
    late.output = "half";
    bench.script->when("sleep", late);
    CONTAINS(bench.call("run_command", {{"command", "sleep 9"}}).text, "timed out");
    bench.script->when("much", exited(0, std::string(100'000, 'x')));
    const auto much = bench.call("run_command", {{"command", "much"}});
    QVERIFY(much.text.size() < 30'300 && much.fullText.size() > 100'000);
    CONTAINS(much.text, "/workspace/.agent/out/toolu_1.txt");
    bench.script->when("/bin/bash -c", exited(127, "OCI runtime exec failed: exec failed: exec: \"/bin/bash\": no such file or directory"));
    bench.call("run_command", {{"command", "id"}});
    QVERIFY((bench.script->ran.back().argv == std::vector<std::string>{"/bin/sh", "-c", "id"}));
}

void CommandToolsTest::aJobIsStartedReadAndStopped()
{
    ToolBench bench(StageId::Coding);
    const auto started = bench.call("run_command", {{"command", "serve 'x'"}, {"background", true}});
    CONTAINS(started.text, "job_id job-1");
    QVERIFY(bench.script->ran.back().keepsBackground);
    QVERIFY((bench.script->ran.back().argv.back() == "serve 'x'"));
    (void)!bench.workspace->write(".agent/jobs/job-1/out", "one\n");
    (void)!bench.workspace->write(".agent/jobs/job-1/pid", "4711\n");
    QCOMPARE(bench.call("command_output", {{"job_id", "job-1"}}).text.c_str(), "job-1: running\none");
    QVERIFY(bench.script->ran.back().keepsBackground);
    (void)!bench.workspace->write(".agent/jobs/job-1/out", "one\ntwo\n");
    QCOMPARE(bench.call("command_output", {{"job_id", "job-1"}, {"wait_s", 60}}).text.c_str(), "job-1: running\ntwo");
    QCOMPARE(bench.call("command_output", {{"job_id", "job-1"}}).text.c_str(), "job-1: running\n(no new output)");
    (void)!bench.workspace->write(".agent/jobs/job-1/exit", "3\n");
    const auto ended = bench.call("command_output", {{"job_id", "job-1"}, {"stop", true}});
    QVERIFY(bench.script->hasRun("kill -KILL"));
    CONTAINS(ended.text, "job-1: exit code 3");
    QVERIFY(ended.isError);
    CONTAINS(bench.call("run_command", {{"command", "x"}, {"background", true}}).text, "job-2");
}

void CommandToolsTest::whatAJobsFilesSayIsNotTrusted()
{
    ToolBench bench(StageId::Coding);
    (void)!bench.workspace->write(".agent/jobs/job-1/out", "x");
    for (const auto* pid : {"1\n", "0\n", "-1\n", "12; rm -rf /\n", "$(id)\n", "", "99999999999999999999\n"}) {
        (void)!bench.workspace->write(".agent/jobs/job-1/pid", pid);
        bench.call("command_output", {{"job_id", "job-1"}, {"stop", true}});
    }
    QVERIFY(bench.script->ran.empty());
    for (const auto* id : {"../x", "job-1/../..", "job-x", "", "job-9"})
        QVERIFY(bench.call("command_output", {{"job_id", id}}).isError);
    std::filesystem::remove(bench.path(".agent/jobs/job-1/out"));
    std::filesystem::create_symlink("/etc/passwd", bench.path(".agent/jobs/job-1/out"));
    CONTAINS(bench.call("command_output", {{"job_id", "job-1"}}).text, "cannot be read");
}

void CommandToolsTest::theDesignsCommandWins()
{
    ToolBench bench(StageId::Coding);
    bench.put("package.json", R"({"scripts": {"test": "node t.js"}})");
    bench.context.commands["test"] = {"python3", "-m", "pytest", "-q"};
    bench.script->when("pytest", exited(1, "FAILED tests/test_a.py::test_x - assert 1 == 2\n1 failed, 2 passed in 0.10s\n"));
    const auto outcome = bench.call("run_tests", Json::object());
    CONTAINS(outcome.text, "python3 -m pytest -q  (because of the design)\n2 passed, 1 failed, 0 skipped\n  failed: tests/test_a.py::test_x: assert 1 == 2");
    QCOMPARE(outcome.exitCode.value_or(-1), 1);
}

void CommandToolsTest::testsAreNarrowedAndCounted()
{
    ToolBench bench(StageId::Testing);
    bench.put("pyproject.toml", "");
    bench.call("run_tests", {{"test_path", "tests/test_a.py::test_x"}, {"pattern", "x and $(y)"}, {"verbose", "true"}});
    QVERIFY((bench.script->ran.back().argv == std::vector<std::string>{"python3", "-m", "pytest", "-q", "-v", "-k", "x and $(y)", "--", "tests/test_a.py::test_x"}));
    QCOMPARE(bench.script->ran.back().timeout.count(), 600'000);
    for (const auto* path : {"../x", "/etc", "--pdb"})
        QVERIFY(bench.call("run_tests", {{"test_path", path}}).isError);
}

void CommandToolsTest::whatIsMissingIsNoFailure()
{
    ToolBench bench(StageId::Testing);
    CONTAINS(bench.call("run_tests", Json::object()).text, "Not run: no manifest");
    bench.put("go.mod", "module x\n");
    bench.script->when("command -v", exited(1));
    const auto outcome = bench.call("run_tests", Json::object());
    QVERIFY(!outcome.isError);
    QCOMPARE(outcome.text.c_str(), "Not run: go.mod says how, but go is not available in this image.");
}

void CommandToolsTest::coverageReportsLieBesideTheProject()
{
    ToolBench bench(StageId::Testing);
    bench.put("pyproject.toml", "");
    bench.script->when("--cov=.", exited(0, "app/x.py      10      2    80%\nTOTAL      10      2    80%\n3 passed in 0.1s\n"));
    const auto outcome = bench.call("run_coverage", {{"output_format", "xml"}});
    CONTAINS(outcome.text, "total coverage 80.0 %\n   80.0 %  app/x.py");
    QVERIFY(bench.script->hasRun("--cov-report=xml:/workspace/.agent/reports/coverage.xml"));
    QVERIFY(bench.call("run_coverage", {{"output_format", "pdf"}}).isError);
}

void CommandToolsTest::theScanFindsSecretsAndFaults()
{
    ToolBench bench(StageId::Testing);
    bench.put("app.py", "key = 'AKIA" "QYLPMN5HHHFPZAM2'\n");
    bench.script->when("bandit -r", exited(1, R"({"results": [{"issue_severity": "LOW", "test_id": "B101", "filename": "./a.py", "line_number": 3, "issue_text": "assert"},
        {"issue_severity": "HIGH", "test_id": "B602", "filename": "./b.py", "line_number": 7, "issue_text": "shell=True"}]})"));
    const auto outcome = bench.call("run_security_scan", {{"scan_type", "code"}});
    QVERIFY(!outcome.isError);
    CONTAINS(outcome.text, "3 findings\nHIGH     B602 b.py:7 shell=True\nHIGH     secret app.py:1 ");
    CONTAINS(outcome.text, "\nLOW      B101 a.py:3 assert\nbandit: 2 findings");
    bench.script->when("bandit -r", exited(2, "not JSON"));
    CONTAINS(bench.call("run_security_scan", Json::object()).text, "its report could not be read");
}

void CommandToolsTest::logsAreFilteredHere()
{
    ToolBench bench(StageId::Monitoring);
    bench.script->when("tail", exited(0, "INFO start\nERROR bad thing\nINFO stop\n"));
    CONTAINS(bench.call("check_logs", {{"log_file", "/tmp/a.log"}, {"filter_pattern", "bad"}}).text, "3 lines, 1 of them match, the last 1 are shown; levels: 1 error, 2 info\nERROR bad thing");
    QVERIFY((bench.script->ran.back().argv == std::vector<std::string>{"tail", "-n", "100", "--", "/tmp/a.log"}));
    bench.context.logLines = 12;
    (void)bench.call("check_logs", {{"log_file", "/tmp/a.log"}});
    QCOMPARE(bench.script->ran.back().argv.at(2), std::string("12"));
    for (const auto* file : {"/etc/passwd", "../x", "service"})
        QVERIFY(bench.call("check_logs", {{"log_file", file}}).isError);
    QVERIFY(bench.call("check_logs", {{"log_file", "a"}, {"filter_pattern", "("}}).isError);
}

void CommandToolsTest::theServicesLogIsReadAsFarAsConfigured()
{
    std::vector<Json> asked;
    ToolBench bench(StageId::Monitoring, {.checkLogs = [&](const Json& input) {
        asked.push_back(input);
        return ToolOutcome{};
    }});
    bench.context.logLines = 12;
    (void)bench.call("check_logs", {{"log_file", "service"}});
    (void)bench.call("check_logs", {{"log_file", "service"}, {"lines", 3}});
    QCOMPARE(asked.at(0).at("lines").get<int>(), 12);
    QCOMPARE(asked.at(1).at("lines").get<int>(), 3);
}

QTEST_GUILESS_MAIN(CommandToolsTest)
#include "tst_tools_commands.moc"
