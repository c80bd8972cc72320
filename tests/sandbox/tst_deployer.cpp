#include "sandbox/docker/docker_deployer.h"

#include <QTest>

#include "core/base/ids.h"
#include "sandbox/docker/deployments.h"
#include "sandbox/docker/volume_owner.h"

using namespace aap;

namespace {

/// Serves /data, writes what it says into its log, ends in order on SIGTERM; counts its starts in a file of the volume.
constexpr const char* kService = R"(
import http.server, os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with open('/data/starts', 'a') as starts:
    starts.write('x')
os.chdir('/data')
print('listening', flush=True)
print('on standard error', file=sys.stderr, flush=True)
http.server.ThreadingHTTPServer(('0.0.0.0', 8000), http.server.SimpleHTTPRequestHandler).serve_forever()
)";

} // namespace

/// With the engine of this machine and the image coding-agent-sandbox.
class DeployerTest : public QObject {
    Q_OBJECT
private slots:
    void init() { m_run = newRunId(); }
    void cleanup();
    void aServiceLives();
    void itIsLockedIn();
    void whatIgnoresTheSignalIsKilledAfterTheGrace();
    void whatCannotStartLeavesNothing();
    void othersAreLeftAlone();
    void whatStandsIsListed();
    void badSpecsAreRefused();
    void users_data();
    void users();

private:
    ServiceSpec spec(std::vector<std::string> command);
    /// Starts a client on the network and waits for its end: exit code and output.
    std::pair<int, std::string> ask(const std::string& script);
    std::size_t leftovers();

    DockerClient m_client{DockerEndpoint{}};
    DockerDeployer m_deployer{m_client};
    std::string m_run;
    std::string m_network;
};

void DeployerTest::cleanup()
{
    QVERIFY(m_deployer.removeDeployment(m_run));
    QCOMPARE(leftovers(), 0U);
}

std::size_t DeployerTest::leftovers()
{
    const auto filter = "filters=" + encodedFilters({{"label", {"aap.run=" + m_run}}});
    const auto containers = m_client.call("GET", "/containers/json?all=1&" + filter, {}, {});
    const auto networks = m_client.call("GET", "/networks?" + filter, {}, {});
    const auto volumes = m_client.call("GET", "/volumes?" + filter, {}, {});
    return containers->size() + networks->size() + (*volumes)["Volumes"].size();
}

ServiceSpec DeployerTest::spec(std::vector<std::string> command)
{
    if (auto network = m_deployer.makeNetwork(m_run, {}))
        m_network = *network;
    return {.runId = m_run, .name = "api", .image = "coding-agent-sandbox", .network = m_network, .command = std::move(command),
            .environment = {{"GREETING", "hello"}}, .memoryBytes = 128U << 20U};
}

std::pair<int, std::string> DeployerTest::ask(const std::string& script)
{
    auto client = spec({"python3", "-c", script});
    client.name = "client";
    const auto id = m_deployer.start(client, {});
    if (!id)
        return {-1, id.error().text()};
    const auto ended = m_client.call("POST", "/containers/" + *id + "/wait", {}, {}, std::chrono::seconds(30));
    return {ended ? (*ended)["StatusCode"].get<int>() : -1, m_deployer.logs(*id, 20, {}).value_or("")};
}

