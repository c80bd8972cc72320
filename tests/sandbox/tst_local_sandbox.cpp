#include <csignal>
#include <filesystem>

#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "sandbox/local/local_sandbox.h"
#include "sandbox/local/process_table.h"
#include "sandbox/local/seccomp_filter.h"
#include "tests/sandbox/hostile_commands.h"

using namespace std::chrono_literals;

namespace aap {

/// With the real bubblewrap: the same commands that hostile agents run in containers, and what this kind of sandbox has of its own.
class LocalSandboxTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void hostileCommands_data();
    void hostileCommands();
    void whatTheKernelRefuses_data();
    void whatTheKernelRefuses();
    void nothingOfTheMachineIsSeen_data();
    void nothingOfTheMachineIsSeen();
    void argumentsAndInputArriveAsTheyAre();
    void aForkBombIsEnded();
    void aFloodIsCut();
    void aWorkspaceCannotBeFilled();
    void aStopIsQuick();
    void memoryFoldersAreBounded();
    void filesStayBetweenCommands();
    void frozenPathsCannotBeWritten();
    void aVerifierReadsOnly();
    void backgroundJobsOutliveTheirCommand();
    void aFrozenSandboxStandsStill();
    void figuresAndProcesses();
    void aRoomKilledFromOutsideIsMadeAnew();
    void aLinkInsteadOfAWorkspaceIsRefused();
    void whatCannotBeSaysWhatToDo_data();
    void whatCannotBeSaysWhatToDo();
    void aFilterMustMakeSense_data();
    void aFilterMustMakeSense();
    void nothingIsLeftBehind();

private:
    SandboxSpec spec(SandboxPurpose purpose = SandboxPurpose::Agent) const
    {
        return {.purpose = purpose, .runId = m_run, .stage = "testing", .workspace = m_folder.filePath(QStringLiteral("ws")).toStdString()};
    }
    std::unique_ptr<Sandbox> open(const SandboxSpec& what) const
    {
        auto sandbox = LocalSandboxProvider(m_settings).open(what, {});
        if (!sandbox)
            qWarning("%s", sandbox.error().text().c_str());
        return sandbox ? *std::move(sandbox) : nullptr;
    }

    QTemporaryDir m_folder{};
    std::string m_run = newRunId();
    LocalSandboxSettings m_settings{};
    std::unique_ptr<Sandbox> m_agent{};
};

void LocalSandboxTest::initTestCase()
{
    const auto profile = bundledSeccompProfile();
    QVERIFY(profile.has_value());
    m_settings = {.memoryBytes = 256U << 20U, .pids = 64, .tmpBytes = 32U << 20U, .fileBytes = 64U << 20U, .seccompProfile = *profile};
    const std::filesystem::path workspace = spec().workspace;
    for (const auto* folder : {"", "repo", "repo/tests", ".agent"}) {
        std::filesystem::create_directories(workspace / folder);
        giveToAgent(workspace / folder);
    }
    QVERIFY(writeFileAtomically(workspace / "repo/tests/t.py", "frozen\n").has_value());
    giveToAgent(workspace / "repo/tests/t.py");
    m_agent = open(spec());
    QVERIFY(m_agent);
}

void LocalSandboxTest::hostileCommands_data()
{
    QTest::addColumn<HostileCommand>("command");
    for (auto command : hostileCommandsOfAgents()) {
        if (command.name == "kills everybody") // PID 1 cannot be killed, and nobody else is there
            command.exitCode = 1;
        if (command.name == "eats memory") // it gets none, instead of being killed
            command = {command.name, command.script, Ending::Exited, 1, "MemoryError"};
        QTest::newRow(command.name.c_str()) << command;
    }
    QTest::newRow("eats memory together") << HostileCommand{{}, "for i in 1 2 3 4; do python3 -c 'x = bytearray(100 << 20); import time; time.sleep(5)' & done; wait", Ending::OutOfMemory, 137, ""};
}

void LocalSandboxTest::hostileCommands()
{
    QFETCH(const HostileCommand, command);
    verifyHostileCommand(*m_agent, command);
    const auto left = runShell(*m_agent, "for p in /proc/[0-9]*; do read -r n <$p/comm && echo $n; done | sort -u | tr '\\n' ' '");
    QVERIFY2(left.standardOutput.find("sleep") == std::string::npos && left.standardOutput.find("python") == std::string::npos, left.standardOutput.c_str());
}

void LocalSandboxTest::whatTheKernelRefuses_data()
{
    addRefusedRows();
}

