#include <QTemporaryDir>
#include <QtTest>

#include "core/agent/tool.h"
#include "core/base/files.h"
#include "core/base/redact.h"
#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/kubernetes.h"
#include "tests/support/fake_deployer.h"
#include "tests/support/fake_sandbox.h"
#include "tests/support/memory_journal.h"

using namespace aap;

class ChecksDeploymentTest : public QObject {
    Q_OBJECT
private slots:
    void theDemoIsDeployedAndStays();
    void whatIsWrongIsFoundAndTakenDown_data();
    void whatIsWrongIsFoundAndTakenDown();
    void theNextOneTakesItsPlace();
    void theOneBeforeComesBack_data();
    void theOneBeforeComesBack();
    void anEngineThatIsGoneIsNoFailedCheck();
    void nothingIsDeployedWhenTheDesignSaysSo();
    void nothingHostileIsBuiltOrStarted_data();
    void nothingHostileIsBuiltOrStarted();
    void kubernetesFilesAreHeldAgainstEachOther_data();
    void kubernetesFilesAreHeldAgainstEachOther();
    void theDemoIsMonitored();
    void agentsAskTheDeployedServiceAlone();
};

namespace {

/// A run whose project is the demo's, on an engine that runs nothing.
class Bench {
public:
    Bench()
    {
        const auto copy = std::filesystem::copy_options::recursive;
        std::filesystem::create_directories(root() / "repo");
        std::filesystem::copy(AAP_SOURCE_DIR "/resources/demo/files", root() / "repo", copy);
        sandboxes.script->when("curl", [this](const Command& command) { return answer(command); });
        deployer.startsAs = [this](const ServiceSpec& spec) {
            const bool once = spec.name.ends_with("-state") || spec.name.ends_with("-packages") || spec.name.ends_with("-exec");
            const auto port = spec.environment.find("PORT");
            const bool broken = port != spec.environment.end() && port->second == "not-a-number" && refusesBadPort;
            return ServiceState{.running = !once && !broken, .exitCode = broken ? 2 : 0, .startedAt = "2026-11-24T12:00:00.000Z"};
        };
    }

    std::filesystem::path root() const { return std::filesystem::path(m_dir.path().toStdString()); }
    void write(const std::string& path, const std::string& text) { QVERIFY(workspace.write("repo/" + path, text)); }

    Result<CommandResult> answer(const Command& command) const
    {
        const auto url = command.argv.back();
        if (!serves || (url.find("-broken") != std::string::npos && refusesBadPort))
            return exited(7, "curl: (7) Failed to connect\n\naap-probe 000 0.000 0\n");
        const auto body = url.ends_with("/metrics") ? std::string("# TYPE todo_http_requests_total counter\ntodo_http_requests_total{status=\"200\"} 5\n")
                                                     : std::string("{\"status\": \"ok\"}\n");
        return exited(0, body + "\naap-probe 200 0.002 17\n");
    }

    CheckContext context()
    {
        return {.stage = StageId::Deployment, .pipeline = pipeline, .requirements = requirements, .design = design, .document = document,
                .workspace = workspace, .workspacePath = root(), .sandboxes = sandboxes, .images = images, .deployer = deployer,
                .recorder = recorder, .baseImages = {"coding-agent-sandbox:latest"}, .runId = "20261124-120310-7f3a9c",
                .saveLog = [](const std::string& name, std::string_view) -> Result<std::string> { return "checks/" + name; },
                .saveReport = [this](const std::string& path, std::string_view text) -> Result<void> {
                    reports[path] = text;
                    return {};
                }};
    }

    Result<std::vector<Check>> deploy()
    {
        auto checking = context();
        return checkDeployment(checking, deployed);
    }

    std::vector<std::string> states() const
    {
        std::vector<std::string> names;
        for (const auto& event : observer.events)
            if (const auto* change = std::get_if<DeploymentChanged>(&event.payload))
                names.push_back(change->state);
        return names;
    }

