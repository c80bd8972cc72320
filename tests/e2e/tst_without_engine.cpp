#include <QJsonArray>
#include <QTest>

#include "tests/e2e/program.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/interlocutor.h"

using namespace aap;
using namespace aap::e2e;

/// The real program on a machine where no engine answers.
class WithoutEngineTest : public QObject {
    Q_OBJECT

private slots:
    void aStageRunsInRoomsOfTheMachine_data();
    void aStageRunsInRoomsOfTheMachine();
    void withoutAWordNothingRuns();
    void theDoctorSaysWhereAgentsWork();

private:
    static Ended runCoding(const Home& home);
};

Ended WithoutEngineTest::runCoding(const Home& home)
{
    home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
    return home.run({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json"), QStringLiteral("--yes")});
}

void WithoutEngineTest::aStageRunsInRoomsOfTheMachine_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<bool>("warns");
    QTest::newRow("local") << QByteArray(R"({"sandbox": {"backend": "local", "docker_host": "unix:///nowhere.sock"}})") << false;
    QTest::newRow("auto") << QByteArray(R"({"sandbox": {"backend": "auto", "docker_host": "unix:///nowhere.sock"}})") << true;
}

void WithoutEngineTest::aStageRunsInRoomsOfTheMachine()
{
    QFETCH(const QByteArray, config);
    QFETCH(const bool, warns);
    const auto recording = loadRecording(AAP_TEST_DATA "/e2e/coding-only.json");
    QVERIFY(recording);
    Interlocutor model(*recording);
    FakeMessagesApi api;
    api.answerWith([&model](const SeenRequest& request) { return model.answer(request); });
    Home home;
    home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QString::fromStdString(api.baseUrl()));
    home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
    home.write(QStringLiteral("config.json"), config);
    const auto run = runCoding(home);
    QVERIFY2(run.exitCode == 0, run.err + run.out);
    QCOMPARE((run.out + run.err).contains("agents work in rooms of bubblewrap"), warns);
    QVERIFY(home.read(QStringLiteral("pipeline_output/latest/workspace/hello.py")).contains("hello"));
}

void WithoutEngineTest::withoutAWordNothingRuns()
{
    Home home;
    home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
    home.write(QStringLiteral("config.json"), R"({"sandbox": {"docker_host": "unix:///nowhere.sock"}})");
    const auto run = runCoding(home);
    QVERIFY(run.exitCode != 0);
    QVERIFY2(run.err.contains("/nowhere.sock"), run.err);
}

void WithoutEngineTest::theDoctorSaysWhereAgentsWork()
{
    Home home;
    home.write(QStringLiteral("config.json"), R"({"sandbox": {"backend": "local", "docker_host": "unix:///nowhere.sock"}})");
    const auto findings = parsed(home.run({QStringLiteral("doctor"), QStringLiteral("--json")}).out).value(QStringLiteral("findings")).toArray();
    QMap<QString, QString> status;
    for (const auto& finding : findings)
        status[finding[QStringLiteral("id")].toString()] = finding[QStringLiteral("status")].toString();
    QCOMPARE(status[QStringLiteral("docker")], QStringLiteral("ok"));
    QCOMPARE(status[QStringLiteral("image")], QStringLiteral("ok"));
    QCOMPARE(status[QStringLiteral("local_rooms")], QStringLiteral("ok"));
}

QTEST_GUILESS_MAIN(WithoutEngineTest)
#include "tst_without_engine.moc"