void LocalSandboxTest::whatTheKernelRefuses()
{
    verifyRefusal(*m_agent);
}

void LocalSandboxTest::nothingOfTheMachineIsSeen_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* script, const char* expected) { QTest::newRow(name) << QByteArray(script) << QByteArray(expected); };
    row("folders", "ls / | tr '\\n' ' '", "bin dev etc home lib lib64 proc sbin tmp usr workspace ");
    row("users", "cut -d: -f1 /etc/passwd | tr '\\n' ' '", "root agent ");
    row("homes", "ls -A /home /home/agent | tr '\\n' ' '", "/home: agent  /home/agent: ");
    row("processes", "set -- /proc/[0-9]*; echo $#", "2\n"); // the porter and the shell
    row("the name", "uname -n", "sandbox\n");
    row("addresses", "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '", "lo\n");
    row("messages of the kernel", "cat /proc/kcore /proc/kallsyms | wc -c", "0\n");
    row("its own programs", "touch /usr/x /usr/bin/x /.aap/x 2>/dev/null; echo $?", "1\n");
    row("PID 1's memory", "cat /proc/1/maps /proc/1/environ 2>/dev/null | wc -c", "0\n");
    row("PID 1's ends", "ls /proc/1/fd 2>/dev/null | wc -l", "0\n");
    row("ending PID 1", "kill -9 1; kill -STOP 1; kill -TERM 1; echo still here", "still here\n");
    row("ours", "env | grep -c AAP_CANARY", "0\n");
    row("new privileges", "find / -xdev -perm /6000 -type f 2>/dev/null | head -1 | grep -q . && su -c true 2>/dev/null; id -u", nullptr);
}

void LocalSandboxTest::nothingOfTheMachineIsSeen()
{
    QFETCH(const QByteArray, script);
    QFETCH(const QByteArray, expected);
    qputenv("AAP_CANARY", "secret");
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    const auto wanted = expected.isNull() ? fmt::format("{}\n", agentUserOfThisProcess().uid) : expected.toStdString();
    const auto result = runShell(*sandbox, script.toStdString());
    QVERIFY2(result.standardOutput == wanted, result.output.c_str());
}

