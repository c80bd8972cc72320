#include <chrono>
#include <filesystem>

#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/llm/bounded_json.h"
#include "sandbox/docker/container_use.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/docker/image_packages.h"
#include "sandbox/docker/ownership.h"
#include "sandbox/docker/self_test.h"
#include "sandbox/porter/bundled_porter.h"
#include "tests/sandbox/hostile_commands.h"

using namespace std::chrono_literals;

namespace aap {

/// Against a real engine: what hostile commands do, and what the hardening holds.
class DockerSandboxTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void hostileCommands_data();
    void hostileCommands();
    void commandsGoThroughThePorter();
    void aStoppedPorterIsNoticed();
    void argumentsAndInputArriveAsTheyAre();
    void aForkBombIsEnded();
    void aFloodIsCut();
    void aWorkspaceCannotBeFilled();
    void refusedProcessesAreTold();
    void aStopIsQuick();
    void whatTheKernelRefuses_data();
    void whatTheKernelRefuses();
    void frozenPathsCannotBeWritten();
    void aVerifierReadsOnly();
    void aProberHasNoWorkspace();
    void backgroundJobsOutliveTheirCommand();
    void aFrozenSandboxStandsStill();
    void figuresAndProcesses();
    void aLostContainerIsMadeAnew();
    void anImageTellsItsPackages();
    void aMissingImageSaysWhatToDo();
    void specsThatAreRefused_data();
    void specsThatAreRefused();
    void faultsAreNamed();
    void orphansAreTold();
    void sweepingRemovesOnlyTheRun();
    void theNextRoomIsReadyBefore();
    void nothingIsLeftBehind();

private:
    SandboxSpec spec(SandboxPurpose purpose = SandboxPurpose::Agent) const
    {
        return {.purpose = purpose, .runId = m_run, .stage = "testing", .workspace = m_folder.filePath(QStringLiteral("ws")).toStdString()};
    }
    std::unique_ptr<Sandbox> open(const SandboxSpec& what)
    {
        auto sandbox = m_provider->open(what, {});
        if (!sandbox)
            qWarning("%s", sandbox.error().text().c_str());
        return sandbox ? *std::move(sandbox) : nullptr;
    }
    std::size_t containers() const
    {
        const auto list = m_client->call("GET", "/containers/json?all=1&filters=" + encodedFilters(Json{{"label", {"aap.run=" + m_run}}}), {}, {});
        return list ? list->size() : 999;
    }

    QTemporaryDir m_folder{};
    std::string m_run = newRunId();
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<DockerSandboxProvider> m_provider{};
    std::unique_ptr<DockerSandboxProvider> m_plainProvider{};
    std::unique_ptr<Sandbox> m_agent{};
    std::unique_ptr<Sandbox> m_plain{}; ///< without a porter: each command is an exec of the engine
};

void DockerSandboxTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    QVERIFY(endpoint.has_value());
    const auto profile = readFile(AAP_SOURCE_DIR "/resources/sandbox/seccomp.json");
    QVERIFY(profile.has_value());
    m_client = std::make_unique<DockerClient>(*endpoint);
    DockerSandboxSettings settings{.memoryBytes = 256U << 20U, .pids = 64, .lifetime = 600s, .seccompProfile = *profile};
    m_plainProvider = std::make_unique<DockerSandboxProvider>(*m_client, settings);
    const auto porter = placePorter(m_folder.filePath(QStringLiteral("porter")).toStdString());
    QVERIFY(porter.has_value());
    settings.porter = *porter;
    m_provider = std::make_unique<DockerSandboxProvider>(*m_client, settings);
    const std::filesystem::path workspace = spec().workspace;
    for (const auto* folder : {"", "repo", "repo/tests", ".agent"}) {
        std::filesystem::create_directories(workspace / folder);
        std::filesystem::permissions(workspace / folder, std::filesystem::perms(0700));
        giveToAgent(workspace / folder);
    }
    std::filesystem::permissions(workspace / "repo", std::filesystem::perms(0755));
    QVERIFY(writeFileAtomically(workspace / "repo/tests/t.py", "frozen\n").has_value());
    giveToAgent(workspace / "repo/tests/t.py");
    m_agent = open(spec());
    QVERIFY(m_agent);
    auto plain = m_plainProvider->open(spec(), {});
    QVERIFY(plain.has_value());
    m_plain = *std::move(plain);
}

void DockerSandboxTest::cleanupTestCase()
{
    m_agent.reset();
    m_plain.reset();
    QVERIFY(m_provider->sweep(m_run).has_value());
}

