#include "sandbox/docker/leftovers.h"

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "sandbox/docker/docker_deployer.h"
#include "sandbox/docker/docker_image_builder.h"

using namespace aap;

/// With the engine of this machine and the image coding-agent-sandbox. Others work on the engine meanwhile, so what is removed in
/// all is not compared, only what became of our own.
class LeftoversTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void sandboxesOfTheDeadGo_data();
    void sandboxesOfTheDeadGo();
    void emptyNetworksOfTheDeadGo();
    void aRunGoesAsAWhole();
    void aLabelAloneMakesNothingOurs();
    void whatIsNoRunIdIsRefused_data();
    void whatIsNoRunIdIsRefused();

private:
    Labels labels(const std::string& kind, bool isDead) const;
    /// Makes a container that never runs.
    std::string container(const std::string& name, const Labels& labels, const std::string& network = "none");
    std::string network(const std::string& name, const Labels& labels);
    bool exists(const std::string& path);

    DockerClient m_client{DockerEndpoint{}};
    std::string m_run;
    std::vector<std::string> m_made; ///< paths
};

void LeftoversTest::init()
{
    m_run = newRunId();
    m_made.clear();
}

void LeftoversTest::cleanup()
{
    for (const auto& path : m_made)
        (void)m_client.call("DELETE", path + "?force=1", {}, {}, std::chrono::seconds(30)).has_value();
    QVERIFY(pruneRun(m_client, m_run, {}));
}

Labels LeftoversTest::labels(const std::string& kind, bool isDead) const
{
    auto labels = ownLabels();
    labels["aap.kind"] = kind;
    labels["aap.run"] = m_run;
    if (isDead)
        labels["aap.pid"] = "4194305"; // above what the kernel gives
    return labels;
}

std::string LeftoversTest::container(const std::string& name, const Labels& labels, const std::string& network)
{
    const Json body{{"Image", "coding-agent-sandbox"}, {"Cmd", Json::array({"true"})}, {"Labels", labels}, {"HostConfig", {{"NetworkMode", network}}}};
    const auto made = m_client.call("POST", "/containers/create?name=" + name, body, {}, std::chrono::seconds(60));
    if (!made)
        return "/nowhere";
    m_made.insert(m_made.begin(), "/containers/" + (*made)["Id"].get<std::string>()); // before the network it is in
    return m_made.front();
}

std::string LeftoversTest::network(const std::string& name, const Labels& labels)
{
    const Json body{{"Name", name}, {"Internal", true}, {"Labels", labels}};
    const auto made = m_client.call("POST", "/networks/create", body, {}, std::chrono::seconds(60));
    if (!made)
        return "/nowhere";
    m_made.push_back("/networks/" + (*made)["Id"].get<std::string>());
    return m_made.back();
}

bool LeftoversTest::exists(const std::string& path)
{
    return m_client.call("GET", path + (path.starts_with("/networks") ? "" : "/json"), {}, {}).has_value();
}

void LeftoversTest::sandboxesOfTheDeadGo_data()
{
    QTest::addColumn<QByteArray>("label");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("goes");
    QTest::newRow("ours: we live") << QByteArray("aap.x") << QByteArray("1") << false;
    QTest::newRow("no such process") << QByteArray("aap.pid") << QByteArray("4194305") << true;
    QTest::newRow("of an earlier boot") << QByteArray("aap.boot") << QByteArray("earlier/pid:[1]") << true;
    QTest::newRow("another machine") << QByteArray("aap.host") << QByteArray("elsewhere") << false;
    QTest::newRow("a dead program's service: it may be in use") << QByteArray("aap.kind") << QByteArray("deployment") << false;
}

void LeftoversTest::sandboxesOfTheDeadGo()
{
    QFETCH(const QByteArray, label);
    QFETCH(const QByteArray, value);
    QFETCH(const bool, goes);
    auto marked = labels("sandbox", label == "aap.kind");
    marked[label.toStdString()] = value.toStdString();
    const auto path = container("aap-" + m_run + "-coding", marked);
    QVERIFY(exists(path));
    const auto pruned = pruneDead(m_client, {});
    QVERIFY2(pruned, pruned ? "" : pruned.error().text().c_str());
    QCOMPARE(exists(path), !goes);
}

