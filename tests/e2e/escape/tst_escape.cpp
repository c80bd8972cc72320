#include <algorithm>
#include <filesystem>
#include <map>

#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>
#include <unistd.h>

#include "core/agent/dialogue_past.h"
#include "core/agent/tool_runner.h"
#include "core/base/beneath.h"
#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/base/redact.h"
#include "core/engine/run_recorder.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/local/local_sandbox.h"
#include "sandbox/porter/bundled_porter.h"
#include "tests/e2e/escape/attempt.h"
#include "tests/e2e/escape/canaries.h"
#include "tests/support/memory_journal.h"

using namespace std::chrono_literals;

namespace aap::escape {

/// An agent who wants out, through the real tools in real rooms: each attempt is contained, control comes back soon, and in the end
/// nothing is left on the machine and no canary has sung. In containers, or, with AAP_ESCAPE_FROM=local, in rooms without an engine.
class EscapeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void attempts_data();
    void attempts();
    void aRaceOfLinksShowsNothing();
    void manyCommandsLeaveNoDescriptors();
    void anImageCannotChooseForUs();
    void theNextStageFindsNothingOfTheLast();
    void thereAreEnough();
    void nothingIsLeft();

private:
    void openRoom(const std::string& group);
    std::unique_ptr<Sandbox> open(const std::filesystem::path& workspace, const std::string& run, const std::string& image = {});
    ToolAnswer call(const std::string& tool, const Json& input);
    std::string textOf(const ToolAnswer& answer) const { return answer.block.at("content").is_string() ? answer.block.at("content").get<std::string>() : answer.block.dump(); }
    std::string run(const std::string& command) { return textOf(call("run_command", {{"command", command}})); }
    static std::string outputOf(const std::string& text) { return text.substr(std::min(text.size(), text.find('\n') + 1)); }
    void makeWorkspace(const std::filesystem::path& root);
    void judge(const Attempt& attempt, const ToolAnswer& answer, Milliseconds took);
    bool isLocal() const { return m_client == nullptr; }
    void makeProvider();
    std::size_t ours(const char* path, const char* list = nullptr) const;

    QTemporaryDir m_folder{};
    std::filesystem::path m_root = m_folder.path().toStdString();
    std::unique_ptr<Canaries> m_canaries{};
    std::string m_run = newRunId();
    std::string m_otherRun = newRunId();
    std::string m_image = "aap-escape-" + m_run;
    std::map<std::string, Attempts> m_tables{};
    std::string m_group{};
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<SandboxProvider> m_provider{};
    std::unique_ptr<Sandbox> m_sandbox{};
    std::unique_ptr<Sandbox> m_other{};
    std::unique_ptr<Folder> m_workspace{};
    std::unique_ptr<ToolContext> m_context{};
    Toolbox m_tools = makeToolbox(StageId::Coding, {});
    DialogueSettings m_settings{.stage = StageId::Coding};
    MemoryJournal m_journal{};
    KeepingObserver m_observer{};
    Redactor m_redactor{};
    std::unique_ptr<RunRecorder> m_recorder{};
    const DialoguePast m_past{}; ///< none
    std::unique_ptr<ToolRunner> m_runner{};
    std::string m_heard{}; ///< every answer, for the token
    int m_calls = 0;
};

void EscapeTest::makeWorkspace(const std::filesystem::path& root)
{
    const auto user = agentUserOfThisProcess();
    for (const auto* folder : {"", "repo", ".agent"}) {
        std::filesystem::create_directories(root / folder);
        if (::geteuid() == 0)
            QCOMPARE(::chown((root / folder).c_str(), user.uid, user.gid), 0);
    }
}