void DockerSandboxTest::hostileCommands_data()
{
    QTest::addColumn<bool>("byPorter");
    QTest::addColumn<HostileCommand>("command");
    for (const auto& command : hostileCommandsOfAgents())
        for (const bool byPorter : {true, false})
            QTest::newRow(fmt::format("{}, {}", command.name, byPorter ? "by the porter" : "as an exec").c_str()) << byPorter << command;
}

void DockerSandboxTest::hostileCommands()
{
    QFETCH(const bool, byPorter);
    QFETCH(const HostileCommand, command);
    auto& sandbox = byPorter ? *m_agent : *m_plain;
    verifyHostileCommand(sandbox, command);

    const auto left = runShell(sandbox, "for p in /proc/[0-9]*; do read -r n <$p/comm && echo $n; done | sort | uniq -c | tr -d ' \\n'");
    QVERIFY2(left.standardOutput.find("1sleep") != std::string::npos, left.standardOutput.c_str()); // PID 1's own
    QVERIFY2(left.standardOutput.find("python") == std::string::npos, left.standardOutput.c_str());
}

/// One exec for all of them, which nobody but us notices.
void DockerSandboxTest::commandsGoThroughThePorter()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    const auto execs = [&] {
        const auto state = m_client->call("GET", "/containers/" + sandbox->info().id + "/json", {}, {});
        return state && state->at("ExecIDs").is_array() ? state->at("ExecIDs").size() : 0U;
    };
    for (int i = 0; i < 20; ++i)
        QCOMPARE(runCommand(*sandbox, {"echo", std::to_string(i)}).standardOutput, std::to_string(i) + "\n");
    QCOMPARE(execs(), 1U);
    QCOMPARE(runCommand(*sandbox, {"cat"}, "input, too").standardOutput, std::string("input, too"));
    QCOMPARE(runShell(*sandbox, "id -u; umask; pwd; echo $HOME; [ -t 0 ] || cat; ps -o sid= -p $$ | tr -d ' ' | grep -cx $$").standardOutput,
             fmt::format("{}\n0022\n/\n/home/agent\n1\n", agentUserOfThisProcess().uid));
    const auto elsewhere = sandbox->run({.argv = {"/bin/sh", "-c", "pwd; echo \"$X\""}, .workdir = "/workspace/repo", .environment = {{"X", "a b\n'"}}}, {}, {});
    QCOMPARE(elsewhere->standardOutput, std::string("/workspace/repo\na b\n'\n"));
    const auto nowhere = sandbox->run({.argv = {"true"}, .workdir = "/nowhere"}, {}, {});
    QCOMPARE(int(nowhere.error().code), int(ErrorCode::Unavailable));
}

void DockerSandboxTest::aStoppedPorterIsNoticed()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    const auto result = sandbox->run({.argv = {"/bin/sh", "-c", "echo before; pkill -STOP porter; exit 0"}, .workdir = "/", .timeout = 60s}, {}, {});
    QVERIFY(result.has_value());
    QCOMPARE(int(result->ending), int(Ending::Lost));
    QVERIFY2(result->duration < 6s, std::to_string(result->duration.count()).c_str());
    QCOMPARE(runShell(*sandbox, "echo after").standardOutput, std::string("after\n"));
}