void LocalSandboxTest::argumentsAndInputArriveAsTheyAre()
{
    const std::vector<std::string> words{"it's", "$HOME `id` $(id)", "a\nb", "", "--", "-n", "\"quoted\"", "*", "\\", "é\xff", "exit"};
    std::vector<std::string> argv{"printf", "[%s]\n"};
    std::string expected;
    for (const auto& word : words) {
        argv.push_back(word);
        expected += "[" + word + "]\n";
    }
    QCOMPARE(runCommand(*m_agent, argv).standardOutput, expected);
    std::string input(700'000, 'x');
    for (std::size_t i = 0; i < input.size(); ++i)
        input[i] = char(i * 7919 % 256);
    QCOMPARE(runCommand(*m_agent, {"cat"}, input).standardOutput, input);
    QCOMPARE(runCommand(*m_agent, {"true"}, input).exitCode, 0);
    QCOMPARE(int(m_agent->run({.argv = {"cat"}, .input = std::string(5U << 20U, 'x')}, {}, {}).error().code), int(ErrorCode::Invalid));
    const auto elsewhere = m_agent->run({.argv = {"/bin/sh", "-c", "pwd; echo \"$X\"; umask"}, .environment = {{"X", "a b\n'"}}}, {}, {});
    QCOMPARE(elsewhere->standardOutput, std::string("/workspace/repo\na b\n'\n0022\n"));
    QCOMPARE(int(m_agent->run({.argv = {"true"}, .workdir = "/nowhere"}, {}, {}).error().code), int(ErrorCode::Unavailable));
}

void LocalSandboxTest::aForkBombIsEnded()
{
    verifyForkBomb(*m_agent);
}

void LocalSandboxTest::aFloodIsCut()
{
    verifyFlood(*m_agent);
    const auto file = runShell(*m_agent, "head -c 100M /dev/zero >/workspace/big; stat -c %s /workspace/big; rm /workspace/big");
    QCOMPARE(file.standardOutput, std::string("67108864\n"));
}

void LocalSandboxTest::aWorkspaceCannotBeFilled()
{
    auto settings = m_settings;
    settings.workspace = {.bytes = 48U << 20U, .files = 3000};
    const auto sandbox = LocalSandboxProvider(settings).open(spec(), {});
    QVERIFY(sandbox);
    verifyWorkspaceLimits(**sandbox, spec().workspace);
}

void LocalSandboxTest::aStopIsQuick()
{
    verifyQuickStop(*m_agent);
}

void LocalSandboxTest::memoryFoldersAreBounded()
{
    const auto full = runShell(*m_agent, "head -c 60M /dev/zero >/tmp/big; stat -c %s /tmp/big; rm /tmp/big");
    QCOMPARE(full.standardOutput, std::string("33554432\n"));
    for (const auto* folder : {"/", "/dev", "/etc", "/.aap"})
        QVERIFY2(runShell(*m_agent, fmt::format("touch {}/x", folder)).exitCode != 0, folder);
}

void LocalSandboxTest::filesStayBetweenCommands()
{
    QCOMPARE(runShell(*m_agent, "echo a >/tmp/a; echo b >~/b; echo c >/workspace/repo/c").exitCode, 0);
    QCOMPARE(runShell(*m_agent, "cat /tmp/a ~/b /workspace/repo/c; rm /workspace/repo/c").standardOutput, std::string("a\nb\nc\n"));
}

void LocalSandboxTest::frozenPathsCannotBeWritten()
{
    auto frozen = spec();
    frozen.frozen = {"tests"};
    const auto sandbox = open(frozen);
    QVERIFY(sandbox);
    verifyFrozenPaths(*sandbox);
}

void LocalSandboxTest::aVerifierReadsOnly()
{
    const auto verifier = open(spec(SandboxPurpose::Verifier));
    QVERIFY(verifier);
    verifyVerifier(*m_agent, *verifier, spec().workspace);
}

void LocalSandboxTest::backgroundJobsOutliveTheirCommand()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    const auto start = sandbox->run({.argv = {"/bin/sh", "-c", "setsid python3 -m http.server 8123 >/dev/null 2>&1 & echo $!"}, .workdir = "/tmp", .keepsBackground = true}, {}, {});
    QVERIFY2(start.has_value() && start->succeeded(), start ? start->output.c_str() : start.error().text().c_str());
    const auto ask = "import time, urllib.request\n"
                     "for i in range(100):\n"
                     "    try:\n        print(urllib.request.urlopen('http://127.0.0.1:8123/').status); break\n"
                     "    except OSError: time.sleep(0.1)\n";
    QCOMPARE(runCommand(*sandbox, {"python3", "-c", ask}).standardOutput, std::string("200\n")); // the same network
    QCOMPARE(runCommand(*sandbox, {"python3", "-c", ask}).standardOutput, std::string("200\n")); // after other commands, too
    QCOMPARE(runShell(*sandbox, "pgrep -f http.serve[r]; pkill -9 -f http.serve[r]; echo none").standardOutput, std::string("none\n"));
    const auto stopped = sandbox->run({.argv = {"/bin/sh", "-c", "pkill -f '[h]ttp.server' && echo gone"}, .workdir = "/", .keepsBackground = true}, {}, {});
    QCOMPARE(stopped->standardOutput, std::string("gone\n"));
}

void LocalSandboxTest::aFrozenSandboxStandsStill()
{
    const auto counter = spec().workspace / "repo/count";
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    const auto started = sandbox->run({.argv = {"/bin/sh", "-c", "(while :; do echo x >>count; sleep 0.01; done) >/dev/null 2>&1 &"}, .keepsBackground = true}, {}, {});
    QVERIFY(started.has_value());
    const auto size = [&] {
        std::error_code failed;
        const auto bytes = std::filesystem::file_size(counter, failed);
        return failed ? 0 : bytes;
    };
    QTRY_VERIFY(size() > 0);
    QVERIFY(sandbox->freeze({}).has_value());
    const auto still = size();
    QTest::qWait(300);
    QCOMPARE(size(), still);
    QVERIFY(sandbox->thaw().has_value());
    QTRY_VERIFY(size() > still);
}

void LocalSandboxTest::figuresAndProcesses()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    QVERIFY(sandbox->run({.argv = {"/bin/sh", "-c", "while :; do :; done >/dev/null 2>&1 &"}, .keepsBackground = true}, {}, {}).has_value());
    const auto use = sandbox->resources({});
    QVERIFY(use.has_value());
    QCOMPARE(use->memoryLimitBytes, 256U << 20U);
    QVERIFY2(use->cpuPercent > 1, std::to_string(use->cpuPercent).c_str());
    QVERIFY(use->memoryBytes > 0 && use->processes >= 2 && use->processes < 64);
    const auto table = sandbox->processes({});
    QVERIFY(table.has_value() && table->size() >= 3);
    QCOMPARE(table->front().front(), std::string("PID"));
    QCOMPARE(runShell(*sandbox, "cat /sys/devices/system/cpu/online 2>/dev/null; nproc").standardOutput, std::string("2\n").replace(0, 1, std::to_string(std::min(2L, ::sysconf(_SC_NPROCESSORS_ONLN)))));
}