    bool serves = true;
    bool refusesBadPort = true;
    PipelineSpec pipeline = [] {
        auto spec = PipelineSpec::standard(RunMode::Full);
        spec.healthTimeout = Milliseconds(1500);
        spec.monitoringAuditSeconds = 1;
        return spec;
    }();
    Json requirements = Json{{"items", Json::array()}};
    Json design = Json::parse(R"({"deploy": {"form": "service", "port": 8000, "health_path": "/health", "metrics_path": "/metrics",
        "state_paths": ["/data"], "env": ["PORT", "DATABASE"], "secrets": []}})");
    Json document = Json::parse(R"({"schema": "aap/deployment/1",
        "files": [{"path": "Dockerfile", "target": "dockerfile"}, {"path": "compose.yaml", "target": "compose"},
                  {"path": "k8s/deployment.yaml", "target": "k8s"}, {"path": "k8s/service.yaml", "target": "k8s"},
                  {"path": "k8s/pdb.yaml", "target": "k8s"}, {"path": "ci/github-ci.yml", "target": "github-actions"}],
        "smoke": [{"id": "health", "requirement": "R8", "http": {"method": "GET", "path": "/health", "status": 200, "matches": "\"status\": \"ok\""}}]})");

private:
    QTemporaryDir m_dir;

public:
    Folder workspace = *Folder::open(std::filesystem::path(m_dir.path().toStdString()));
    FakeSandboxProvider sandboxes;
    FakeImageBuilder images;
    FakeDeployer deployer;
    MemoryJournal journal;
    Redactor redactor;
    KeepingObserver observer;
    RunRecorder recorder{"20261124-120310-7f3a9c", journal, redactor, observer};
    std::map<std::string, std::string> reports;
    std::optional<DeploymentHandle> deployed;
};

const Check* find(const std::vector<Check>& checks, std::string_view id)
{
    for (const auto& check : checks)
        if (check.id == id)
            return &check;
    return nullptr;
}

CheckStatus statusOf(const std::vector<Check>& checks, std::string_view id)
{
    const auto* check = find(checks, id);
    return check == nullptr ? CheckStatus::NotChecked : check->status;
}

std::string reasonOf(const std::vector<Check>& checks, std::string_view id)
{
    const auto* check = find(checks, id);
    return check == nullptr ? std::string("there is no such check") : check->reason;
}

Json monitoringDocument()
{
    return Json::parse(R"({"schema": "aap/monitoring/1",
        "slos": [{"name": "answers", "kind": "availability", "target": 0.99, "path": "/health"}, {"name": "small", "kind": "rss_mib", "target": 1}],
        "alerts": [{"alert": "AppDown", "rule_file": "monitoring/alerts.yml", "runbook": "docs/runbook.md", "proof": "promtool-test"},
                   {"alert": "HighErrorRate", "rule_file": "monitoring/alerts.yml", "runbook": "docs/runbook.md", "proof": "live"}],
        "dashboards": ["monitoring/dashboard.json"]})");
}

} // namespace

void ChecksDeploymentTest::theDemoIsDeployedAndStays()
{
    Bench bench;
    const auto checks = bench.deploy();
    QVERIFY(checks);
    for (const auto& check : *checks)
        QVERIFY2(check.status != CheckStatus::Failed, (check.id + ": " + check.reason).c_str());
    for (const auto* id : {"deployment.dockerfile", "deployment.compose", "deployment.kubernetes", "deployment.automation", "deployment.build",
                           "deployment.healthy", "deployment.smoke", "deployment.stop", "deployment.restart", "deployment.state", "deployment.broken"})
        QVERIFY2(statusOf(*checks, id) == CheckStatus::Passed, id);
    QVERIFY(bench.deployed);
    QCOMPARE(bench.deployed->service, std::string("api"));
    QCOMPARE(bench.deployed->port, 8000);
    QCOMPARE(bench.states(), (std::vector<std::string>{"built", "started", "healthy"}));
    QCOMPARE(bench.deployer.containers.size(), 1U);
    QVERIFY(bench.reports.contains("deploy/image.json"));
    QVERIFY(bench.reports.contains("deploy/sbom.spdx.json"));
    QCOMPARE(bench.images.asked.front().context, bench.root() / "repo");
}

