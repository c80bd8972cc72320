#include <algorithm>
#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/base/redact.h"
#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/http_probe.h"
#include "sandbox/docker/deployments.h"
#include "sandbox/docker/docker_deployer.h"
#include "sandbox/docker/docker_image_builder.h"
#include "sandbox/docker/docker_sandbox.h"
#include "tests/support/memory_journal.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

/// A service that says which version it is; STATUS is what it answers with.
constexpr const char* kVersionedService = R"(
import http.server, os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
int(os.environ.get('PORT', '8000'))
open('/data/written', 'a').write('VERSION')

class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(STATUS)
        self.end_headers()
        self.wfile.write(b'version VERSION')

http.server.ThreadingHTTPServer(('0.0.0.0', 8000), Service).serve_forever()
)";

constexpr const char* kImageOfIt = "FROM coding-agent-sandbox:latest\nUSER 0:0\nCOPY service.py /app/service.py\n"
                                   "RUN install -d -o 1000 -g 1000 /data && chmod 0644 /app/service.py\nUSER 1000:1000\nEXPOSE 8000\nCMD [\"python3\", \"/app/service.py\"]\n";

std::string serviceText(const std::string& version, const std::string& status)
{
    auto text = QString::fromLatin1(kVersionedService);
    return text.replace(QStringLiteral("VERSION"), QString::fromStdString(version)).replace(QStringLiteral("STATUS"), QString::fromStdString(status)).toStdString();
}

} // namespace

/// One deployment after the other on the engine of this machine, with images that are built for it.
class RollbackTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void aNewOneThatIsNotHealthyGivesWayToTheOneBefore();

private:
    Result<std::vector<Check>> deploy(const std::string& version, const std::string& status);
    std::string answer();
    std::vector<std::string> imagesOfTheRun();

    QTemporaryDir m_temporary{};
    std::string m_run = newRunId();
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<DockerSandboxProvider> m_sandboxes{};
    std::unique_ptr<DockerDeployer> m_deployer{};
    std::unique_ptr<DockerImageBuilder> m_images{};
    MemoryJournal m_journal{};
    KeepingObserver m_observer{};
    Redactor m_redactor{};
    RunRecorder m_recorder{m_run, m_journal, m_redactor, m_observer};
    std::optional<DeploymentHandle> m_deployed{};
};

void RollbackTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    QVERIFY(endpoint);
    m_client = std::make_unique<DockerClient>(*endpoint);
    m_sandboxes = std::make_unique<DockerSandboxProvider>(
        *m_client, DockerSandboxSettings{.lifetime = std::chrono::seconds(900), .seccompProfile = readFile(AAP_SOURCE_DIR "/resources/sandbox/seccomp.json").value_or("")});
    m_deployer = std::make_unique<DockerDeployer>(*m_client);
    m_images = std::make_unique<DockerImageBuilder>(*m_client);
    fs::create_directories(fs::path(m_temporary.path().toStdString()) / "repo");
}

void RollbackTest::cleanupTestCase()
{
    QVERIFY(m_sandboxes->sweep(m_run));
    QVERIFY(m_deployer->removeDeployment(m_run));
    QVERIFY(imagesOfTheRun().empty());
}

Result<std::vector<Check>> RollbackTest::deploy(const std::string& version, const std::string& status)
{
    const fs::path root = m_temporary.path().toStdString();
    if (!writeFileAtomically(root / "repo/Dockerfile", kImageOfIt) || !writeFileAtomically(root / "repo/service.py", serviceText(version, status)))
        return Error{ErrorCode::Io, "the project could not be written"};
    auto workspace = *Folder::open(root);
    auto pipeline = PipelineSpec::standard(RunMode::Full);
    pipeline.healthTimeout = status == "200" ? std::chrono::seconds(60) : std::chrono::seconds(4);
    const Json requirements;
    const Json design = Json::parse(R"({"deploy": {"form": "service", "port": 8000, "health_path": "/health", "state_paths": ["/data"], "env": ["PORT"]}})");
    const Json document = Json::parse(R"({"schema": "aap/deployment/1", "files": [{"path": "Dockerfile", "target": "dockerfile"}],
        "smoke": [{"id": "health", "requirement": "R1", "http": {"method": "GET", "path": "/health", "status": 200}}]})");
    CheckContext context{.stage = StageId::Deployment, .pipeline = pipeline, .requirements = requirements, .design = design, .document = document, .workspace = workspace,
                         .workspacePath = root, .sandboxes = *m_sandboxes, .images = *m_images, .deployer = *m_deployer, .recorder = m_recorder,
                         .baseImages = {"coding-agent-sandbox:latest"}, .runId = m_run};
    context.saveLog = [](const std::string& name, std::string_view) -> Result<std::string> { return "checks/" + name; };
    context.saveReport = [](const std::string&, std::string_view) -> Result<void> { return {}; };
    return checkDeployment(context, m_deployed);
}

