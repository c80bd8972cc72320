#include <filesystem>

#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>
#include <unistd.h>

#include "core/base/ids.h"
#include "core/base/paths.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/local/local_sandbox.h"
#include "sandbox/porter/bundled_porter.h"

using namespace std::chrono_literals;
using namespace aap;

namespace {

constexpr const char* kToken = "canary-7f3a9c-token";
constexpr const char* kKey = "-----BEGIN-----\ncanary 'of $HOME' two lines\n-----END-----";

} // namespace

/// Secrets of the project in real sandboxes of both kinds.
class SecretsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void thoseInsideCanReadThem_data();
    void thoseInsideCanReadThem();
    void nobodyElseIsTold();
    void theyAreThereAgainAfterARestart();
    void aProberHasNone();
    void agentsAreToldTheirNames();
    void withoutSecretsThereIsNoFolder();

private:
    SandboxSpec spec(SandboxPurpose purpose) const
    {
        return {.purpose = purpose, .runId = m_run, .stage = "testing", .workspace = m_folder.path().toStdString() + "/ws"};
    }
    std::unique_ptr<Sandbox> open(SandboxProvider& provider, SandboxPurpose purpose = SandboxPurpose::Agent)
    {
        auto sandbox = provider.open(spec(purpose), {});
        if (!sandbox)
            qWarning("%s", sandbox.error().text().c_str());
        return sandbox ? *std::move(sandbox) : nullptr;
    }
    static std::string shell(Sandbox& sandbox, const std::string& script, bool keepsBackground = false)
    {
        const auto result = sandbox.run({.argv = {"/bin/sh", "-c", script}, .workdir = "/", .keepsBackground = keepsBackground}, {}, {});
        return result ? result->output : result.error().text();
    }

    QTemporaryDir m_folder{};
    std::string m_run = newRunId();
    ProjectSecrets m_secrets{{"KEY.pem", ApiKey(kKey)}, {"TOKEN", ApiKey(kToken)}};
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<DockerSandboxProvider> m_docker{};
    std::unique_ptr<LocalSandboxProvider> m_local{};
};

void SecretsTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    const auto profile = bundledSeccompProfile();
    QVERIFY(endpoint && profile);
    m_client = std::make_unique<DockerClient>(*endpoint);
    DockerSandboxSettings settings{.lifetime = 600s, .secrets = m_secrets, .seccompProfile = *profile};
    const auto porter = placePorter(m_folder.path().toStdString() + "/porter");
    QVERIFY(porter);
    settings.porter = *porter;
    m_docker = std::make_unique<DockerSandboxProvider>(*m_client, settings);
    m_local = std::make_unique<LocalSandboxProvider>(LocalSandboxSettings{.secrets = m_secrets, .seccompProfile = *profile});
    const auto user = agentUserOfThisProcess();
    for (const auto* folder : {"/ws", "/ws/repo", "/ws/.agent"}) {
        const auto path = m_folder.path().toStdString() + folder;
        std::filesystem::create_directories(path);
        if (::geteuid() == 0)
            QCOMPARE(::chown(path.c_str(), user.uid, user.gid), 0);
    }
}

void SecretsTest::cleanupTestCase()
{
    QVERIFY(m_docker->sweep(m_run));
}

void SecretsTest::thoseInsideCanReadThem_data()
{
    QTest::addColumn<bool>("isLocal");
    QTest::addColumn<int>("purpose");
    QTest::addColumn<bool>("isJob");
    for (const bool isLocal : {false, true}) {
        const auto name = [isLocal](const char* what) { return fmt::format("{}, {}", isLocal ? "bubblewrap" : "docker", what); };
        QTest::newRow(name("an agent").c_str()) << isLocal << int(SandboxPurpose::Agent) << false;
        QTest::newRow(name("a background job").c_str()) << isLocal << int(SandboxPurpose::Agent) << true;
        QTest::newRow(name("the program's checks").c_str()) << isLocal << int(SandboxPurpose::Verifier) << false;
    }
}