void DockerSandboxTest::argumentsAndInputArriveAsTheyAre()
{
    const std::vector<std::string> words{"it's", "$HOME `id` $(id)", "a\nb", "", "--", "-n", "\"quoted\"", "*", "\\", "é\xff", "exit"};
    std::vector<std::string> argv{"printf", "[%s]\n"};
    std::string expected;
    for (const auto& word : words) {
        argv.push_back(word);
        expected += "[" + word + "]\n";
    }
    QCOMPARE(runCommand(*m_agent, {"exit", "3"}).exitCode, 127); // no builtin of a shell
    QCOMPARE(runCommand(*m_agent, argv).standardOutput, expected);
    QCOMPARE(runCommand(*m_plain, argv).standardOutput, expected.substr(0, expected.find('\xff')) + "\xef\xbf\xbd]\n[exit]\n"); // JSON knows UTF-8 only

    std::string input(700'000, 'x');
    for (std::size_t i = 0; i < input.size(); ++i)
        input[i] = char(i * 7919 % 256);
    QCOMPARE(runCommand(*m_agent, {"cat"}, input).standardOutput, input);
    const auto ignored = runCommand(*m_agent, {"true"}, std::string(5U << 20U, 'x'));
    QCOMPARE(int(ignored.ending), int(Ending::Exited));
    QCOMPARE(ignored.exitCode, 0);
}

void DockerSandboxTest::aForkBombIsEnded()
{
    verifyForkBomb(*m_agent);
}

void DockerSandboxTest::aFloodIsCut()
{
    verifyFlood(*m_agent);
}

void DockerSandboxTest::aWorkspaceCannotBeFilled()
{
    DockerSandboxProvider provider(*m_client, {.memoryBytes = 256U << 20U, .pids = 64, .lifetime = 600s, .workspace = {.bytes = 48U << 20U, .files = 3000},
                                               .seccompProfile = readFile(AAP_SOURCE_DIR "/resources/sandbox/seccomp.json").value_or("")});
    auto sandbox = provider.open(spec(), {});
    QVERIFY(sandbox);
    verifyWorkspaceLimits(**sandbox, spec().workspace);
}

void DockerSandboxTest::refusedProcessesAreTold()
{
    const auto bomb = m_agent->run({.argv = {"/bin/bash", "-c", "for i in $(seq 100); do sleep 5 & done 2>/dev/null; echo done"}, .workdir = "/", .timeout = 20s}, {}, {});
    QVERIFY(bomb.has_value());
    const auto told = std::ranges::find(bomb->notices, "processes", &SandboxNotice::subject);
    QVERIFY(told != bomb->notices.end());
    QVERIFY2(told->kind == "limit" && told->count > 0 && told->text.find("may have 64 processes") != std::string::npos, told->text.c_str());
    const auto quiet = runShell(*m_agent, "echo quiet");
    QVERIFY(quiet.notices.empty()); // told once
}

void DockerSandboxTest::aStopIsQuick()
{
    verifyQuickStop(*m_agent);
}

void DockerSandboxTest::whatTheKernelRefuses_data()
{
    addRefusedRows();
}

void DockerSandboxTest::whatTheKernelRefuses()
{
    verifyRefusal(*m_agent);
}

void DockerSandboxTest::frozenPathsCannotBeWritten()
{
    auto frozen = spec();
    frozen.frozen = {"tests"};
    const auto sandbox = open(frozen);
    QVERIFY(sandbox);
    verifyFrozenPaths(*sandbox);
}

void DockerSandboxTest::aVerifierReadsOnly()
{
    const auto verifier = open(spec(SandboxPurpose::Verifier));
    QVERIFY(verifier);
    verifyVerifier(*m_agent, *verifier, spec().workspace);
}

void DockerSandboxTest::aProberHasNoWorkspace()
{
    const auto prober = open({.purpose = SandboxPurpose::Prober, .runId = m_run});
    QVERIFY(prober);
    QCOMPARE(runShell(*prober, "ls /workspace").standardOutput, std::string());
}

void DockerSandboxTest::backgroundJobsOutliveTheirCommand()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    const auto start = sandbox->run({.argv = {"/bin/sh", "-c", "setsid python3 -m http.server 8123 >/dev/null 2>&1 & echo $!"}, .workdir = "/tmp", .keepsBackground = true}, {}, {});
    QVERIFY2(start.has_value() && start->succeeded(), start ? start->output.c_str() : start.error().text().c_str());
    QVERIFY(start->duration < 3s);
    const auto ask = "for i in $(seq 50); do curl -s -o /dev/null http://127.0.0.1:8123/ && echo served && exit; sleep 0.1; done";
    QCOMPARE(runShell(*sandbox, ask).standardOutput, std::string("served\n")); // the same network, after other commands
    QCOMPARE(runShell(*sandbox, ask).standardOutput, std::string("served\n"));
    const auto stopped = sandbox->run({.argv = {"/bin/sh", "-c", "pkill -f '[h]ttp.server' && echo gone"}, .workdir = "/", .keepsBackground = true}, {}, {});
    QCOMPARE(stopped->standardOutput, std::string("gone\n"));
}

void DockerSandboxTest::figuresAndProcesses()
{
    const auto use = m_agent->resources({});
    QVERIFY(use.has_value());
    QCOMPARE(use->memoryLimitBytes, 256U << 20U);
    QVERIFY(use->processes >= 2 && use->processes < 64);
    const auto table = m_agent->processes({});
    QVERIFY(table.has_value() && table->size() >= 3);
    QCOMPARE(table->front().front(), std::string("PID"));
    const auto looks = lookAtSandboxes(*m_client, m_run, {});
    QVERIFY(looks.has_value());
    const auto mine = std::ranges::find(*looks, m_agent->info().id, [](const SandboxLook& look) { return look.info.id; });
    QVERIFY(mine != looks->end());
    QCOMPARE(mine->info.name, m_agent->info().name);
    QCOMPARE(mine->stage + " " + mine->purpose, std::string("testing agent"));
    QCOMPARE(mine->use.memoryLimitBytes, 256U << 20U);
    QCOMPARE(mine->processes.front().front(), std::string("PID"));
    QCOMPARE(lookAtSandboxes(*m_client, newRunId(), {})->size(), 0U); // of another run
    QCOMPARE(lookAtSandboxes(*m_client, "../1", {}).error().code, ErrorCode::Invalid);
}