void ChecksDeploymentTest::whatIsWrongIsFoundAndTakenDown_data()
{
    using Change = std::function<void(Bench&)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("check");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, Change change, const QByteArray& check, const QByteArray& reason) {
        QTest::newRow(name) << std::move(change) << check << reason;
    };
    row("dockerfile", [](Bench& b) { b.write("Dockerfile", "FROM python:3\nUSER 0\n"); }, "deployment.dockerfile", "not allowed");
    row("compose", [](Bench& b) { b.write("compose.yaml", "services: {api: {build: ., privileged: true}}\n"); }, "deployment.compose", "privileged");
    row("state without a volume", [](Bench& b) { b.write("compose.yaml", "services: {api: {build: .}}\n"); }, "deployment.compose", "keeps nothing of /data");
    row("missing file", [](Bench& b) { QVERIFY(b.workspace.remove("repo/k8s/pdb.yaml")); }, "deployment.files", "k8s/pdb.yaml");
    row("no manifests for the platform", [](Bench& b) {
        b.pipeline.platform = "kubernetes";
        for (auto& file : b.document["files"])
            if (file["target"] == "k8s")
                file["target"] = "doc";
    }, "deployment.kubernetes", "no file with the target k8s");
    row("build", [](Bench& b) { b.images.result = Error{ErrorCode::Invalid, "RUN false returned 1"}; }, "deployment.build", "RUN false");
    row("root after all", [](Bench& b) { b.images.result->user = "0:0"; }, "deployment.build", "runs as root");
    row("silent service", [](Bench& b) { b.serves = false; }, "deployment.healthy", "did not answer");
    row("smoke status", [](Bench& b) { b.document["smoke"][0]["http"]["status"] = 404; }, "deployment.smoke", "status 200 instead of 404");
    row("smoke match", [](Bench& b) { b.document["smoke"][0]["http"]["matches"] = "fine"; }, "deployment.smoke", "is not in");
    row("smoke expression", [](Bench& b) { b.document["smoke"][0]["http"]["matches"] = "("; }, "deployment.smoke", "no regular expression");
    row("unknown requirement", [](Bench& b) { b.requirements["items"].push_back(Json{{"id", "R1"}, {"priority", "must"}}); }, "deployment.smoke_requirements", "R8");
    row("deaf to SIGTERM", [](Bench& b) { b.deployer.exitCodeOnStop = 137; }, "deployment.stop", "exit code 137");
    row("slow to end", [](Bench& b) { b.deployer.stoppingTakes = Milliseconds(10500); }, "deployment.stop", "10.5 s");
    row("secret in the log", [](Bench& b) { b.deployer.log = "token ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8\n"; }, "deployment.logs", "line 1");
    row("swallows nonsense", [](Bench& b) { b.refusesBadPort = false; }, "deployment.broken", "PORT=not-a-number");
}

void ChecksDeploymentTest::whatIsWrongIsFoundAndTakenDown()
{
    QFETCH(const std::function<void(Bench&)>, change);
    QFETCH(const QByteArray, check);
    QFETCH(const QByteArray, reason);
    Bench bench;
    change(bench);
    const auto checks = bench.deploy();
    QVERIFY(checks);
    QVERIFY(!allMustPassed(*checks));
    QVERIFY2(statusOf(*checks, check.toStdString()) == CheckStatus::Failed, failuresForAgent(*checks).c_str());
    const auto said = reasonOf(*checks, check.toStdString());
    QVERIFY2(said.find(reason.toStdString()) != std::string::npos, said.c_str());
    QVERIFY(!bench.deployed);
    QVERIFY(bench.deployer.containers.empty());
    QVERIFY(bench.deployer.networks.empty());
}

