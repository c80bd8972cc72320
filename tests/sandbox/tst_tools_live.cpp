#include <algorithm>
#include <filesystem>

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include "core/agent/tool_input.h"
#include "core/base/beneath.h"
#include "core/base/ids.h"
#include "core/base/paths.h"
#include "sandbox/docker/docker_sandbox.h"

using namespace std::chrono_literals;
using namespace aap;

namespace {

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

#define CONTAINS(actual, part) QVERIFY2(bytes(actual).contains(part), bytes(actual).constData())

} // namespace

/// The tools as an agent calls them, in a real room: what arrives inside, and what is said about it.
class ToolsLiveTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void runTestsNamesTheFailure();
    void coverageNamesWhatIsNotReached();
    void lintNamesThePlace();
    void theSecurityScanFindsThePlantedFault();
    void aCommandEndsInTime();
    void contentArrivesByteForByte_data();
    void contentArrivesByteForByte();
    void commandsArriveAsTheyAre_data();
    void commandsArriveAsTheyAre();
    void foreignBytesAreShownAndKept();
    void aJobRunsIsReadAndIsGone();
    void aServersPortIsFound();

private:
    ToolOutcome call(const std::string& name, const Json& input)
    {
        auto* tool = findTool(m_tools, name);
        if (tool == nullptr)
            tool = findTool(m_codersTools, name);
        if (tool == nullptr)
            throw std::runtime_error("there is no tool " + name);
        const auto checked = checkedInput(tool->definition(), input);
        if (!checked)
            return ToolOutcome::error(checked.error().detail);
        auto outcome = tool->run(*checked, *m_context);
        if (!outcome)
            throw std::runtime_error(outcome.error().text());
        return *std::move(outcome);
    }
    void put(const char* path, const char* text)
    {
        const auto written = call("write_file", {{"filepath", path}, {"content", text}});
        QVERIFY2(!written.isError, written.text.c_str());
    }

    QTemporaryDir m_folder{};
    std::string m_run = newRunId();
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<DockerSandboxProvider> m_provider{};
    std::unique_ptr<Sandbox> m_sandbox{};
    std::unique_ptr<Folder> m_workspace{};
    std::unique_ptr<ToolContext> m_context{};
    Toolbox m_tools = makeToolbox(StageId::Testing, {});
    Toolbox m_codersTools = makeToolbox(StageId::Coding, {});
};

void ToolsLiveTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    QVERIFY(endpoint);
    const auto profile = bundledSeccompProfile();
    QVERIFY(profile);
    m_client = std::make_unique<DockerClient>(*endpoint);
    m_provider = std::make_unique<DockerSandboxProvider>(*m_client, DockerSandboxSettings{.memoryBytes = 512U << 20U, .lifetime = 600s, .seccompProfile = *profile});
    const std::filesystem::path root = m_folder.path().toStdString();
    const auto user = agentUserOfThisProcess();
    for (const auto* folder : {"", "repo", ".agent"}) {
        std::filesystem::create_directories(root / folder);
        if (::geteuid() == 0)
            QCOMPARE(::chown((root / folder).c_str(), user.uid, user.gid), 0);
    }
    auto workspace = Folder::open(root);
    QVERIFY(workspace);
    m_workspace = std::make_unique<Folder>(*std::move(workspace));
    auto sandbox = m_provider->open({.purpose = SandboxPurpose::Agent, .runId = m_run, .stage = "testing", .workspace = root}, {});
    QVERIFY2(sandbox, sandbox ? "" : sandbox.error().text().c_str());
    m_sandbox = *std::move(sandbox);
    m_context.reset(new ToolContext{.stage = StageId::Testing, .sandbox = *m_sandbox, .workspace = *m_workspace, .owner = std::pair(user.uid, user.gid), .callId = "toolu_1"});
    put("calc.py", "import os\n\n\ndef double(x):\n    return 2 * x\n\n\ndef negate(x):\n    return x\n\n\ndef unused(text):\n    value = eval(text)\n    return value\n");
    put("test_calc.py", "import calc\n\n\ndef test_double():\n    assert calc.double(2) == 4\n\n\ndef test_negate():\n    assert calc.negate(2) == -2\n");
    put("requirements.txt", "pytest\n");
}

void ToolsLiveTest::cleanupTestCase()
{
    m_sandbox.reset();
    QVERIFY(m_provider->sweep(m_run));
}