std::string RollbackTest::answer()
{
    const auto probe = HttpProbe::open(*m_sandboxes, {.runId = m_run, .stage = "look", .network = m_deployed->network}, {});
    for (int attempt = 0; probe && attempt < 100; ++attempt) // one that was started again needs its time
        if (const auto said = probe->ask(m_deployed->service, 8000, {.path = "/"}); said && said->status != 0)
            return said->body;
    return "no answer";
}

std::vector<std::string> RollbackTest::imagesOfTheRun()
{
    std::vector<std::string> tags;
    const auto listed = m_client->call("GET", "/images/json?filters=" + encodedFilters({{"label", {"aap.run=" + m_run}}}), {}, {});
    for (const auto& image : listed.value_or(Json::array()))
        for (const auto& tag : image.at("RepoTags"))
            if (tag != "<none>:<none>")
                tags.push_back(tag.get<std::string>());
    std::ranges::sort(tags);
    return tags;
}

void RollbackTest::aNewOneThatIsNotHealthyGivesWayToTheOneBefore()
{
    const auto first = deploy("one", "200");
    QVERIFY2(first && allMustPassed(*first), first ? failuresForAgent(*first).c_str() : first.error().text().c_str());
    QCOMPARE(answer(), std::string("version one"));
    const auto before = *m_deployed;

    const auto second = deploy("two", "500");
    QVERIFY2(second, second ? "" : second.error().text().c_str());
    QVERIFY(!allMustPassed(*second));
    QVERIFY2(failuresForAgent(*second).find("deployment.healthy") != std::string::npos, failuresForAgent(*second).c_str());
    QVERIFY(m_deployed);
    QCOMPARE(m_deployed->container, before.container);
    QCOMPARE(answer(), std::string("version one"));
    QCOMPARE(m_observer.last.deployment.value("state", ""), std::string("rolled_back"));
    QVERIFY2(m_observer.last.deployment.value("reason", "").find("did not pass deployment.healthy") != std::string::npos, m_observer.last.deployment.dump().c_str());
    auto standing = findDeployment(*m_client, m_run, {});
    QVERIFY(standing);
    QCOMPARE(standing->services.size(), 1U);
    QCOMPARE(standing->services.front().service, std::string("service"));
    QVERIFY(!standing->services.front().isAside);
    QCOMPARE(standing->services.front().image, "aap-" + m_run + "-service:latest");
    QCOMPARE(imagesOfTheRun(), std::vector<std::string>{"aap-" + m_run + "-service:latest"});

    const auto third = deploy("three", "200");
    QVERIFY2(third && allMustPassed(*third), third ? failuresForAgent(*third).c_str() : third.error().text().c_str());
    QCOMPARE(answer(), std::string("version three"));
    standing = findDeployment(*m_client, m_run, {});
    QVERIFY(standing);
    QCOMPARE(standing->services.size(), 1U);
    QCOMPARE(imagesOfTheRun(), std::vector<std::string>{"aap-" + m_run + "-service:2"});
    const auto volumes = m_client->call("GET", "/volumes?filters=" + encodedFilters({{"label", {"aap.run=" + m_run}}}), {}, {});
    QCOMPARE(volumes->at("Volumes").size(), 1U);

    // Interrupted while the old one stood aside: it comes back, and the new one goes.
    QVERIFY(m_deployer->setAside(m_run, m_deployed->containers, {}));
    standing = findDeployment(*m_client, m_run, {});
    QVERIFY(standing && standing->services.front().isAside && standing->services.front().state == "exited");
    QVERIFY(m_deployer->bringBack(m_run, m_deployed->containers));
    QCOMPARE(answer(), std::string("version three"));
    QVERIFY(!m_deployer->bringBack(newRunId(), m_deployed->containers)); // another run's are not touched
    QCOMPARE(answer(), std::string("version three"));
}

QTEST_GUILESS_MAIN(RollbackTest)
#include "tst_rollback.moc"