void ChecksDeploymentTest::theNextOneTakesItsPlace()
{
    Bench bench;
    QVERIFY(bench.deploy());
    const auto before = *bench.deployed;
    QVERIFY(allMustPassed(*bench.deploy()));
    QVERIFY(bench.deployed->container != before.container);
    QCOMPARE(bench.deployed->generation, 2);
    QCOMPARE(bench.images.asked.back().tag, std::string("aap-20261124-120310-7f3a9c-api:2"));
    QCOMPARE(bench.deployer.containers.size(), 1U);
    QVERIFY(!bench.deployer.containers.contains(before.container));
    QVERIFY(bench.deployer.volumes.contains("aap-20261124-120310-7f3a9c-data.2")); // begins empty, and the old one keeps its own
    QCOMPARE(bench.states(), (std::vector<std::string>{"built", "started", "healthy", "built", "set_aside", "started", "healthy", "replaced"}));
}

void ChecksDeploymentTest::theOneBeforeComesBack_data()
{
    using Change = std::function<void(Bench&)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("failed");
    QTest::addColumn<bool>("wasStopped"); // the one before, for a while
    const auto row = [](const char* name, Change change, const char* failed, bool wasStopped) {
        QTest::newRow(name) << std::move(change) << QByteArray(failed) << wasStopped;
    };
    row("files that are not right", [](Bench& b) { b.write("Dockerfile", "FROM python:3\n"); }, "deployment.dockerfile", false);
    row("no image", [](Bench& b) { b.images.result = Error{ErrorCode::Invalid, "RUN false returned 1"}; }, "deployment.build", false);
    row("not healthy", [](Bench& b) { b.serves = false; }, "deployment.healthy", true);
    row("healthy, and wrong", [](Bench& b) { b.document["smoke"][0]["http"]["status"] = 404; }, "deployment.smoke", true);
    row("it does not start", [](Bench& b) { b.deployer.starting = [](const ServiceSpec&) { return Error{ErrorCode::Invalid, "no such program"}; }; }, "deployment.start", true);
}

void ChecksDeploymentTest::theOneBeforeComesBack()
{
    QFETCH(const std::function<void(Bench&)>, change);
    QFETCH(const QByteArray, failed);
    QFETCH(const bool, wasStopped);
    Bench bench;
    QVERIFY(bench.deploy());
    const auto before = *bench.deployed;
    change(bench);
    const auto checks = bench.deploy();
    QVERIFY(checks);
    QVERIFY2(statusOf(*checks, failed.toStdString()) == CheckStatus::Failed, failuresForAgent(*checks).c_str());
    QVERIFY(bench.deployed);
    QCOMPARE(bench.deployed->container, before.container);
    QCOMPARE(bench.deployer.containers.size(), 1U);
    QVERIFY(bench.deployer.containers.at(before.container).running);
    QCOMPARE(bench.states().back(), std::string(wasStopped ? "rolled_back" : "healthy"));
    const auto warning = std::ranges::find_if(bench.observer.events, [](const RunEvent& event) { return std::holds_alternative<Warned>(event.payload); });
    QCOMPARE(warning != bench.observer.events.end(), wasStopped);
    if (wasStopped)
        QVERIFY(std::get<Warned>(warning->payload).text.find(failed.toStdString() + "; the one before, aap-20261124-120310-7f3a9c-api:latest, runs again") != std::string::npos);
    QVERIFY(bench.deployer.removedDeployments.empty());
}

void ChecksDeploymentTest::anEngineThatIsGoneIsNoFailedCheck()
{
    Bench bench;
    bench.images.result = Error{ErrorCode::Unavailable, "no engine"};
    QCOMPARE(bench.deploy().error().code, ErrorCode::Unavailable);
}

void ChecksDeploymentTest::nothingIsDeployedWhenTheDesignSaysSo()
{
    Bench bench;
    bench.design["deploy"] = Json{{"form", "none"}};
    const auto checks = bench.deploy();
    QVERIFY(checks);
    QCOMPARE(statusOf(*checks, "deployment.form"), CheckStatus::Skipped);
    QVERIFY(bench.images.asked.empty());
}

