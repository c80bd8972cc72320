#include <filesystem>

#include <QTest>

#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/watch/deployment_watch.h"
#include "sandbox/docker/docker_deployer.h"
#include "sandbox/docker/docker_sandbox.h"

using namespace aap;
using namespace std::chrono_literals;

namespace {

/// Is healthy for five seconds, and then counts and answers every request with 500.
constexpr auto kFailingService = R"(
import http.server, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
counts = {'200': 0, '500': 0}
began = time.monotonic()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == '/metrics':
            return self.say(200, ''.join('requests_total{status="%s"} %d\n' % item for item in counts.items()))
        status = 200 if time.monotonic() - began < 5 else 500
        counts[str(status)] += 1
        if status == 500:
            print('{"level": "error", "message": "failing"}', flush=True)
        self.say(status, 'ok')
    def say(self, status, text):
        self.send_response(status); self.send_header('Content-Length', str(len(text))); self.end_headers(); self.wfile.write(text.encode())
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(('0.0.0.0', 8000), Handler).serve_forever()
)";

constexpr auto kRulesOfTest = R"(
groups:
  - name: service
    rules:
      - alert: HighErrorRate
        expr: sum(rate(requests_total{status=~"5.."}[10s])) > 0.1
        for: 1s
        labels: {severity: critical}
        annotations: {summary: The service fails.}
      - {alert: AppDown, expr: up == 0, for: 1s}
      - {alert: Errors in the log, expr: "increase(log_error_lines_total[30s]) > 0"}
)";

} // namespace

/// A deployment is looked after, with the engine of this machine and the image coding-agent-sandbox.
class DeploymentWatchTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { QVERIFY(m_deployer->removeDeployment(m_run) && m_provider->sweep(m_run)); }
    void aServiceThatBeginsToFailRaisesItsAlert();
    void whatIsGoneEndsTheWatch();

private:
    std::string m_run = newRunId();
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<DockerDeployer> m_deployer{};
    std::unique_ptr<DockerSandboxProvider> m_provider{};
    WatchTarget m_target{};
};

void DeploymentWatchTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    const auto profile = bundledSeccompProfile();
    QVERIFY(endpoint && profile);
    m_client = std::make_unique<DockerClient>(*endpoint);
    m_deployer = std::make_unique<DockerDeployer>(*m_client);
    m_provider = std::make_unique<DockerSandboxProvider>(*m_client, DockerSandboxSettings{.memoryBytes = 256U << 20U, .pids = 64, .lifetime = 600s, .seccompProfile = *profile});
    const auto network = m_deployer->makeNetwork(m_run, {});
    QVERIFY(network);
    const auto container = m_deployer->start({.runId = m_run, .name = "api", .image = "coding-agent-sandbox", .network = *network, .command = {"python3", "-c", kFailingService}, .memoryBytes = 128U << 20U}, {});
    QVERIFY2(container, container ? "" : container.error().text().c_str());
    m_target = {.runId = m_run, .network = *network, .service = "api", .container = *container, .port = 8000, .healthPath = "/health", .metricsPath = "/metrics"};
}

void DeploymentWatchTest::aServiceThatBeginsToFailRaisesItsAlert()
{
    auto rules = readLiveRules(kRulesOfTest);
    QVERIFY(rules && rules->left.empty());
    std::map<std::string, Milliseconds> firedAt;
    std::vector<Json> figures;
    std::stop_source stop;
    const Stopwatch clock;
    const auto outcome = watchDeployment(*m_provider, *m_deployer, {.target = m_target, .rules = std::move(rules->rules), .every = 1s, .span = 120s},
                                         [&](const WatchNote& note) -> Result<void> {
                                             if (note.kind == WatchNote::Kind::Figures)
                                                 figures.push_back(note.facts);
                                             if (note.kind == WatchNote::Kind::Fired)
                                                 firedAt.emplace(note.facts.at("alert").get<std::string>(), clock.elapsed());
                                             if (firedAt.size() == 3)
                                                 stop.request_stop();
                                             return {};
                                         },
                                         stop.get_token());
    QVERIFY2(outcome, outcome ? "" : outcome.error().text().c_str());
    QVERIFY(firedAt.contains("HighErrorRate") && firedAt.contains("ServiceDown") && firedAt.contains("Errors in the log"));
    QVERIFY(!firedAt.contains("AppDown")); // it answers, if wrongly
    QVERIFY2(firedAt.at("HighErrorRate") < 60s, std::to_string(firedAt.at("HighErrorRate").count()).c_str());
    qInfo("the alert rose after %lld ms", (long long)firedAt.at("HighErrorRate").count());
    QVERIFY(outcome->firing.size() == 3 && outcome->fired == 3);
    QCOMPARE(figures.back().at("probe_success").get<double>(), 0.0);
    QCOMPARE(figures.back().at("status").get<int>(), 500);
    QVERIFY(figures.front().at("container_memory_bytes").get<double>() > 1e6);
}

void DeploymentWatchTest::whatIsGoneEndsTheWatch()
{
    QVERIFY(m_deployer->remove(m_target.container));
    const auto outcome = watchDeployment(*m_provider, *m_deployer, {.target = m_target, .every = 1s, .span = 60s}, [](const WatchNote&) { return Result<void>(); }, {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(DeploymentWatchTest)
#include "tst_deployment_watch.moc"
