#include "sandbox/docker/docker_image_builder.h"

#include <thread>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "sandbox/docker/docker_deployer.h"

using namespace aap;

/// With the engine of this machine and the image coding-agent-sandbox.
class ImageBuilderTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void anImageIsBuiltAndDescribed();
    void aFailingStepIsToldWithItsLastLines();
    void stepsHaveNoNetwork();
    void stoppingEndsTheBuild();
    void foreignNamesAreRefused_data();
    void foreignNamesAreRefused();
    void whatExists();

private:
    Result<BuiltImage> build(const std::string& dockerfile, const std::stop_token& stop = {});

    DockerClient m_client{DockerEndpoint{}};
    DockerImageBuilder m_builder{m_client};
    std::unique_ptr<QTemporaryDir> m_context;
    std::string m_run;
    std::string m_log;
};

void ImageBuilderTest::init()
{
    m_context = std::make_unique<QTemporaryDir>();
    m_run = newRunId();
    m_log.clear();
}

void ImageBuilderTest::cleanup()
{
    QVERIFY(DockerDeployer(m_client).removeDeployment(m_run));
}

Result<BuiltImage> ImageBuilderTest::build(const std::string& dockerfile, const std::stop_token& stop)
{
    const std::filesystem::path context = m_context->path().toStdString();
    auto written = writeFileAtomically(context / "Dockerfile", "FROM coding-agent-sandbox\n" + dockerfile);
    if (!written)
        return std::move(written).error();
    return m_builder.build({.runId = m_run, .context = context, .tag = "aap-" + m_run + "-api:latest", .buildArgs = {{"WHO", "a \"b\""}}},
                           [&](std::string_view bytes) { m_log += bytes; }, stop);
}

void ImageBuilderTest::anImageIsBuiltAndDescribed()
{
    QVERIFY(writeFileAtomically(m_context->filePath(QStringLiteral("app.py")).toStdString(), "print('hello')\n"));
    const auto image = build("ARG WHO\nCOPY app.py /app.py\nRUN echo " + m_run + " \"from $WHO\" && echo warning >&2\nUSER 1000:1000\n"
                             "EXPOSE 8000\nENV MODE=test\n");
    QVERIFY2(image, image ? "" : image.error().text().c_str());
    QVERIFY(image->id.starts_with("sha256:"));
    QVERIFY(image->bytes > 1'000'000);
    QVERIFY(image->layers.size() >= 2);
    QCOMPARE(image->user.c_str(), "1000:1000");
    QCOMPARE(image->exposedPorts, std::vector<std::string>{"8000/tcp"});
    QVERIFY(std::ranges::count(image->environment, "MODE=test") == 1);
    QVERIFY(m_log.find(" from a \"b\"\n") != std::string::npos);
    QVERIFY(m_log.find("\nwarning\n") != std::string::npos); // its colour is gone
    QVERIFY(m_log.find('\x1b') == std::string::npos);
    const auto seen = m_client.call("GET", "/images/" + percentEncoded(image->tag) + "/json", {}, {});
    QCOMPARE((*seen)["Config"]["Labels"]["aap.run"].get<std::string>(), m_run);
    QCOMPARE((*seen)["Config"]["Labels"]["aap.kind"].get<std::string>(), std::string("deployment"));

    QVERIFY(DockerDeployer(m_client).removeDeployment(m_run));
    const auto exists = m_builder.imageExists(image->tag, {});
    QVERIFY(exists);
    QVERIFY(!*exists);
}

void ImageBuilderTest::aFailingStepIsToldWithItsLastLines()
{
    const auto image = build("RUN echo this is why; exit 7\n");
    QVERIFY(!image);
    QCOMPARE(image.error().code, ErrorCode::Invalid);
    QVERIFY(image.error().detail.find("this is why") != std::string::npos);
    QVERIFY(image.error().detail.find("non-zero code: 7") != std::string::npos);
    QVERIFY(!image.error().remedy.empty());

    const auto unreadable = build("FRM x\n");
    QVERIFY(!unreadable);
    QCOMPARE(unreadable.error().code, ErrorCode::Invalid);
}

void ImageBuilderTest::stepsHaveNoNetwork()
{
    const auto image = build("RUN grep -v -e lo: -e '|' /proc/net/dev && exit 9; curl -m 3 http://127.0.0.1:1 ; curl -m 3 http://1.1.1.1 ; "
                             "test $? -eq 7\n");
    QVERIFY2(image, image ? "" : image.error().text().c_str());
}

void ImageBuilderTest::stoppingEndsTheBuild()
{
    std::stop_source stop;
    const auto dockerfile = "RUN echo " + m_run + " && sleep 600\n";
    Result<BuiltImage> image;
    std::thread worker([&] { image = build(dockerfile, stop.get_token()); });
    const auto containers = [&] { // the step's own
        const auto all = m_client.call("GET", "/containers/json", {}, {});
        return all ? std::ranges::count_if(*all, [&](const Json& one) { return one["Command"].get<std::string>().find(m_run) != std::string::npos; }) : -1;
    };
    const bool ran = QTest::qWaitFor([&] { return containers() == 1; }, 20'000);
    stop.request_stop();
    worker.join();
    QVERIFY(ran);
    QVERIFY(!image);
    QCOMPARE(image.error().code, ErrorCode::Stopped);
    QTRY_COMPARE_WITH_TIMEOUT(containers(), 0, 10'000);
}

void ImageBuilderTest::foreignNamesAreRefused_data()
{
    QTest::addColumn<QByteArray>("run");
    QTest::addColumn<QByteArray>("tag");
    QTest::newRow("the sandbox's image") << QByteArray("r1") << QByteArray("coding-agent-sandbox:latest");
    QTest::newRow("another run's") << QByteArray("r1") << QByteArray("aap-r2-api:latest");
    QTest::newRow("no service") << QByteArray("r1") << QByteArray("aap-r1:latest");
    QTest::newRow("no version") << QByteArray("r1") << QByteArray("aap-r1-api");
    QTest::newRow("a registry") << QByteArray("r1") << QByteArray("evil/aap-r1-api:latest");
    QTest::newRow("no run id") << QByteArray("R 1") << QByteArray("aap-R 1-api:latest");
    QTest::newRow("a query in disguise") << QByteArray("r1") << QByteArray("aap-r1-a&networkmode=host:latest");
}

void ImageBuilderTest::foreignNamesAreRefused()
{
    QFETCH(const QByteArray, run);
    QFETCH(const QByteArray, tag);
    const auto image = m_builder.build({.runId = run.toStdString(), .context = m_context->path().toStdString(), .tag = tag.toStdString()}, {}, {});
    QVERIFY(!image);
    QCOMPARE(image.error().code, ErrorCode::Invalid);
}

void ImageBuilderTest::whatExists()
{
    const auto sandbox = m_builder.imageExists("coding-agent-sandbox:latest", {});
    QVERIFY(sandbox);
    QVERIFY(*sandbox);
    const auto nobody = m_builder.imageExists("registry.example/no/such:1", {});
    QVERIFY(nobody);
    QVERIFY(!*nobody);
}

QTEST_GUILESS_MAIN(ImageBuilderTest)
#include "tst_image_builder.moc"
