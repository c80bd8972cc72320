#include <algorithm>
#include <filesystem>

#include <QRegularExpression>
#include <QTest>
#include <unistd.h>

#include "core/agent/tool_input.h"
#include "core/base/paths.h"
#include "sandbox/docker/docker_sandbox.h"
#include "tests/sandbox/checks_bench.h"

using namespace std::chrono_literals;
using namespace aap;

namespace {

std::filesystem::path projectOf(const QByteArray& language)
{
    return std::filesystem::path(AAP_SOURCE_DIR "/tests/data/projects") / language.toStdString();
}

std::string told(const std::vector<Check>& checks)
{
    std::string text;
    for (const auto& check : checks)
        text += check.id + " " + std::string(slug(check.status)) + ": " + check.reason + "\n";
    return text;
}

/// Failed checks, those that do not block as well: without a design the linter is no promise.
std::string failedChecks(const std::vector<Check>& checks)
{
    std::string ids;
    for (const auto& check : checks)
        if (check.status == CheckStatus::Failed)
            ids += (ids.empty() ? "" : " ") + check.id;
    return ids;
}

} // namespace

/// Projects in other languages than Python, in the real image: built, tested, measured, linted and scanned, without a network and without a
/// design that would say how. Each has the same two functions and two tests.
class ProjectsLiveTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void goodProjectsPass_data();
    void goodProjectsPass();
    void plantedFaultsAreFound_data();
    void plantedFaultsAreFound();
    void toolsGiveTheFigures_data();
    void toolsGiveTheFigures();

private:
    std::string m_run = newRunId();
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<DockerSandboxProvider> m_sandboxes{};
};

void ProjectsLiveTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    const auto profile = bundledSeccompProfile();
    QVERIFY(endpoint && profile);
    m_client = std::make_unique<DockerClient>(*endpoint);
    m_sandboxes = std::make_unique<DockerSandboxProvider>(*m_client, DockerSandboxSettings{.memoryBytes = 1024ULL << 20U, .lifetime = 900s, .seccompProfile = *profile});
}

void ProjectsLiveTest::cleanupTestCase()
{
    QVERIFY(m_sandboxes->sweep(m_run));
}

void ProjectsLiveTest::goodProjectsPass_data()
{
    QTest::addColumn<QByteArray>("language");
    for (const auto* language : {"node", "cpp", "shell"})
        QTest::newRow(language) << QByteArray(language);
}

void ProjectsLiveTest::goodProjectsPass()
{
    QFETCH(const QByteArray, language);
    ChecksBench bench(*m_sandboxes);
    bench.copy(projectOf(language));
    const auto coding = bench.coding();
    QVERIFY2(failedChecks(coding).empty(), told(coding).c_str());
    const auto testing = bench.testing();
    QVERIFY2(failedChecks(testing).empty(), told(testing).c_str());
    QCOMPARE(bench.evidence.cases.size(), 2U);
    QVERIFY(std::ranges::all_of(bench.evidence.cases, &TestEvidence::Case::passed));
    QCOMPARE(bench.evidence.coveragePercent.value_or(-1), 100.0);
}

void ProjectsLiveTest::plantedFaultsAreFound_data()
{
    QTest::addColumn<QByteArray>("language");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("from"); // empty: appended
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("failed");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const char* file, const char* from, const char* to, const char* failed, const char* said) {
        QTest::newRow(name) << QByteArray(name).left(QByteArray(name).indexOf(',')) << QByteArray(file) << QByteArray(from) << QByteArray(to) << QByteArray(failed) << QByteArray(said);
    };
    row("node, a wrong result", "src/temperature.js", "* 9", "* 8", "testing.tests-pass", "water boils at 212");
    row("node, an unread function", "src/temperature.js", "", "\nexport function long(x) {\n  if (x) {\n    return 1;\n  }\n  if (x === 0) {\n    return 2;\n  }\n  return 3;\n}\n", "testing.coverage",
        "of the project's lines");
    row("node, what node cannot read", "src/other.js", "", "export const = 1;\n", "coding.lint", "other.js:1");
    row("node, text as code", "src/temperature.js", "return (celsius * 9) / 5 + 32;", "return eval(`${celsius} * 9 / 5 + 32`);", "testing.security", "runs text as code");
    row("cpp, a wrong result", "src/temperature.cpp", "* 9", "* 8", "testing.tests-pass", "boils");
    row("cpp, what does not compile", "src/temperature.cpp", "return celsius * 9", "return celcius * 9", "coding.build", "celcius");
    row("cpp, an unread function", "src/temperature.cpp", "", "\nint unread(int x)\n{\n    if (x > 1)\n        return 1;\n    if (x < 0)\n        return 2;\n    return 3;\n}\n", "testing.coverage",
        "of the project's lines");
    row("cpp, reads behind the end", "src/temperature.cpp", "    return celsius * 9 / 5 + 32;", "    int x[2] = {0, 1};\n    return celsius * 9 / 5 + 32 + x[2];", "coding.lint", "arrayIndexOutOfBounds");
    row("cpp, an unbounded copy", "src/temperature.cpp", "", "\n#include <cstring>\nvoid copy(char* to, const char* from)\n{\n    strcpy(to, from);\n}\n", "testing.security", "how much fits");
    row("shell, a wrong result", "bin/temperature.sh", "* 9", "* 8", "testing.tests-pass", "water boils at 212");
    row("shell, what bash cannot read", "bin/temperature.sh", "    fi\n", "", "coding.build", "syntax error");
    row("shell, an unread function", "bin/temperature.sh", "feeling() {", "unread() {\n    echo 1\n    echo 2\n    echo 3\n    echo 4\n}\n\nfeeling() {", "testing.coverage", "of the project's lines");
    row("shell, words that fall apart", "bin/temperature.sh", "echo cold", "echo cold >/dev/$1; echo cold", "coding.lint", "SC2086");
    row("shell, text as code", "bin/temperature.sh", "echo cold", "eval echo cold", "testing.security", "runs text as code");
    row("shell, a key", "bin/temperature.sh", "echo cold", "echo cold # ghp_16C7e42F292c6912E7710c838347Ae178B4a", "coding.secrets", "temperature.sh");
}