void DockerSandboxTest::aLostContainerIsMadeAnew()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    QVERIFY(m_client->call("POST", "/containers/" + sandbox->info().id + "/kill", {}, {}).has_value());
    auto result = runShell(*sandbox, "echo again");
    QCOMPARE(result.standardOutput, std::string("again\n"));
    QVERIFY(result.sandboxRestarted);
    QVERIFY(m_client->call("DELETE", "/containers/" + sandbox->info().id + "?force=1", {}, {}).has_value());
    result = runShell(*sandbox, "echo anew");
    QCOMPARE(result.standardOutput, std::string("anew\n"));
}

void DockerSandboxTest::anImageTellsItsPackages()
{
    const auto packages = packagesOfImage(*m_provider, m_run, {});
    QVERIFY2(packages, packages ? "" : packages.error().text().c_str());
    for (const auto* name : {"bash", "git", "python3"})
        QVERIFY2(std::ranges::find(*packages, name, &ImagePackage::name) != packages->end(), name);
    const auto read = packagesFrom("b\t2\tinstalled\nhalf\nremoved\t1\tconfig-files\na\x1b[1m\t1\tinstalled\n\t\tinstalled\n");
    QCOMPARE(read.size(), 2U);
    QCOMPARE(read.front().name, std::string("a"));
    QCOMPARE(read.back().version, std::string("2"));
}

void DockerSandboxTest::aMissingImageSaysWhatToDo()
{
    auto missing = spec();
    missing.image = "no-such-image:1";
    const auto sandbox = m_provider->open(missing, {});
    QVERIFY(!sandbox);
    QCOMPARE(int(sandbox.error().code), int(ErrorCode::NotFound));
    QVERIFY(sandbox.error().remedy.find("sandbox build") != std::string::npos);
}

void DockerSandboxTest::specsThatAreRefused_data()
{
    QTest::addColumn<QByteArray>("run");
    QTest::addColumn<QByteArray>("network");
    QTest::addColumn<QByteArray>("frozen");
    QTest::newRow("a run that is an option") << QByteArray("a b --privileged") << QByteArray("none") << QByteArray();
    QTest::newRow("the host's network") << QByteArray("r") << QByteArray("host") << QByteArray();
    QTest::newRow("the default network") << QByteArray("r") << QByteArray("bridge") << QByteArray();
    QTest::newRow("another container's network") << QByteArray("r") << QByteArray("container:x") << QByteArray();
    QTest::newRow("a path out") << QByteArray("r") << QByteArray("none") << QByteArray("../x");
    QTest::newRow("an absolute path") << QByteArray("r") << QByteArray("none") << QByteArray("/etc");
    QTest::newRow("a link out") << QByteArray("r") << QByteArray("none") << QByteArray("link");
    QTest::newRow("a missing path") << QByteArray("r") << QByteArray("none") << QByteArray("missing");
}

void DockerSandboxTest::specsThatAreRefused()
{
    QFETCH(const QByteArray, run);
    QFETCH(const QByteArray, network);
    QFETCH(const QByteArray, frozen);
    auto refused = spec();
    std::error_code exists;
    std::filesystem::create_symlink("/etc", refused.workspace / "repo/link", exists);
    refused.runId = run.toStdString();
    refused.network = network.toStdString();
    if (!frozen.isEmpty())
        refused.frozen = {frozen.toStdString()};
    const auto sandbox = m_provider->open(refused, {});
    QVERIFY(!sandbox);
    QCOMPARE(int(sandbox.error().code), int(ErrorCode::Invalid));
}