void EscapeTest::makeProvider()
{
    const auto profile = bundledSeccompProfile();
    QVERIFY(profile);
    if (qEnvironmentVariable("AAP_ESCAPE_FROM") == QStringLiteral("local")) {
        m_provider = std::make_unique<LocalSandboxProvider>(LocalSandboxSettings{.memoryBytes = 512U << 20U, .pids = 128, .tmpBytes = 64U << 20U, .seccompProfile = *profile});
        return;
    }
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    QVERIFY(endpoint);
    const auto porter = placePorter(m_root / "mine");
    QVERIFY(porter);
    m_client = std::make_unique<DockerClient>(*endpoint);
    m_provider = std::make_unique<DockerSandboxProvider>(
        *m_client, DockerSandboxSettings{.memoryBytes = 512U << 20U, .pids = 128, .lifetime = 900s, .tmpBytes = 64U << 20U, .porter = *porter, .seccompProfile = *profile});
}

void EscapeTest::initTestCase()
{
    makeProvider();
    QVERIFY(m_provider);
    m_canaries = std::make_unique<Canaries>(m_root);
    makeWorkspace(m_root / "mine/ws");
    makeWorkspace(m_root / "other/ws");
    QVERIFY(writeFileAtomically(m_root / "other/ws/repo/secret.txt", m_canaries->token()));
    m_other = open(m_root / "other/ws", m_otherRun);
    QVERIFY(m_other);
    auto workspace = Folder::open(m_root / "mine/ws");
    QVERIFY(workspace);
    m_workspace = std::make_unique<Folder>(*std::move(workspace));
    m_recorder = std::make_unique<RunRecorder>(m_run, m_journal, m_redactor, m_observer);

    auto target = m_canaries->target();
    target.otherContainer = m_other->info().name;
    target.otherWorkspace = m_root / "other/ws";
    m_tables = {{"kernel", kernelAttempts()}, {"files", fileAttempts(target)}, {"paths", pathAttempts()}, {"network", networkAttempts(target)},
                {"processes", processAttempts()}, {"porter", porterAttempts()}, {"injection", injectionAttempts()}};
    if (isLocal()) {
        m_tables.erase("porter"); // it is PID 1, which no signal reaches
        for (auto& [name, table] : m_tables)
            table = asInLocalRooms(std::move(table));
    }
}

void EscapeTest::cleanupTestCase()
{
    m_sandbox.reset();
    m_other.reset();
    if (!isLocal())
        (void)m_client->call("DELETE", "/images/" + m_image + "?force=1", {}, {}, 60s); // where its test failed
    QVERIFY(m_provider->sweep(m_run) && m_provider->sweep(m_otherRun));
}

std::unique_ptr<Sandbox> EscapeTest::open(const std::filesystem::path& workspace, const std::string& run, const std::string& image)
{
    auto sandbox = m_provider->open({.runId = run, .stage = "coding", .workspace = workspace, .image = image}, {});
    if (!sandbox)
        qWarning("%s", sandbox.error().text().c_str());
    return sandbox ? *std::move(sandbox) : nullptr;
}