void ChecksDeploymentTest::nothingHostileIsBuiltOrStarted_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("check");
    QTest::addColumn<QByteArray>("reason");
    const auto image = [](const char* name, const char* from, const char* to, const char* reason) {
        QTest::newRow(name) << QByteArray("Dockerfile") << QByteArray(from) << QByteArray(to) << QByteArray("deployment.dockerfile") << QByteArray(reason);
    };
    image("dockerfile: docker in docker", "FROM coding-agent-sandbox", "FROM docker:dind", "is not allowed");
    image("dockerfile: a base from a variable", "FROM coding-agent-sandbox", "ARG B=docker:dind\nFROM $B", "not a variable");
    image("dockerfile: the engine's socket", "\nUSER 1000:1000", "\nVOLUME /var/run/docker.sock\nUSER 1000:1000", "socket");
    image("dockerfile: insecure step", "\nUSER 1000:1000", "\nRUN --security=insecure true\nUSER 1000:1000", "more rights");
    image("dockerfile: the host's network", "\nUSER 1000:1000", "\nRUN --network=host true\nUSER 1000:1000", "network");
    image("dockerfile: a mount", "\nUSER 1000:1000", "\nRUN --mount=type=bind,from=other,target=/x true\nUSER 1000:1000", "mount nothing from outside");
    image("dockerfile: a secret mount", "\nUSER 1000:1000", "\nRUN --mount=type=secret,id=x true\nUSER 1000:1000", "--mount");
    image("dockerfile: an ssh mount", "\nUSER 1000:1000", "\nRUN --mount=type=ssh true\nUSER 1000:1000", "--mount");
    image("dockerfile: privileged inside", "\nUSER 1000:1000", "\nRUN docker run --privileged x\nUSER 1000:1000", "--privileged");
    image("dockerfile: another image's files", "\nUSER 1000:1000", "\nCOPY --from=docker:dind / /\nUSER 1000:1000", "no earlier stage");
    image("dockerfile: from the web", "\nUSER 1000:1000", "\nADD https://example.org/x /x\nUSER 1000:1000", "from the web");
    image("dockerfile: hidden steps", "\nUSER 1000:1000", "\nONBUILD RUN true\nUSER 1000:1000", "ONBUILD");
    image("dockerfile: our labels", "\nUSER 1000:1000", "\nLABEL aap.kind=sandbox\nUSER 1000:1000", "Labels that begin");
    image("dockerfile: a builder of its own", "FROM coding-agent-sandbox", "# syntax=evil/frontend\nFROM coding-agent-sandbox", "");
    image("dockerfile: root", "\nUSER 1000:1000", "\nUSER root", "not numeric");
    const auto compose = [](const char* name, const char* line, const char* reason) {
        QTest::newRow(name) << QByteArray("compose.yaml") << QByteArray("    build:") << QByteArray(line) + "\n    build:" << QByteArray("deployment.compose")
                            << QByteArray(reason);
    };
    compose("compose: privileged", "    privileged: true", "privileged");
    compose("compose: the host's network", "    network_mode: host", "network_mode");
    compose("compose: another container's network", "    network_mode: container:x", "network_mode");
    compose("compose: the host's processes", "    pid: host", "pid gives");
    compose("compose: the host's memory", "    ipc: host", "ipc gives");
    compose("compose: capabilities", "    cap_add: [ALL]", "cap_add");
    compose("compose: devices", "    devices: [/dev/kvm]", "devices");
    compose("compose: a group of limits", "    cgroup_parent: /", "cgroup_parent");
    compose("compose: users of the host", "    userns_mode: host", "userns_mode");
    compose("compose: no filter", "    security_opt: ['seccomp:unconfined']", "security_opt");
    compose("compose: an unconfined label", "    security_opt: [label=disable]", "security_opt");
    compose("compose: root", "    user: root", "not root");
    compose("compose: volumes of others", "    volumes_from: [x]", "volumes_from");
    compose("compose: files of the host", "    env_file: /etc/passwd", "env_file");
    compose("compose: names of the host", "    extra_hosts: ['a:host-gateway']", "extra_hosts");
    compose("compose: parts of other files", "    extends: {file: /etc/x, service: a}", "extends");
    compose("compose: system settings", "    sysctls: {kernel.x: 1}", "sysctls");
    compose("compose: another runtime", "    runtime: evil", "runtime");
    compose("compose: a driver of logs", "    logging: {driver: syslog}", "logging");
    compose("compose: labels of ours", "    labels: {aap.kind: sandbox}", "labels");
    const auto mount = [](const char* name, const char* to, const char* reason) {
        QTest::newRow(name) << QByteArray("compose.yaml") << QByteArray("data:/data") << QByteArray(to) << QByteArray("deployment.compose") << QByteArray(reason);
    };
    mount("compose: the root of the host", "/:/host", "Paths of the host");
    mount("compose: a home", "~/.ssh:/data", "Paths of the host");
    mount("compose: outside the project", "../..:/data", "Paths of the host");
    mount("compose: the engine's socket", "/var/run/docker.sock:/var/run/docker.sock", "socket");
    mount("compose: the socket under another name", "/run/docker.sock:/x", "socket");
    const auto pod = [](const char* name, const char* from, const char* to, const char* reason) {
        QTest::newRow(name) << QByteArray("k8s/deployment.yaml") << QByteArray(from) << QByteArray(to) << QByteArray("deployment.kubernetes") << QByteArray(reason);
    };
    const auto* right = "allowPrivilegeEscalation: false";
    const auto* ofPod = "automountServiceAccountToken: false";
    pod("k8s: privileged", right, "privileged: true", "may not be privileged");
    pod("k8s: privileged before the start", "      containers:", "      initContainers:\n        - {name: x, image: 'x:1', securityContext: {privileged: true}}\n      containers:",
        "may not be privileged");
    pod("k8s: a debugging container", "      containers:", "      ephemeralContainers:\n        - {name: x, image: 'x:1', securityContext: {privileged: true}}\n      containers:",
        "may not be privileged");
    pod("k8s: more rights later", right, "allowPrivilegeEscalation: true", "allowPrivilegeEscalation");
    pod("k8s: capabilities", "drop:", "add:", "no capability may be added");
    pod("k8s: all of proc", right, "procMount: Unmasked", "procMount");
    pod("k8s: no filter", "RuntimeDefault", "Unconfined", "Unconfined");
    pod("k8s: root", "runAsUser: 1000", "runAsUser: 0", "as root");
    pod("k8s: maybe root", "runAsNonRoot: true", "runAsNonRoot: false", "as root");
    pod("k8s: the host's network", ofPod, "hostNetwork: true", "hostNetwork is not allowed");
    pod("k8s: the host's processes", ofPod, "hostPID: true", "hostPID is not allowed");
    pod("k8s: the host's memory", ofPod, "hostIPC: true", "hostIPC is not allowed");
    pod("k8s: the root of the host", "persistentVolumeClaim:\n            claimName: todo-data", "hostPath:\n            path: /", "hostPath");
    pod("k8s: the engine's socket", "persistentVolumeClaim:\n            claimName: todo-data", "hostPath:\n            path: /run/containerd/containerd.sock", "socket");
    pod("k8s: a port of the host", "containerPort: 8000", "containerPort: 8000\n              hostPort: 80", "hostPort");
    pod("k8s: mounts that go back", "mountPath: /data", "mountPath: /data\n              mountPropagation: Bidirectional", "mountPropagation");
    pod("k8s: system settings", "fsGroup: 1000", "fsGroup: 1000\n        sysctls: [{name: kernel.x, value: '1'}]", "sysctls");
    pod("k8s: an old spelling", right, "privileged: yes", "may not be privileged");
    pod("k8s: rights over the cluster", "kind: Deployment", "kind: ClusterRoleBinding", "none of the kinds");
    pod("k8s: on every node", "kind: Deployment", "kind: DaemonSet", "none of the kinds");
    pod("k8s: a bare pod", "kind: Deployment", "kind: Pod", "none of the kinds");
}

