#include <QTemporaryDir>
#include <QTest>

#include "core/base/ids.h"
#include "core/pipeline/checks/compose.h"
#include "sandbox/docker/container_body.h"
#include "sandbox/docker/deployment_spec.h"
#include "sandbox/docker/docker_deployer.h"
#include "sandbox/docker/docker_image_builder.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/docker/leftovers.h"
#include "sandbox/docker/names.h"
#include "tests/sandbox/fake_engine.h"

using namespace aap;

/// E44: whatever a run, a stage, a service, a volume or a variable is called, it is refused or stays what it is: a name. Nothing of it becomes
/// an option, another label, another path of the engine's API or another variable.
class HostileNamesTest : public QObject {
    Q_OBJECT
private slots:
    void namesAreRefused_data();
    void namesAreRefused();
    void valuesStayValues_data();
    void valuesStayValues();
    void titlesReachNoLabel();
};

void HostileNamesTest::namesAreRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char* what, const QByteArray& name) { QTest::newRow(what) << name; };
    row("an option", "--privileged");
    row("an option behind a blank", "x --privileged");
    row("a line", "x\naap.app=1");
    row("a line end", "x\r");
    row("a label", "x=y");
    row("a comma", "x,aap.run=y");
    row("a colon", "x:y");
    row("a path", "../../x");
    row("an absolute path", "/etc/passwd");
    row("a query", "x?force=1");
    row("a fragment", "x#y");
    row("an escaped slash", "x%2fy");
    row("a zero", QByteArray("x\0y", 3));
    row("quotes", "x\"y");
    row("a dollar", "x$HOME");
    row("backticks", "x`id`");
    row("a semicolon", "x;y");
    row("an escape", "x\x1b[2J");
    row("right to left", "x\xe2\x80\xaey");
    row("another alphabet", "\xc3\xa4");
    row("bytes that are no UTF-8", "x\xff");
    row("nothing", "");
    row("blanks", "   ");
    row("10 KB", QByteArray(10'240, 'x'));
    row("JSON", "\"}],\"Privileged\":true,\"x\":[{\"");
    row("a placeholder", "{}");
}

void HostileNamesTest::namesAreRefused()
{
    QFETCH(const QByteArray, name);
    const auto hostile = name.toStdString();
    const auto run = newRunId();
    const QTemporaryDir folder;
    QVERIFY(!deploymentName(hostile)); // as a run
    QVERIFY(hostile.empty() || !deploymentName(run, hostile)); // as a service or volume
    const auto isInvalid = [](const Result<void>& checked) { return !checked && checked.error().code == ErrorCode::Invalid; };
    QVERIFY(isInvalid(checkSpec({.runId = hostile, .stage = "coding", .workspace = folder.path().toStdString()})));
    QVERIFY(hostile.empty() || isInvalid(checkSpec({.runId = run, .stage = hostile, .workspace = folder.path().toStdString()})));
    QVERIFY(isInvalid(checkSpec({.runId = run, .stage = "coding", .workspace = folder.path().toStdString(), .network = hostile})) || hostile == "none");
    const auto compose = readCompose("services:\n  " + Json(name.isValidUtf8() ? hostile : "x\xc3\xa4").dump() + ": {image: x}\n");
    QVERIFY(!compose.findings.empty());

    FakeEngine fake({}); // which nobody asks anything
    DockerClient client(fake.endpoint());
    DockerDeployer deployer(client);
    QVERIFY(!deployer.makeNetwork(hostile, {}));
    QVERIFY(!deployer.makeVolume(hostile, "data", {}));
    QVERIFY(hostile.empty() || !deployer.makeVolume(run, hostile, {}));
    QVERIFY(!deployer.start({.runId = hostile, .name = "api", .image = "x", .network = "none"}, {}));
    QVERIFY(!deployer.start({.runId = run, .name = hostile, .image = "x", .network = "none"}, {}));
    QVERIFY(!deployer.removeDeployment(hostile));
    QVERIFY(!pruneRun(client, hostile, {}));
    DockerImageBuilder builder(client);
    QVERIFY(!builder.build({.runId = hostile, .context = folder.path().toStdString(), .tag = "aap-x:latest"}, {}, {}));
    QVERIFY(!builder.build({.runId = run, .context = folder.path().toStdString(), .tag = hostile}, {}, {}));
    DockerSandboxProvider sandboxes(client, {.seccompProfile = "{}"});
    QVERIFY(!sandboxes.open({.runId = hostile, .stage = "coding", .workspace = folder.path().toStdString()}, {}));
    QVERIFY(!sandboxes.sweep(hostile));
    QVERIFY(fake.requests().empty());
}

void HostileNamesTest::valuesStayValues_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("a line with another variable") << QByteArray("x\nLD_PRELOAD=/evil.so");
    QTest::newRow("an option") << QByteArray("--privileged");
    QTest::newRow("an equals sign") << QByteArray("a=b=c");
    QTest::newRow("JSON") << QByteArray("\"],\"Privileged\":true,\"Env\":[\"");
    QTest::newRow("a shell's words") << QByteArray("$(id) `id` ; rm -rf / #");
    QTest::newRow("right to left") << QByteArray("\xe2\x80\xae");
    QTest::newRow("10 KB") << QByteArray(10'240, 'x');
}

void HostileNamesTest::valuesStayValues()
{
    QFETCH(const QByteArray, value);
    const auto hostile = value.toStdString();
    const ServiceSpec spec{.runId = newRunId(), .name = "api", .image = "x", .network = "none", .command = {"run", hostile}, .environment = {{"A", hostile}}};
    QVERIFY(checkService(spec));
    const auto sent = Json::parse(serviceBody(spec, Json::object(), 2, {}).dump()); // as the engine reads it
    QCOMPARE(sent.at("Env").size(), 1U);
    QCOMPARE(sent.at("Env").at(0).get<std::string>(), "A=" + hostile);
    QCOMPARE(sent.at("Cmd").at(1).get<std::string>(), hostile);
    QCOMPARE(sent.at("HostConfig").at("Privileged"), Json(false));
    QCOMPARE(sent.at("Labels").size(), 3U);
    for (const auto* name : {"", "A=B"}) {
        auto named = spec;
        named.environment = {{name, hostile}};
        QVERIFY(!checkService(named));
    }
    auto zero = spec;
    zero.environment = {{"A", std::string("x\0y", 3)}};
    QVERIFY(!checkService(zero));
}

/// A run is labelled by its id, which is ours; its title and its stages' names are not asked.
void HostileNamesTest::titlesReachNoLabel()
{
    const ContainerPlan plan{.spec = {.runId = newRunId(), .stage = "coding"}, .image = "x", .network = "none"};
    const auto labels = sandboxLabels(plan.spec.runId, plan.spec.stage, "agent");
    for (const auto& [name, value] : labels.items()) {
        QVERIFY2(name.starts_with("aap."), name.c_str());
        const auto text = value.get<std::string>();
        QVERIFY2(text.size() < 200 && text.find('\n') == std::string::npos && text.find('=') == std::string::npos, text.c_str());
    }
}

QTEST_GUILESS_MAIN(HostileNamesTest)
#include "tst_hostile_names.moc"
