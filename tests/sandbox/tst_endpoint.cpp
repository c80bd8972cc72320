#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "sandbox/docker/endpoint.h"

namespace aap {

class EndpointTest : public QObject {
    Q_OBJECT

private slots:
    void addresses_data();
    void addresses();
    void theSettingWins();
    void theEnvironmentWinsOverContexts();
    void aContextIsFollowed();
    void aMissingContextIsAnError();
    void withoutAnythingTheCustomarySocketIsNamed();

private:
    std::filesystem::path home() const { return m_home.path().toStdString(); }
    void writeContext(const std::string& name, const std::string& docker) const
    {
        const auto path = home() / ".docker/contexts/meta" / sha256(name) / "meta.json";
        QVERIFY(writeFileAtomically(path, R"({"Name":")" + name + R"(","Metadata":{},"Endpoints":{"docker":)" + docker + "}}").has_value());
    }

    QTemporaryDir m_home{};
};

void EndpointTest::addresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char* address, bool accepted) { QTest::newRow(address) << QString::fromUtf8(address) << accepted; };
    row("unix:///var/run/docker.sock", true);
    row("tcp://127.0.0.1:2375", true);
    row("tcp://engine.example:2376", true);
    row("unix://relative.sock", false);
    row("unix://", false);
    row("tcp://host", false);
    row("tcp://:2375", false);
    row("tcp://host:0", false);
    row("tcp://host:70000", false);
    row("tcp://host:23x", false);
    row("ssh://me@host", false);
    row("npipe:////./pipe/docker_engine", false);
    row("", false);
}

void EndpointTest::addresses()
{
    QFETCH(const QString, address);
    const auto endpoint = DockerEndpoint::parse(address.toStdString());
    QTEST(endpoint.has_value(), "accepted");
    if (endpoint)
        QCOMPARE(QString::fromStdString(endpoint->text()), address);
    else
        QVERIFY(!endpoint.error().remedy.empty());
}

void EndpointTest::theSettingWins()
{
    const auto endpoint = findEndpoint("unix:///run/mine.sock", {{"DOCKER_HOST", "tcp://host:1"}}, home());
    QVERIFY(endpoint.has_value());
    QCOMPARE(endpoint->text(), std::string("unix:///run/mine.sock"));
    QCOMPARE(endpoint->source, std::string("setting sandbox.docker_host"));
}

void EndpointTest::theEnvironmentWinsOverContexts()
{
    Environment environment{{"DOCKER_HOST", "tcp://host:2376"}, {"DOCKER_CONTEXT", "absent"}, {"DOCKER_CERT_PATH", "/certs"}};
    auto endpoint = findEndpoint("", environment, home());
    QVERIFY(endpoint.has_value());
    QCOMPARE(endpoint->text(), std::string("tcp://host:2376"));
    QVERIFY(endpoint->tls.has_value());
    QVERIFY(!endpoint->tls->verifiesServer);

    environment["DOCKER_TLS_VERIFY"] = "1";
    endpoint = findEndpoint("", environment, home());
    QVERIFY(endpoint->tls->verifiesServer);

    environment["DOCKER_HOST"] = "ssh://host";
    endpoint = findEndpoint("", environment, home());
    QCOMPARE(endpoint.error().text(), std::string("environment variable DOCKER_HOST: 'ssh://host' is no Docker address"));
}

void EndpointTest::aContextIsFollowed()
{
    writeContext("sock", R"({"Host":"unix:///run/other.sock","SkipTLSVerify":false})");
    writeContext("far", R"({"Host":"tcp://far.example:2376","SkipTLSVerify":true})");
    QVERIFY(writeFileAtomically(home() / ".docker/config.json", R"({"currentContext":"sock"})").has_value());
    QVERIFY(writeFileAtomically(home() / ".docker/contexts/tls" / sha256("far") / "docker/ca.pem", "x").has_value());

    const auto current = findEndpoint("", {}, home());
    QVERIFY(current.has_value());
    QCOMPARE(current->text(), std::string("unix:///run/other.sock"));
    QCOMPARE(current->source, std::string("Docker context 'sock'"));

    const auto named = findEndpoint("", {{"DOCKER_CONTEXT", "far"}}, home());
    QVERIFY(named.has_value());
    QCOMPARE(named->text(), std::string("tcp://far.example:2376"));
    QVERIFY(named->tls && !named->tls->verifiesServer);

    const auto elsewhere = findEndpoint("", {{"DOCKER_CONFIG", (home() / "elsewhere").string()}}, home());
    QCOMPARE(elsewhere->source, std::string("customary socket"));
}

void EndpointTest::aMissingContextIsAnError()
{
    writeContext("sock", R"({"Host":"unix:///run/other.sock"})");
    const auto endpoint = findEndpoint("", {{"DOCKER_CONTEXT", "gone"}}, home());
    QVERIFY(!endpoint);
    QCOMPARE(int(endpoint.error().code), int(ErrorCode::NotFound));
    QVERIFY(endpoint.error().detail.find("'gone'; known are: ") != std::string::npos);
    QVERIFY(endpoint.error().detail.find("sock") != std::string::npos);
}

void EndpointTest::withoutAnythingTheCustomarySocketIsNamed()
{
    QTemporaryDir empty;
    const auto endpoint = findEndpoint("", {{"DOCKER_CONTEXT", "default"}}, empty.path().toStdString());
    QVERIFY(endpoint.has_value());
    QVERIFY(endpoint->path.ends_with(".sock"));
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::EndpointTest)
#include "tst_endpoint.moc"