/// E41: whatever asks for the host is a failed check that its reader sees, and no image, network or container comes of it.
void ChecksDeploymentTest::nothingHostileIsBuiltOrStarted()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const QByteArray, check);
    QFETCH(const QByteArray, reason);
    Bench bench;
    const auto file = path.toStdString();
    auto text = QByteArray::fromStdString(*readFile(bench.root() / "repo" / file));
    QVERIFY2(text.contains(from), from.constData());
    bench.write(file, text.replace(text.indexOf(from), from.size(), to).toStdString());
    const auto checks = bench.deploy();
    QVERIFY(checks);
    QVERIFY2(statusOf(*checks, check.toStdString()) == CheckStatus::Failed, failuresForAgent(*checks).c_str());
    const auto said = reasonOf(*checks, check.toStdString());
    QVERIFY2(said.find(reason.toStdString()) != std::string::npos, said.c_str());
    const bool isRecorded = std::ranges::any_of(bench.observer.events, [&](const RunEvent& event) {
        const auto* finished = std::get_if<CheckFinished>(&event.payload);
        return finished != nullptr && finished->check.id == check.toStdString() && finished->check.status == CheckStatus::Failed;
    });
    QVERIFY(isRecorded);
    auto context = bench.context();
    const auto host = makeHostActions(context, bench.deployed);
    QVERIFY(host.deploy(Json{{"environment", "staging"}}).isError);
    if (file == "Dockerfile")
        QVERIFY(host.buildImage(Json{{"tag", "x"}}).isError);
    QVERIFY(bench.images.asked.empty());
    QVERIFY(bench.deployer.started.empty() && bench.deployer.networks.empty() && bench.deployer.volumes.empty());
}