void LocalSandboxTest::aRoomKilledFromOutsideIsMadeAnew()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    pid_t init = 0;
    for (const auto& row : descendantsOf(::getpid()))
        if ("local-" + std::to_string(row.pid) == sandbox->info().name)
            init = row.pid;
    QVERIFY(init > 0);
    QCOMPARE(::kill(init, SIGKILL), 0);
    const auto result = runShell(*sandbox, "echo again");
    QCOMPARE(result.standardOutput, std::string("again\n"));
    QVERIFY(result.sandboxRestarted);
}

void LocalSandboxTest::aLinkInsteadOfAWorkspaceIsRefused()
{
    auto linked = spec();
    linked.workspace = m_folder.filePath(QStringLiteral("link")).toStdString();
    std::filesystem::create_directory_symlink("/etc", linked.workspace);
    QCOMPARE(int(LocalSandboxProvider(m_settings).open(linked, {}).error().code), int(ErrorCode::NotFound));
}

void LocalSandboxTest::whatCannotBeSaysWhatToDo_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("no bubblewrap") << 0 << QByteArray("apt install bubblewrap");
    QTest::newRow("a network") << 1 << QByteArray("Use Docker");
    QTest::newRow("a prober") << 2 << QByteArray("Use Docker");
    QTest::newRow("no filter") << 3 << QByteArray("system call filter");
    QTest::newRow("a filter without sense") << 4 << QByteArray("Install the program anew");
    QTest::newRow("a bubblewrap that fails") << 5 << QByteArray("bubblewrap made no sandbox");
}

void LocalSandboxTest::whatCannotBeSaysWhatToDo()
{
    QFETCH(const int, kind);
    QFETCH(const QByteArray, said);
    auto settings = m_settings;
    auto what = spec();
    switch (kind) {
    case 0: settings.bwrap = "/nowhere/bwrap"; break;
    case 1: what.network = "aap-net"; break;
    case 2: what.purpose = SandboxPurpose::Prober; break;
    case 3: settings.seccompProfile.clear(); break;
    case 4: settings.seccompProfile = "{}"; break;
    default: settings.bwrap = "/bin/false";
    }
    const auto sandbox = LocalSandboxProvider(settings).open(what, {});
    QVERIFY(!sandbox);
    const auto all = sandbox.error().text() + ' ' + sandbox.error().remedy;
    QVERIFY2(all.find(said.toStdString()) != std::string::npos, all.c_str());
}

void LocalSandboxTest::aFilterMustMakeSense_data()
{
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<bool>("hasSense");
    const auto row = [](const char* name, const char* profile, bool hasSense) { QTest::newRow(name) << QByteArray(profile) << hasSense; };
    row("nothing", "", false);
    row("no default", "{}", false);
    row("everything allowed", R"({"defaultAction":"SCMP_ACT_ALLOW"})", false);
    row("everything forbidden", R"({"defaultAction":"SCMP_ACT_ERRNO"})", true);
    row("an action that there is not", R"({"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG"}]})", false);
    row("a comparison that there is not", R"({"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"?"}]}]})", false);
    row("an argument too many", R"({"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":6,"op":"SCMP_CMP_EQ"}]}]})", false);
    row("a name of the future", R"({"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","no_such_call"],"action":"SCMP_ACT_ALLOW"}]})", true);
}

void LocalSandboxTest::aFilterMustMakeSense()
{
    QFETCH(const QByteArray, profile);
    QTEST(seccompProgram(profile.toStdString()).has_value(), "hasSense");
}

void LocalSandboxTest::nothingIsLeftBehind()
{
    {
        const auto sandbox = open(spec());
        QVERIFY(sandbox);
        QVERIFY(sandbox->run({.argv = {"/bin/sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 &"}, .keepsBackground = true}, {}, {}).has_value());
        QVERIFY(descendantsOf(::getpid()).size() > 4);
    }
    m_agent.reset();
    const auto rows = descendantsOf(::getpid());
    QVERIFY2(rows.empty(), rows.empty() ? "" : rows.front().words.c_str());
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::LocalSandboxTest)
#include "tst_local_sandbox.moc"