void DockerSandboxTest::faultsAreNamed()
{
    const ContainerPlan plan{.user = {1000, 1000}, .network = "none"};
    const DockerSandboxSettings settings{.memoryBytes = 8192, .pids = 64};
    const std::string good = "uid 1000\ngid 1000\nCapBnd: 0000\nCapEff: 0000\nNoNewPrivs: 1\nSeccomp: 2\nroot closed\nworkspace writable\ninit docker-init\npids 64\nmemory 8192\n";
    QCOMPARE(hardeningFaults(good, plan, settings), std::string());
    QCOMPARE(hardeningFaults(good + "route eth0\n", plan, settings), std::string("there is a network (eth0)"));
    QCOMPARE(hardeningFaults(good + "CapEff: 0001\nSeccomp: 0\nroot writable\npids max\n", plan, settings),
             std::string("capabilities are left, there is no system call filter (0), the root file system is writable (writable), the limit of processes has no effect (max)"));
    QVERIFY(hardeningFaults("", plan, settings).find("commands run as another user (unknown)") != std::string::npos);
}

void DockerSandboxTest::orphansAreTold()
{
    auto labels = ownLabels();
    QVERIFY(!isOrphan(labels));
    labels["aap.pid"] = "4194305"; // above what the kernel gives
    QVERIFY(isOrphan(labels));
    labels["aap.host"] = "another machine";
    QVERIFY(!isOrphan(labels));
    labels = ownLabels();
    labels["aap.boot"] = "earlier/pid:[1]";
    QVERIFY(isOrphan(labels));
    QVERIFY(!isOrphan({}));
}

void DockerSandboxTest::sweepingRemovesOnlyTheRun()
{
    const auto before = containers();
    auto other = spec();
    other.runId = newRunId() + "-other";
    const auto sandbox = open(other);
    QVERIFY(sandbox);
    QVERIFY(m_provider->sweepDead({}).has_value());
    QCOMPARE(runShell(*sandbox, "echo here").standardOutput, std::string("here\n")); // we are alive
    QVERIFY(m_provider->sweep(other.runId).has_value());
    const auto gone = m_client->call("GET", "/containers/" + sandbox->info().id + "/json", {}, {});
    QCOMPARE(int(gone.error().code), int(ErrorCode::NotFound));
    QCOMPARE(containers(), before);
}

void DockerSandboxTest::aFrozenSandboxStandsStill()
{
    const auto sandbox = open(spec());
    QVERIFY(sandbox);
    const auto isPaused = [&] {
        const auto state = m_client->call("GET", "/containers/" + sandbox->info().id + "/json", {}, {});
        return state && state->at("State").at("Paused").get<bool>();
    };
    QVERIFY(sandbox->freeze({}));
    QVERIFY(isPaused());
    QVERIFY(sandbox->thaw());
    QVERIFY(!isPaused());
    QCOMPARE(runShell(*sandbox, "echo on").exitCode, 0);
    QVERIFY(sandbox->freeze({})); // and goes away like that
}

void DockerSandboxTest::theNextRoomIsReadyBefore()
{
    auto settings = DockerSandboxSettings{.memoryBytes = 256U << 20U, .pids = 64, .lifetime = 600s, .keepsSpare = true, .seccompProfile = *readFile(AAP_SOURCE_DIR "/resources/sandbox/seccomp.json")};
    DockerSandboxProvider provider(*m_client, settings);
    const auto before = containers();
    auto first = provider.open(spec(), {});
    QVERIFY(first.has_value());
    QTRY_COMPARE_WITH_TIMEOUT(containers(), before + 2, 20'000);
    auto other = spec();
    other.stage = "coding";
    auto second = provider.open(other, {});
    QVERIFY(second.has_value());
    QVERIFY2((*second)->info().name.starts_with("aap-" + m_run + "-coding-"), (*second)->info().name.c_str());
    QVERIFY((*second)->info().id != (*first)->info().id);
    QCOMPARE(runShell(**second, "echo ready").standardOutput, std::string("ready\n"));
    other.frozen = {"tests"};
    auto frozen = provider.open(other, {}); // another kind of room: the spare one is not for it
    QVERIFY(frozen.has_value());
    QCOMPARE(runShell(**frozen, "touch /workspace/repo/tests/x; echo $?").standardOutput, std::string("1\n"));
    first->reset();
    second->reset();
    frozen->reset();
    QVERIFY(provider.sweep("another-run").has_value());
    QTRY_COMPARE_WITH_TIMEOUT(containers(), before + 1, 20'000);
}

void DockerSandboxTest::nothingIsLeftBehind()
{
    QCOMPARE(containers(), 2U); // m_agent and m_plain: every other sandbox of these tests was destroyed
    m_agent.reset();
    m_plain.reset();
    QCOMPARE(containers(), 0U);
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::DockerSandboxTest)
#include "tst_docker_sandbox.moc"