void SecretsTest::thoseInsideCanReadThem()
{
    QFETCH(const bool, isLocal);
    QFETCH(const int, purpose);
    QFETCH(const bool, isJob);
    const auto sandbox = open(isLocal ? static_cast<SandboxProvider&>(*m_local) : *m_docker, SandboxPurpose(purpose));
    QVERIFY(sandbox);
    QCOMPARE(shell(*sandbox, "cat /run/secrets/TOKEN", isJob), std::string(kToken));
    QCOMPARE(shell(*sandbox, "cat /run/secrets/KEY.pem", isJob), std::string(kKey));
    QCOMPARE(shell(*sandbox, "cd /run/secrets; ls -A | tr '\\n' ' '; stat -c '%a %u' TOKEN | sed \"s/ $(id -u)$/ mine/\"", isJob), std::string("KEY.pem TOKEN 400 mine\n"));
    QCOMPARE(shell(*sandbox, "stat -f -c %T /run/secrets/TOKEN", isJob), std::string("tmpfs\n"));
    QCOMPARE(shell(*sandbox, "env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'", isJob).find("canary"), std::string::npos);
}

/// What the engine keeps and shows: the container, its execs, its image, what changed in its file system.
void SecretsTest::nobodyElseIsTold()
{
    const auto sandbox = open(*m_docker);
    QVERIFY(sandbox);
    QCOMPARE(shell(*sandbox, "cat /run/secrets/TOKEN"), std::string(kToken));
    const auto id = sandbox->info().id;
    std::string told;
    const auto ask = [&](const std::string& path) {
        const auto answer = m_client->call("GET", path, {}, {});
        told += answer ? answer->dump(-1, ' ', false, Json::error_handler_t::replace) : std::string();
        return answer.value_or(Json());
    };
    const auto container = ask("/containers/" + id + "/json");
    QVERIFY(container.at("ExecIDs").is_array() && !container.at("ExecIDs").empty());
    for (const auto& exec : container.at("ExecIDs"))
        ask("/exec/" + exec.get<std::string>() + "/json");
    ask("/containers/" + id + "/changes");
    ask("/images/" + sandbox->info().imageId + "/json");
    ask("/images/" + sandbox->info().imageId + "/history");
    QVERIFY(told.size() > 1000);
    QVERIFY(told.find("canary") == std::string::npos);
    const auto logs = m_client->send({.path = "/containers/" + id + "/logs?stdout=1&stderr=1"}, {});
    QVERIFY(logs && logs->body.find("canary") == std::string::npos);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_folder.path().toStdString() + "/ws"))
        QVERIFY2(!entry.is_regular_file(), entry.path().c_str()); // nothing came to lie on the disk
}

void SecretsTest::theyAreThereAgainAfterARestart()
{
    for (auto* provider : {static_cast<SandboxProvider*>(m_docker.get()), static_cast<SandboxProvider*>(m_local.get())}) {
        const auto sandbox = open(*provider);
        QVERIFY(sandbox);
        if (provider == m_docker.get())
            QVERIFY(m_client->call("POST", "/containers/" + sandbox->info().id + "/kill", {}, {}));
        else
            QVERIFY(sandbox->run({.argv = {"/bin/sh", "-c", "f() { f | f & }; f; sleep 100"}, .workdir = "/", .timeout = 1s}, {}, {}));
        QCOMPARE(shell(*sandbox, "cat /run/secrets/TOKEN"), std::string(kToken));
    }
}

void SecretsTest::aProberHasNone()
{
    const auto prober = open(*m_docker, SandboxPurpose::Prober);
    QVERIFY(prober);
    QCOMPARE(shell(*prober, "cat /run/secrets/TOKEN 2>/dev/null; echo none"), std::string("none\n"));
}

void SecretsTest::agentsAreToldTheirNames()
{
    for (const auto& rules : {m_docker->rules(), m_local->rules()}) {
        QVERIFY2(rules.find("/run/secrets") != std::string::npos && rules.find("KEY.pem, TOKEN") != std::string::npos, rules.c_str());
        QVERIFY(rules.find("canary") == std::string::npos);
    }
    QCOMPARE(secretRules({}), std::string());
}

void SecretsTest::withoutSecretsThereIsNoFolder()
{
    DockerSandboxProvider docker(*m_client, {.lifetime = 600s, .seccompProfile = *bundledSeccompProfile()});
    LocalSandboxProvider local({.seccompProfile = *bundledSeccompProfile()});
    for (auto* provider : {static_cast<SandboxProvider*>(&docker), static_cast<SandboxProvider*>(&local)}) {
        const auto sandbox = open(*provider);
        QVERIFY(sandbox);
        QCOMPARE(shell(*sandbox, "ls -A /run/secrets 2>/dev/null; echo none"), std::string("none\n"));
    }
}

QTEST_GUILESS_MAIN(SecretsTest)
#include "tst_secrets.moc"