void ChecksDeploymentTest::kubernetesFilesAreHeldAgainstEachOther_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("problem");
    const auto row = [](const char* name, const char* from, const char* to, const char* problem) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(problem);
    };
    row("latest", "todo-api:1.0.0", "todo-api:latest", "version tag");
    row("port", "containerPort: 8000", "containerPort: 80", "no containerPort is 8000");
    row("labels", "matchLabels:\n      app", "matchLabels:\n      ap", "does not match the labels");
    row("probe", "livenessProbe", "healthProbe", "no livenessProbe");
    row("kind", "kind: Deployment", "kind: DaemonSet", "none of the kinds");
    row("field", "\nspec:", "\nspecs:", "`specs` is not known here");
    row("field deep inside", "periodSeconds: 5", "periodSecond: 5", "`spec.template.spec.containers[0].readinessProbe.periodSecond` is not known");
    row("no YAML", "metadata:", "metadata: [", "deployment.yaml: line");
    row("version of the API", "apps/v1", "apps/v1beta1", "`apiVersion` must be exactly \"apps/v1\"");
    row("a number for a text", "value: \"8000\"", "value: 8000", "`spec.template.spec.containers[0].env[0].value` must be text");
    row("a truth value for a text", "value: \"8000\"", "value: yes", "env[0].value` must be text");
    row("a text for a number", "replicas: 1", "replicas: one", "`spec.replicas` must be a whole number");
    row("below nothing", "replicas: 1", "replicas: -1", "`spec.replicas` must be");
    row("quantity", "memory: 256Mi", "memory: 256MB", "resources.limits.memory` must be");
    row("name", "name: todo-api\n  namespace", "name: Todo_API\n  namespace", "`metadata.name` must be");
    row("a word of a list", "imagePullPolicy: IfNotPresent", "imagePullPolicy: Sometimes", "must be one of");
    row("no containers", "      containers:", "      boxes:", "`spec.template.spec.containers` is missing");
    row("key twice", "replicas: 1", "replicas: 1\n  replicas: 2", "the key replicas is there twice");
    row("merge key", "replicas: 1", "<<: {}", "`spec.<<` is not known");
    row("aliases of aliases", "replicas: 1", "replicas: {a: &a [1,1,1,1,1,1,1,1,1,1], b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a], c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b], "
        "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c], e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]}", "more than 20,000 values");
    row("a secret's value", "kind: Deployment", "kind: Secret\nstringData: {a: b}", "its values never given");
}