void LeftoversTest::emptyNetworksOfTheDeadGo()
{
    const auto empty = network("aap-" + m_run + "-empty", labels("deployment", true));
    const auto used = network("aap-" + m_run + "-used", labels("deployment", true));
    const auto live = network("aap-" + m_run + "-live", labels("deployment", false));
    const auto foreign = network("not-" + m_run, labels("deployment", true));
    const auto user = container("aap-" + m_run + "-api", labels("deployment", true), "aap-" + m_run + "-used");
    QVERIFY(exists(empty) && exists(used) && exists(live) && exists(foreign) && exists(user));
    const auto pruned = pruneDead(m_client, {});
    QVERIFY2(pruned, pruned ? "" : pruned.error().text().c_str());
    QVERIFY(!exists(empty));
    QVERIFY(exists(used) && exists(live) && exists(foreign) && exists(user));
}

void LeftoversTest::aRunGoesAsAWhole()
{
    QTemporaryDir context;
    QVERIFY(writeFileAtomically(context.filePath(QStringLiteral("Dockerfile")).toStdString(), "FROM coding-agent-sandbox\nCMD [\"sleep\", \"300\"]\n"));
    DockerImageBuilder builder(m_client);
    const auto image = builder.build({.runId = m_run, .context = context.path().toStdString(), .tag = "aap-" + m_run + "-api:latest"}, {}, {});
    QVERIFY2(image, image ? "" : image.error().text().c_str());
    DockerDeployer deployer(m_client);
    const auto net = deployer.makeNetwork(m_run, {});
    const auto volume = deployer.makeVolume(m_run, "data", {});
    QVERIFY(net && volume);
    const auto service = deployer.start({.runId = m_run, .name = "api", .image = image->tag, .network = *net, .volumes = {{*volume, "/data"}}}, {});
    QVERIFY2(service, service ? "" : service.error().text().c_str());
    const auto sandbox = container("aap-" + m_run + "-coding", labels("sandbox", false));

    QVERIFY(pruneDead(m_client, {}));
    QVERIFY(deployer.state(*service, {})->running); // we live
    const auto pruned = pruneRun(m_client, m_run, {});
    QVERIFY2(pruned, pruned ? "" : pruned.error().text().c_str());
    QCOMPARE(pruned->containers, 2);
    QCOMPARE(pruned->networks, 1);
    QCOMPARE(pruned->volumes, 1);
    QCOMPARE(pruned->images, 1);
    QVERIFY(pruned->bytes > 1'000'000); // the image is not nothing
    QVERIFY(!exists(sandbox) && !exists("/networks/" + *net) && !exists("/images/" + percentEncoded(image->tag)));
    QCOMPARE(pruneRun(m_client, m_run, {})->sum(), 0);
}

void LeftoversTest::aLabelAloneMakesNothingOurs()
{
    const auto path = container("mine-" + m_run, labels("deployment", false));
    const auto neighbour = container("aap-" + m_run + "x-api", labels("deployment", false));
    QVERIFY(exists(path) && exists(neighbour));
    QCOMPARE(pruneRun(m_client, m_run, {})->sum(), 0);
    QVERIFY(exists(path) && exists(neighbour));
}

void LeftoversTest::whatIsNoRunIdIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a path") << QByteArray("../x");
    QTest::newRow("upper case") << QByteArray("RUN");
    QTest::newRow("more than one label") << QByteArray("a\",\"aap.app=1");
}

void LeftoversTest::whatIsNoRunIdIsRefused()
{
    QFETCH(const QByteArray, text);
    const auto pruned = pruneRun(m_client, text.toStdString(), {});
    QVERIFY(!pruned);
    QCOMPARE(int(pruned.error().code), int(ErrorCode::Invalid));
}

QTEST_GUILESS_MAIN(LeftoversTest)
#include "tst_leftovers.moc"