void ToolsLiveTest::runTestsNamesTheFailure()
{
    const auto outcome = call("run_tests", Json::object());
    QVERIFY(outcome.isError);
    QCOMPARE(outcome.exitCode.value_or(-1), 1);
    CONTAINS(outcome.text, "test_negate");
    CONTAINS(outcome.text, "1 failed, 1 passed");
    const auto narrowed = call("run_tests", {{"test_path", "test_calc.py::test_double"}});
    QVERIFY2(!narrowed.isError, narrowed.text.c_str());
    CONTAINS(narrowed.text, "1 passed");
}

void ToolsLiveTest::coverageNamesWhatIsNotReached()
{
    const auto outcome = call("run_coverage", Json::object());
    CONTAINS(outcome.text, "calc.py");
    QVERIFY2(QRegularExpression(QStringLiteral("calc\\.py.* 7\\d ?%")).match(QString::fromStdString(outcome.text)).hasMatch(), outcome.text.c_str());
}

void ToolsLiveTest::lintNamesThePlace()
{
    const auto outcome = call("lint_code", Json::object());
    CONTAINS(outcome.text, "calc.py:1");
    CONTAINS(outcome.text, "F401");
}

void ToolsLiveTest::theSecurityScanFindsThePlantedFault()
{
    const auto outcome = call("run_security_scan", {{"scan_type", "code"}});
    CONTAINS(outcome.text, "B307 calc.py:13"); // eval
    CONTAINS(outcome.text, "secrets: 0 found");
}

void ToolsLiveTest::aCommandEndsInTime()
{
    QElapsedTimer timer;
    timer.start();
    const auto outcome = call("run_command", {{"command", "echo before; trap '' TERM; sleep 60; sleep 60"}, {"timeout_s", 1}});
    QVERIFY(outcome.isError);
    QVERIFY(timer.elapsed() < 6000);
    CONTAINS(outcome.text, "timed out after 1 s");
    CONTAINS(outcome.text, "before");
    QCOMPARE(bytes(call("run_command", {{"command", "pgrep -c -f '^sleep 60$'"}}).text).split('\n').value(1), QByteArray("0")); // nothing is left
}

void ToolsLiveTest::contentArrivesByteForByte_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("quotes") << QByteArray("it's \"quoted\" '''thrice''' \\'\\\"\n");
    QTest::newRow("what a shell expands") << QByteArray("$HOME ${PATH} $(id) `id` $((1+1)) !! * ~ \\n %s %d\n");
    QTest::newRow("ends of here-documents") << QByteArray("cat <<'EOF'\na\nEOF\nrm -rf /\nEOF\n'EOF'\n");
    QTest::newRow("no line end") << QByteArray("x");
    QTest::newRow("carriage returns and tabs") << QByteArray("a\r\nb\tc\r");
    QTest::newRow("many alphabets") << QByteArray("äöü 漢字 🎉 \xe2\x80\xae\n");
    QTest::newRow("one megabyte") << QByteArray("0123456789abcde\n").repeated(65536);
    QTest::newRow("bytes that are no UTF-8") << QByteArray("a\xff\xfe\xc3(\x80z\n");
}

void ToolsLiveTest::contentArrivesByteForByte()
{
    QFETCH(const QByteArray, content);
    const auto path = std::string("data/") + QTest::currentDataTag();
    const auto outcome = call("write_file", {{"filepath", path}, {"content", content.toStdString()}});
    QVERIFY2(!outcome.isError, outcome.text.c_str());
    QCOMPARE(bytes(m_workspace->read("repo/" + path).value_or("(absent)")), content);
    const auto inside = call("run_command", {{"command", "sha256sum < 'data/" + std::string(QTest::currentDataTag()) + "'"}});
    CONTAINS(inside.text, QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex());
}