void ChecksDeploymentTest::kubernetesFilesAreHeldAgainstEachOther()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const QByteArray, problem);
    auto text = QByteArray::fromStdString(*readFile(AAP_SOURCE_DIR "/resources/demo/files/k8s/deployment.yaml"));
    QVERIFY(kubernetesProblems({{"deployment.yaml", text.toStdString()}}, 8000).empty());
    text.replace(from, to);
    std::string found;
    for (const auto& line : kubernetesProblems({{"deployment.yaml", text.toStdString()}}, 8000))
        found += line + "\n";
    QVERIFY2(found.find(problem.toStdString()) != std::string::npos, found.c_str());
}

void ChecksDeploymentTest::theDemoIsMonitored()
{
    Bench bench;
    QVERIFY(bench.deploy());
    QVERIFY(bench.deployed);
    bench.document = monitoringDocument();
    bench.write("docs/architecture/overview.md", "# Overview\n");
    auto context = bench.context();
    context.stage = StageId::Monitoring;
    const auto checks = checkMonitoring(context, *bench.deployed);
    QVERIFY2(checks, checks ? "" : checks.error().text().c_str());
    for (const auto* id : {"monitoring.health", "monitoring.metrics", "monitoring.config", "monitoring.rules", "monitoring.alert_tests",
                           "monitoring.alerts", "monitoring.runbook"})
        QVERIFY2(statusOf(*checks, id) == CheckStatus::Passed, (id + (": " + reasonOf(*checks, id))).c_str());
    QVERIFY(reasonOf(*checks, "monitoring.dashboards").find("todo_uptime_seconds") != std::string::npos); // the fake scrape is short
    QVERIFY(reasonOf(*checks, "monitoring.slo").find("small (rss_mib): target 1, measured 40") != std::string::npos);
    QCOMPARE(statusOf(*checks, "monitoring.live"), CheckStatus::NotChecked);
    QVERIFY(bench.sandboxes.script->hasRun("promtool test rules monitoring/alerts_test.yml"));
    const auto health = Json::parse(bench.reports.at("monitoring/health.json"));
    QVERIFY(health["paths"]["/health"]["probes"].get<int>() >= 20);
    QCOMPARE(health["paths"]["/health"]["p95_ms"].get<double>(), 2.0);
    QCOMPARE(health["log"]["json_share"].get<double>(), 1.0);
}

void ChecksDeploymentTest::agentsAskTheDeployedServiceAlone()
{
    Bench bench;
    auto context = bench.context();
    const auto host = makeHostActions(context, bench.deployed);
    QVERIFY(host.checkHealth(Json{{"endpoint", "/health"}}).isError);
    QVERIFY(host.buildImage(Json{{"tag", "Todo/API:1"}}).text.find("aap-20261124-120310-7f3a9c-todoapi:latest") != std::string::npos);
    QVERIFY(host.deploy(Json{{"environment", "staging"}}).text.find("nothing was started") != std::string::npos);
    QVERIFY(bench.deploy());
    QVERIFY(host.checkHealth(Json{{"endpoint", "/health"}}).text.find("status 200") != std::string::npos);
    QVERIFY(!host.checkHealth(Json{{"endpoint", "http://api:8000/health"}}).isError);
    QVERIFY(host.checkHealth(Json{{"endpoint", "http://169.254.169.254/"}}).text.find("Only the deployed service") != std::string::npos);
    QVERIFY(host.checkHealth(Json{{"endpoint", "http://api:80000/"}}).isError);
    QVERIFY(host.analyzeMetrics(Json{{"metrics_endpoint", "/metrics"}}).text.find("todo_http_requests_total (counter") != std::string::npos);
    QVERIFY(host.checkLogs(Json{{"log_file", "service"}, {"filter_pattern", "listen"}}).text.find("1 lines") != std::string::npos);
    QVERIFY(host.checkResources(Json::object()).text.find("40.0 of 512 MiB") != std::string::npos);
    QVERIFY(host.testAlert(Json{{"alert_channel", "slack"}}).text.find("not configured") != std::string::npos);
}

QTEST_GUILESS_MAIN(ChecksDeploymentTest)
#include "tst_checks_deployment.moc"