void ProjectsLiveTest::plantedFaultsAreFound()
{
    QFETCH(const QByteArray, language);
    QFETCH(const QByteArray, file);
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const QByteArray, failed);
    QFETCH(const QByteArray, said);
    ChecksBench bench(*m_sandboxes);
    bench.copy(projectOf(language));
    auto text = QByteArray::fromStdString(readFile(bench.root() / "repo" / file.toStdString()).value_or(""));
    QVERIFY2(from.isEmpty() || text.contains(from), from.constData());
    text = from.isEmpty() ? text + to : text.replace(text.indexOf(from), from.size(), to);
    const auto executable = std::filesystem::exists(bench.root() / "repo" / file.toStdString()) && language == "shell";
    bench.write(file.toStdString(), text.toStdString());
    if (executable)
        std::filesystem::permissions(bench.root() / "repo" / file.toStdString(), std::filesystem::perms(0755));
    const auto checks = failed.startsWith("coding") ? bench.coding() : bench.testing();
    const auto found = std::ranges::find(checks, failed.toStdString(), &Check::id);
    QVERIFY2(found != checks.end() && found->status == CheckStatus::Failed, told(checks).c_str());
    QVERIFY2(found->reason.find(said.toStdString()) != std::string::npos, found->reason.c_str());
}

void ProjectsLiveTest::toolsGiveTheFigures_data()
{
    QTest::addColumn<QByteArray>("language");
    QTest::addColumn<QByteArray>("covered");
    QTest::newRow("node") << QByteArray("node") << QByteArray("temperature.js");
    QTest::newRow("cpp") << QByteArray("cpp") << QByteArray("src/temperature.cpp");
    QTest::newRow("shell") << QByteArray("shell") << QByteArray("bin/temperature.sh");
}

/// As an agent of the Testing stage asks.
void ProjectsLiveTest::toolsGiveTheFigures()
{
    QFETCH(const QByteArray, language);
    QFETCH(const QByteArray, covered);
    ChecksBench bench(*m_sandboxes);
    bench.copy(projectOf(language));
    const auto user = agentUserOfThisProcess();
    std::filesystem::create_directories(bench.root() / ".agent");
    if (::geteuid() == 0) {
        QCOMPARE(::chown(bench.root().c_str(), user.uid, user.gid), 0);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(bench.root()))
            QCOMPARE(::chown(entry.path().c_str(), user.uid, user.gid), 0);
    }
    auto workspace = *Folder::open(bench.root());
    auto sandbox = m_sandboxes->open({.purpose = SandboxPurpose::Agent, .runId = m_run, .stage = "testing", .workspace = bench.root()}, {});
    QVERIFY2(sandbox, sandbox ? "" : sandbox.error().text().c_str());
    auto tools = makeToolbox(StageId::Testing, {});
    ToolContext context{.stage = StageId::Testing, .sandbox = **sandbox, .workspace = workspace, .owner = std::pair(user.uid, user.gid), .callId = "toolu_1"};
    const auto call = [&](const char* name, const Json& input) {
        auto* tool = findTool(tools, name);
        const auto checked = tool == nullptr ? Result<Json>(Error{ErrorCode::NotFound, name}) : checkedInput(tool->definition(), input);
        auto outcome = checked ? tool->run(*checked, context) : Result<ToolOutcome>(checked.error());
        return outcome ? outcome->text : outcome.error().text();
    };
    if (language == "cpp")
        QVERIFY(call("run_command", {{"command", "cmake -S . -B build && cmake --build build"}}).starts_with("exit code 0"));
    const auto tested = call("run_tests", Json::object());
    QVERIFY2(tested.find("2 passed, 0 failed") != std::string::npos, tested.c_str());
    const auto measured = call("run_coverage", Json::object());
    QVERIFY2(measured.find("total coverage 100.0 %") != std::string::npos && measured.find(covered.toStdString()) != std::string::npos, measured.c_str());
    const auto linted = call("run_linter", Json::object());
    QVERIFY2(linted.starts_with("exit code 0"), linted.c_str());
    const auto scanned = call("run_security_scan", Json::object());
    QVERIFY2(scanned.find("secrets: 0 found") != std::string::npos, scanned.c_str());
}

QTEST_GUILESS_MAIN(ProjectsLiveTest)
#include "tst_projects_live.moc"