void ToolsLiveTest::commandsArriveAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QByteArray>("output");
    QTest::newRow("quotes") << QByteArray(R"(printf '%s|' "a'b" 'c"d' \'e\")") << QByteArray(R"(a'b|c"d|'e"|)");
    QTest::newRow("a dollar kept and one expanded") << QByteArray(R"(x=1; printf '%s|' '$x' "$x" "\$x")") << QByteArray("$x|1|$x|");
    QTest::newRow("backticks") << QByteArray("printf '%s|' `echo in` '`echo out`'") << QByteArray("in|`echo out`|");
    QTest::newRow("a here-document") << QByteArray("cat <<'EOF'\n$a `b` \"c\" 'd'\nEOF\necho end") << QByteArray("$a `b` \"c\" 'd'\nend");
    QTest::newRow("words of the shell") << QByteArray("if true; then exit 0; fi") << QByteArray("(no output)");
    QTest::newRow("many alphabets") << QByteArray("printf '%s' 'ä漢🎉' | wc -c") << QByteArray("9");
    QTest::newRow("a long one") << "printf '%s' '" + QByteArray(60'000, 'x') + "' | wc -c" << QByteArray("60000");
}

void ToolsLiveTest::commandsArriveAsTheyAre()
{
    QFETCH(const QByteArray, command);
    QFETCH(const QByteArray, output);
    const auto outcome = call("run_command", {{"command", command.toStdString()}});
    const auto text = bytes(outcome.text);
    QVERIFY2(!outcome.isError && text.startsWith("exit code 0, "), text.constData());
    QCOMPARE(text.mid(text.indexOf('\n') + 1), output);
}

void ToolsLiveTest::foreignBytesAreShownAndKept()
{
    const auto outcome = call("run_command", {{"command", R"(printf 'a\377\0b\033[31mred\033[0m\n' | tee foreign.bin)"}});
    QVERIFY(!outcome.isError);
    CONTAINS(outcome.text, "red");
    QVERIFY(QString::fromStdString(outcome.text).toStdString() == outcome.text); // UTF-8
    QVERIFY(outcome.text.find('\0') == std::string::npos && outcome.text.find('\x1b') == std::string::npos);
    QCOMPARE(bytes(*m_workspace->read("repo/foreign.bin")), QByteArray("a\xff\0b\x1b[31mred\x1b[0m\n", 17));
}

void ToolsLiveTest::aJobRunsIsReadAndIsGone()
{
    const auto started = call("run_command", {{"command", "echo ready; (sleep 4321 & sleep 4321)"}, {"background", true}});
    QVERIFY2(!started.isError, started.text.c_str());
    const auto id = QRegularExpression(QStringLiteral("job-\\d+")).match(QString::fromStdString(started.text)).captured().toStdString();
    const auto shown = call("command_output", {{"job_id", id}, {"wait_s", 5}});
    CONTAINS(shown.text, "ready");
    const auto lives = [this] {
        const auto table = m_sandbox->processes({});
        return std::ranges::any_of(*table, [](const auto& row) { return row.back().find("sleep 4321") != std::string::npos; });
    };
    QVERIFY(lives());
    QVERIFY(bytes(call("command_output", {{"job_id", id}}).text).contains("running"));
    const auto stopped = call("command_output", {{"job_id", id}, {"stop", true}});
    QVERIFY2(!bytes(stopped.text).contains("ready"), stopped.text.c_str()); // shown before
    QVERIFY(!lives());
    QVERIFY(call("command_output", {{"job_id", "job-999"}}).isError);
}

void ToolsLiveTest::aServersPortIsFound()
{
    const auto started = call("start_dev_server", {{"command", "python3 -u -m http.server 8123 --bind 127.0.0.1"}});
    QVERIFY2(!started.isError, started.text.c_str());
    CONTAINS(started.text, "listens on port 8123");
    const auto id = QRegularExpression(QStringLiteral("job-\\d+")).match(QString::fromStdString(started.text)).captured().toStdString();
    const auto asked = call("run_command", {{"command", "python3 -c 'import urllib.request as r; print(r.urlopen(\"http://127.0.0.1:8123/calc.py\").status)'"}});
    CONTAINS(asked.text, "\n200");
    QVERIFY(bytes(call("command_output", {{"job_id", id}, {"wait_s", 5}}).text).contains("GET /calc.py"));
    (void)call("command_output", {{"job_id", id}, {"stop", true}});
    CONTAINS(call("run_command", {{"command", "python3 -c 'import socket; print(socket.socket().connect_ex((\"127.0.0.1\", 8123)))'"}}).text, "\n111");
    const auto dead = call("start_dev_server", {{"command", "echo no; exit 3"}});
    QVERIFY(dead.isError);
    CONTAINS(dead.text, "no port was opened");
}

QTEST_GUILESS_MAIN(ToolsLiveTest)
#include "tst_tools_live.moc"
