#include "core/pipeline/checks/compose.h"

#include <QtTest>

#include "core/base/files.h"

using namespace aap;

class ComposeTest : public QObject {
    Q_OBJECT
private slots:
    void findings_data();
    void findings();
    void readsTheDemosFile();
    void startsDependenciesFirst();
    void bytes_data();
    void bytes();
    void survivesAnyBytes();
};

namespace {

QByteArray withService(const QByteArray& lines)
{
    return "services:\n  api:\n    image: x\n" + lines + "volumes:\n  data: {}\n";
}

} // namespace

void ComposeTest::findings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("finding"); // empty: none
    const auto row = [](const char* name, const QByteArray& lines, const QByteArray& finding) {
        QTest::newRow(name) << withService(lines) << finding;
    };
    row("fit", "", "");
    row("everything", "    build: {context: ., dockerfile: deploy/Dockerfile, args: {A: 1}}\n    command: [a, b]\n    entrypoint: a \"b c\"\n"
        "    environment: [A=1, 'B=${X:-2}']\n    ports: ['127.0.0.1::8000', {target: 81, published: 82, host_ip: 127.0.0.1}]\n"
        "    volumes: ['data:/data:rw', {type: tmpfs, target: /run}]\n    healthcheck: {test: [CMD, x], interval: 3s}\n    restart: always\n"
        "    cpus: 0.5\n    mem_limit: 1g\n    pids_limit: 99\n    read_only: true\n    tmpfs: /tmp\n    cap_drop: [ALL]\n"
        "    security_opt: ['no-new-privileges:true']\n    user: '1000:1000'\n    networks: [default]\n", "");
    row("unknown key", "    hostname: x\n", "may not have the key \"hostname\"");
    row("privileged", "    privileged: true\n", "privileged gives");
    row("host network", "    network_mode: host\n", "network_mode gives");
    row("capabilities", "    cap_add: [SYS_ADMIN]\n", "cap_add gives");
    row("devices", "    devices: [/dev/sda]\n", "devices gives");
    row("host path", "    volumes: ['./data:/data']\n", "Paths of the host");
    row("absolute host path", "    volumes: ['/etc:/data']\n", "Paths of the host");
    row("bind", "    volumes: [{type: bind, source: data, target: /data}]\n", "Paths of the host");
    row("socket", "    volumes: ['/var/run/docker.sock:/var/run/docker.sock']\n", "engine's socket");
    row("undeclared volume", "    volumes: ['other:/data']\n", "volume other is used but not declared");
    row("target with dots", "    volumes: ['data:/a/../..']\n", "absolute path inside");
    row("port for everyone", "    ports: ['8000:8000']\n", "127.0.0.1 only");
    row("port on 0.0.0.0", "    ports: ['0.0.0.0:8000:8000']\n", "127.0.0.1 only");
    row("no port", "    ports: ['127.0.0.1:8000:x']\n", "number from 1");
    row("secret", "    environment: {DB_PASSWORD: hunter22}\n", "DB_PASSWORD holds a secret");
    row("variable without default", "    environment: {A: '${A}'}\n", "needs a default");
    row("value of the host", "    environment: {A: }\n", "must be a single value");
    row("root", "    user: '0:0'\n", "not root");
    row("root by name", "    user: root\n", "not root");
    row("unconfined", "    security_opt: ['seccomp:unconfined']\n", "may only be no-new-privileges");
    row("too much memory", "    mem_limit: 64g\n", "from 6M to 8G");
    row("cpus", "    cpus: -1\n", "number above 0");
    row("replicas", "    deploy: {replicas: 3}\n", "may not have the key \"replicas\"");
    row("build outside", "    build: ../other\n", "inside the project");
    row("build from the web", "    build: https://github.com/x/y\n", "inside the project");
    row("missing dependency", "    depends_on: [db]\n", "not there, or goes in a circle");
    row("circle", "    depends_on: {api: {condition: service_started}}\n", "in a circle");
    row("twice", "    image: y\n", "image twice");
    row("alias", "    <<: {image: y}\n", "may not have the key \"<<\"");
    QTest::newRow("no image") << QByteArray("services: {api: {}}\n") << QByteArray("neither image nor build");
    QTest::newRow("no services") << QByteArray("volumes: {}\n") << QByteArray("no service");
    QTest::newRow("empty") << QByteArray() << QByteArray("one YAML document");
    QTest::newRow("a list") << QByteArray("- a\n") << QByteArray("must be a mapping");
    QTest::newRow("no YAML") << QByteArray("services: [\n") << QByteArray("line 2");
    QTest::newRow("version") << QByteArray("version: '3'\nservices: {api: {image: x}}\n") << QByteArray("\"version\"");
    QTest::newRow("name") << QByteArray("services: {'../x': {image: x}}\n") << QByteArray("small letters");
    QTest::newRow("volume driver") << QByteArray("services: {a: {image: x}}\nvolumes: {d: {driver_opts: {device: /}}}\n")
                                   << QByteArray("\"driver_opts\"");
    QTest::newRow("external network") << QByteArray("services: {a: {image: x}}\nnetworks: {d: {external: true}}\n") << QByteArray("\"external\"");
    QTest::newRow("deep") << QByteArray(100000, '[') << QByteArray("too deeply");
    QTest::newRow("deep dashes") << QByteArray("- ").repeated(5000) << QByteArray("too deeply");
    QTest::newRow("large") << QByteArray(300000, 'a') << QByteArray("256 KiB");
}