/// A fresh room for each table.
void EscapeTest::openRoom(const std::string& group)
{
    if (m_group == group)
        return;
    m_group = group;
    m_runner.reset();
    m_context.reset();
    m_sandbox.reset();
    m_sandbox = open(m_root / "mine/ws", m_run);
    QVERIFY(m_sandbox);
    const auto user = agentUserOfThisProcess();
    m_context.reset(new ToolContext{.stage = StageId::Coding, .sandbox = *m_sandbox, .workspace = *m_workspace, .owner = std::pair(user.uid, user.gid)});
    m_runner = std::make_unique<ToolRunner>(m_settings, m_tools, *m_context, *m_recorder, m_past);
    QVERIFY(m_workspace->write("repo/probe.py", probeProgram(), {.owner = m_context->owner}));
    QVERIFY(m_workspace->write("repo/long.txt", std::string(50'000, 'a') + "!\n", {.owner = m_context->owner}));
}

ToolAnswer EscapeTest::call(const std::string& tool, const Json& input)
{
    auto answer = m_runner->run({.id = fmt::format("toolu_{}", ++m_calls), .name = tool, .input = input});
    m_heard += textOf(answer);
    return answer;
}

void EscapeTest::attempts_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<int>("index");
    for (const auto& [name, table] : m_tables)
        for (std::size_t i = 0; i < table.size(); ++i)
            QTest::newRow(fmt::format("{} {}: {}", name, table[i].row, table[i].what).c_str()) << QByteArray::fromStdString(name) << int(i);
}

void EscapeTest::attempts()
{
    QFETCH(const QByteArray, table);
    QFETCH(const int, index);
    const auto& attempt = m_tables.at(table.toStdString())[std::size_t(index)];
    openRoom(table.toStdString());
    const Stopwatch watch;
    const auto answer = call(attempt.tool, attempt.input);
    const auto took = watch.elapsed();
    QVERIFY2(!answer.failure, answer.failure ? answer.failure->text().c_str() : "");
    judge(attempt, answer, took);

    const Stopwatch control;
    const auto next = run(fmt::format("echo control {}", m_calls));
    QVERIFY2(next.find("\ncontrol ") != next.npos, next.c_str());
    QVERIFY2(control.elapsed() <= 3s, fmt::format("{} ms until the next command was done", control.elapsed().count()).c_str());
    QVERIFY(m_heard.find(m_canaries->token()) == m_heard.npos);
    m_heard.clear();
}

void EscapeTest::judge(const Attempt& attempt, const ToolAnswer& answer, Milliseconds took)
{
    const auto text = textOf(answer);
    const auto shown = QByteArray::fromStdString(text.substr(0, 2000));
    switch (attempt.must) {
    case Attempt::Must::Say:
        QCOMPARE(QByteArray::fromStdString(outputOf(text)), QByteArray::fromStdString(attempt.words));
        QVERIFY2(took <= attempt.within, fmt::format("{} ms", took.count()).c_str());
        break;
    case Attempt::Must::Refuse:
        QVERIFY2(answer.isError, shown.constData());
        [[fallthrough]];
    case Attempt::Must::Contain:
        QVERIFY2(text.find(attempt.words) != text.npos, shown.constData());
        QVERIFY2(took <= 3s, fmt::format("{} ms", took.count()).c_str());
        break;
    case Attempt::Must::End:
        QVERIFY2(text.find(attempt.words) != text.npos, shown.constData());
        QVERIFY2(took <= std::chrono::seconds(attempt.input.value("timeout_s", 1)) + 3s, fmt::format("{} ms", took.count()).c_str());
        break;
    }
}

/// E06: the agent swaps a file for a link to the secret and back, as fast as it can, while the host reads.
void EscapeTest::aRaceOfLinksShowsNothing()
{
    openRoom("race");
    const auto secret = m_canaries->target().secret.string();
    const auto swaps = fmt::format("ln -sfn {} link; echo mine >file; while :; do cp file racer.new; mv racer.new racer; cp -P link racer.new; mv racer.new racer; done", secret);
    const auto started = call("run_command", {{"command", swaps}, {"background", true}});
    QVERIFY2(!started.isError, textOf(started).c_str());
    int files = 0;
    int refusals = 0;
    for (const auto deadline = Deadline::in(20s); (files < 5000 || refusals < 500) && !deadline.hasPassed();) {
        const auto content = m_workspace->read("repo/racer");
        (content ? files : refusals) += 1;
        QVERIFY(!content || content->find(m_canaries->token()) == content->npos);
        QVERIFY(m_workspace->write("repo/racer", "mine\n"));
    }
    QVERIFY2(files > 0 && refusals > 0, fmt::format("{} files, {} refusals", files, refusals).c_str());
    (void)call("command_output", {{"job_id", "job-1"}, {"stop", true}});
    QCOMPARE(QByteArray::fromStdString(m_canaries->alarms()), QByteArray());
}

/// E20
void EscapeTest::manyCommandsLeaveNoDescriptors()
{
    openRoom("many");
    const auto descriptors = [] { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()); };
    (void)run("true");
    const auto before = descriptors();
    for (int i = 0; i < 1000; ++i)
        QVERIFY(outputOf(run(fmt::format("echo {}", i))) == std::to_string(i));
    QCOMPARE(descriptors(), before);
}

/// E42: of an image's own wishes none has a say.
void EscapeTest::anImageCannotChooseForUs()
{
    if (isLocal()) { // there are none
        QCOMPARE(m_other->info().image, std::string("this machine's programs"));
        return;
    }
    const auto changes = [](const char* change) { return "&changes=" + percentEncoded(change); };
    const auto made = m_client->call("POST", "/commit?container=" + m_other->info().id + "&repo=" + m_image + changes("USER root") + changes("ENTRYPOINT [\"/bin/false\"]")
                                         + changes("CMD [\"sleep\",\"1\"]") + changes("ENV LD_PRELOAD=/workspace/repo/evil.so") + changes("VOLUME /vol")
                                         + changes("HEALTHCHECK CMD touch /workspace/healthy") + changes("LABEL aap.run=nobody"),
                                     {}, {}, 60s);
    QVERIFY2(made, made ? "" : made.error().text().c_str());
    auto sandbox = open(m_root / "mine/ws", m_run, m_image);
    QVERIFY(sandbox);
    const auto result = sandbox->run({.argv = {"/bin/sh", "-c", "id -u; read -r n </proc/1/comm; echo $n; echo \"[$LD_PRELOAD]\""}, .workdir = "/"}, {}, {});
    QVERIFY2(result && result->succeeded(), result ? result->output.c_str() : result.error().text().c_str());
    QCOMPARE(QByteArray::fromStdString(result->standardOutput), QByteArray::fromStdString(fmt::format("{}\ndocker-init\n[]\n", agentUserOfThisProcess().uid)));
    sandbox.reset();
    QVERIFY(m_client->call("DELETE", "/images/" + m_image + "?force=1", {}, {}, 60s));
}

/// E39
void EscapeTest::theNextStageFindsNothingOfTheLast()
{
    openRoom("last");
    (void)run("echo x >/tmp/left; echo x >/dev/shm/left; echo x >~/left; ipcmk -M 100 -Q -S 1; setsid sleep 4321 & python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"\\0left\")'");
    openRoom("next");
    QCOMPARE(QByteArray::fromStdString(outputOf(run("ls /tmp /dev/shm ~ 2>/dev/null | grep -c left; ipcs 2>/dev/null | grep -c '^0x'; pgrep -c -f '[4]321'"))), QByteArray("0\n0\n0"));
}

void EscapeTest::thereAreEnough()
{
    std::size_t count = 0;
    for (const auto& [name, table] : m_tables)
        count += table.size();
    QVERIFY2(count >= 90, std::to_string(count).c_str());
}

std::size_t EscapeTest::ours(const char* path, const char* list) const
{
    std::size_t count = 0;
    for (const auto& run : {m_run, m_otherRun}) {
        const auto answer = m_client->call("GET", std::string(path) + encodedFilters(Json{{"label", {"aap.run=" + run}}}), {}, {});
        if (!answer)
            return 999;
        count += list == nullptr ? answer->size() : answer->at(list).size();
    }
    return count;
}

void EscapeTest::nothingIsLeft()
{
    m_runner.reset();
    m_context.reset();
    m_sandbox.reset();
    m_other.reset();
    if (!isLocal()) {
        QCOMPARE(ours("/containers/json?all=1&filters="), 0U);
        QCOMPARE(ours("/networks?filters="), 0U);
        QCOMPARE(ours("/images/json?filters="), 0U);
    }
    QCOMPARE(processesWith("bwrap").size(), 0U);
    QCOMPARE(QByteArray::fromStdString(m_canaries->alarms()), QByteArray());
    QCOMPARE(processesWith("sleep 4321").size(), 0U);
    QCOMPARE(processesWith("back.sh").size(), 0U);
    QVERIFY(readFile("/proc/self/mountinfo").value_or("").find(m_root.string()) == std::string::npos);
    for (const auto& event : m_journal.kept[m_run])
        QVERIFY(toJson(event).dump(-1, ' ', false, Json::error_handler_t::replace).find(m_canaries->token()) == std::string::npos);
    for (const auto* path : {"/tmp/left", "/dev/shm/left", "/tmp/back.sh", "/tmp/zero"})
        QVERIFY2(!std::filesystem::exists(path), path);
}

} // namespace aap::escape

QTEST_GUILESS_MAIN(aap::escape::EscapeTest)
#include "tst_escape.moc"