void DeployerTest::aServiceLives()
{
    auto service = spec({"python3", "-c", kService});
    const auto volume = m_deployer.makeVolume(m_run, "data", {});
    QVERIFY(volume);
    QVERIFY(m_deployer.makeVolume(m_run, "data", {}));
    service.volumes = {{*volume, "/data"}};
    const auto id = m_deployer.start(service, {});
    QVERIFY2(id, id ? "" : id.error().text().c_str());
    QTRY_VERIFY_WITH_TIMEOUT(m_deployer.logs(*id, 10, {}).value_or("").find("listening\n") != std::string::npos, 20'000);
    QVERIFY(m_deployer.logs(*id, 10, {})->find("on standard error\n") != std::string::npos);

    const std::string fetch = "import urllib.request as u; print(u.urlopen('http://api:8000/starts', timeout=5).read())";
    const auto [code, seen] = ask(fetch);
    QVERIFY2(code == 0, seen.c_str());
    QCOMPARE(seen.c_str(), "b'x'\n");

    const auto use = m_deployer.resources(*id, {});
    QVERIFY(use);
    QCOMPARE(use->memoryLimitBytes, std::uint64_t(128U << 20U));
    QVERIFY(use->memoryBytes > 1'000'000 && use->processes >= 1);

    const auto ended = m_deployer.stop(*id, std::chrono::seconds(10), {});
    QVERIFY(ended);
    QVERIFY(!ended->first.running);
    QCOMPARE(ended->first.exitCode, 0);
    QVERIFY(ended->second < std::chrono::seconds(8));

    QVERIFY(m_deployer.startAgain(*id, {}));
    QVERIFY(m_deployer.state(*id, {})->running);
    QTRY_VERIFY_WITH_TIMEOUT(ask(fetch).second == "b'xx'\n", 20'000); // the volume kept its file
}

void DeployerTest::itIsLockedIn()
{
    const auto [code, seen] = ask(R"(
import os, socket
def attempt(what, work):
    try:
        work()
        print(what, 'worked')
    except OSError:
        pass
attempt('root', lambda: open('/x', 'w'))
attempt('network', lambda: socket.create_connection(('1.1.1.1', 80), 2))
attempt('name', lambda: socket.gethostbyname('example.com'))
gateway = [line.split()[2] for line in open('/proc/net/route') if line.split()[1] == '00000000']
for hexed in gateway:
    host = socket.inet_ntoa(bytes.fromhex(hexed)[::-1])
    attempt('host', lambda: socket.create_connection((host, 22), 2))
open('/tmp/x', 'w').close()
status = dict(line.split(':', 1) for line in open('/proc/self/status'))
print(os.environ['GREETING'], os.getuid(), *(status[key].strip() for key in ('CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp')))
)");
    QVERIFY2(code == 0, seen.c_str());
    QVERIFY2(seen.starts_with("hello ") && seen.ends_with(" 0000000000000000 0000000000000000 1 2\n"), seen.c_str());
}

void DeployerTest::whatIgnoresTheSignalIsKilledAfterTheGrace()
{
    const auto id = m_deployer.start(spec({"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}), {});
    QVERIFY(id);
    QTRY_VERIFY_WITH_TIMEOUT(!m_deployer.logs(*id, 1, {}).value_or("").empty(), 20'000);
    const auto ended = m_deployer.stop(*id, std::chrono::seconds(1), {});
    QVERIFY(ended);
    QCOMPARE(ended->first.exitCode, 137);
    QVERIFY(ended->second >= Milliseconds(900));
}

void DeployerTest::whatCannotStartLeavesNothing()
{
    const auto id = m_deployer.start(spec({"/no/such/program"}), {});
    QVERIFY(!id);
    QVERIFY(id.error().detail.find("/no/such/program") != std::string::npos);
    auto unknown = spec({"true"});
    unknown.image = "no-such-image:1";
    const auto missing = m_deployer.start(unknown, {});
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    const auto containers = m_client.call("GET", "/containers/json?all=1&filters=" + encodedFilters({{"label", {"aap.run=" + m_run}}}), {}, {});
    QCOMPARE(containers->size(), 0U);
}

void DeployerTest::othersAreLeftAlone()
{
    // As made by hand from an image of ours: it inherited every label, but not the name.
    const auto made = m_client.call("POST", "/containers/create?name=foreign-" + m_run,
                                    {{"Image", "coding-agent-sandbox"}, {"Cmd", {"true"}},
                                     {"Labels", {{"aap.app", "1"}, {"aap.run", m_run}, {"aap.kind", "deployment"}}}}, {});
    QVERIFY(made);
    const auto id = (*made)["Id"].get<std::string>();
    const auto removed = m_deployer.remove(id);
    QVERIFY(!removed);
    QCOMPARE(removed.error().code, ErrorCode::Invalid);
    QVERIFY(!m_deployer.state(id, {}));
    QVERIFY(m_deployer.removeDeployment(m_run));
    QVERIFY(m_client.call("GET", "/containers/" + id + "/json", {}, {}));
    QVERIFY(m_client.call("DELETE", "/containers/" + id, {}, {}));
    QVERIFY(m_deployer.remove("no-such-container-" + m_run));
}

void DeployerTest::whatStandsIsListed()
{
    const auto nothing = findDeployment(m_client, m_run, {});
    QVERIFY(!nothing && nothing.error().code == ErrorCode::NotFound);
    auto second = spec({"sh", "-c", "exit 3"});
    second.name = "worker";
    QVERIFY(m_deployer.start(second, {}));
    QVERIFY(m_deployer.start(spec({"sleep", "60"}), {}));
    const auto made = m_client.call("POST", "/containers/create?name=foreign-" + m_run,
                                    {{"Image", "coding-agent-sandbox"}, {"Cmd", {"true"}}, {"Labels", {{"aap.app", "1"}, {"aap.run", m_run}, {"aap.kind", "deployment"}}}}, {});
    QVERIFY(made);
    Result<Deployment> found;
    QTRY_VERIFY_WITH_TIMEOUT((found = findDeployment(m_client, m_run, {})) && found->services.size() == 2 && found->services.back().state == "exited", 30'000);
    QCOMPARE(found->services.front().service, std::string("api"));
    QCOMPARE(found->services.front().state, std::string("running"));
    QCOMPARE(found->services.back().service, std::string("worker"));
    QVERIFY(m_client.call("DELETE", "/containers/foreign-" + m_run + "?force=1", {}, {}));
}

void DeployerTest::badSpecsAreRefused()
{
    const auto refused = [&](const std::function<void(ServiceSpec&)>& spoil) {
        auto service = spec({"true"});
        spoil(service);
        const auto id = m_deployer.start(service, {});
        return !id && id.error().code == ErrorCode::Invalid;
    };
    QVERIFY(refused([](ServiceSpec& s) { s.name = "../x"; }));
    QVERIFY(refused([](ServiceSpec& s) { s.name.clear(); }));
    QVERIFY(refused([](ServiceSpec& s) { s.network = "host"; }));
    QVERIFY(refused([](ServiceSpec& s) { s.tmpfs = {"/proc"}; }));
    QVERIFY(refused([](ServiceSpec& s) { s.tmpfs = {"/a:exec"}; }));
    QVERIFY(refused([](ServiceSpec& s) { s.volumes = {{"x", "/a/../b"}}; }));
    QVERIFY(refused([](ServiceSpec& s) { s.memoryBytes = 1; }));
    QVERIFY(refused([](ServiceSpec& s) { s.environment = {{"A=B", "c"}}; }));
}

void DeployerTest::users_data()
{
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<int>("uid"); // -1: nobody knows
    QTest::addColumn<int>("gid");
    QTest::newRow("none") << QByteArray() << 0 << 0;
    QTest::newRow("numbers") << QByteArray("7:8") << 7 << 8;
    QTest::newRow("a number nobody has") << QByteArray("7") << 7 << 0;
    QTest::newRow("a number with a group of its own") << QByteArray("1000") << 1000 << 1001;
    QTest::newRow("a name") << QByteArray("app") << 1000 << 1001;
    QTest::newRow("a name and a group") << QByteArray("app:staff") << 1000 << 50;
    QTest::newRow("an unknown name") << QByteArray("nobody") << -1 << -1;
    QTest::newRow("an unknown group") << QByteArray("app:x") << -1 << -1;
    QTest::newRow("too big") << QByteArray("4294967296") << -1 << -1;
}

void DeployerTest::users()
{
    QFETCH(const QByteArray, user);
    const auto found = resolveUser(user.toStdString(), "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/:\nbroken", "root:x:0:\nstaff:x:50:app");
    QTEST(found ? int(found->first) : -1, "uid");
    QTEST(found ? int(found->second) : -1, "gid");
}

QTEST_GUILESS_MAIN(DeployerTest)
#include "tst_deployer.moc"