void ComposeTest::findings()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, finding);
    const auto found = findingsText(readCompose(text.toStdString()).findings);
    if (finding.isEmpty())
        QCOMPARE(found, std::string());
    else
        QVERIFY2(found.find(finding.toStdString()) != std::string::npos, found.c_str());
}

void ComposeTest::readsTheDemosFile()
{
    const auto text = readFile(AAP_SOURCE_DIR "/resources/demo/files/compose.yaml");
    QVERIFY(text);
    const auto reading = readCompose(*text);
    QCOMPARE(findingsText(reading.findings), std::string());
    QCOMPARE(reading.services.size(), 1U);
    const auto* api = reading.main(8000);
    QVERIFY(api != nullptr);
    QCOMPARE(api->name, std::string("api"));
    QVERIFY(api->build);
    QVERIFY(api->restart);
    QCOMPARE(api->volumes.at("data"), std::string("/data"));
    QCOMPARE(api->environment.at("PORT"), std::string("8000"));
    QCOMPARE(api->ports, std::vector<int>{8000});
    QCOMPARE(*api->memoryBytes, std::uint64_t{256U << 20U});
    QCOMPARE(*api->cpus, 1.0);
}

void ComposeTest::startsDependenciesFirst()
{
    const auto reading = readCompose("services:\n  web: {build: ., depends_on: [db, cache]}\n  cache: {image: c, depends_on: [db]}\n  db: {image: d}\n");
    QCOMPARE(findingsText(reading.findings), std::string());
    QCOMPARE(reading.services.size(), 3U);
    QCOMPARE(reading.services[0].name, std::string("db"));
    QCOMPARE(reading.services[1].name, std::string("cache"));
    QCOMPARE(reading.main({})->name, std::string("web"));
}

void ComposeTest::bytes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("count"); // -1: refused
    QTest::newRow("M") << QByteArray("256M") << qint64(256) * 1024 * 1024;
    QTest::newRow("gb") << QByteArray("1.5gb") << qint64(1536) * 1024 * 1024;
    QTest::newRow("plain") << QByteArray("1048576") << qint64(1048576);
    QTest::newRow("unit only") << QByteArray("M") << qint64(-1);
    QTest::newRow("negative") << QByteArray("-1M") << qint64(-1);
    QTest::newRow("huge") << QByteArray("99999999999999999999G") << qint64(-1);
    QTest::newRow("odd unit") << QByteArray("1Mi") << qint64(-1);
}

void ComposeTest::bytes()
{
    QFETCH(const QByteArray, text);
    const auto value = composeBytes(text.toStdString());
    QTEST(value ? static_cast<qint64>(*value) : qint64(-1), "count");
}

void ComposeTest::survivesAnyBytes()
{
    const QByteArray seed = withService("    build: {context: .}\n    ports: ['127.0.0.1:1:1']\n    environment: [A=1]\n");
    constexpr char kSigns[] = "[]{}:-'\"&*!|>%@`\n #\xff\0a";
    unsigned state = 11;
    int refused = 0;
    for (int round = 0; round < 400; ++round) {
        auto text = seed.toStdString();
        for (int i = 0; i < 4; ++i) {
            state = state * 1103515245U + 12345U;
            text[(state >> 8U) % text.size()] = kSigns[(state >> 24U) % sizeof kSigns];
        }
        refused += readCompose(text).findings.empty() ? 0 : 1;
    }
    QVERIFY(refused > 200);
}

QTEST_GUILESS_MAIN(ComposeTest)
#include "tst_compose.moc"
