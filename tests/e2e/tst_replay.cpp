#include <QTest>

#include "tests/e2e/program.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/interlocutor.h"

using namespace aap;
using namespace aap::e2e;

namespace {

const QStringList kQuietly{QStringLiteral("--yes"), QStringLiteral("--quiet")};

} // namespace

/// A run, and whether it comes out the same when its replies are replayed: with the real program and engine, and without any API.
class ReplayTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aRunComesOutAsRecorded();
    void aRecordingIsOneFile();
    void theFirstDifferenceEndsIt_data();
    void theFirstDifferenceEndsIt();
    void whatSaysNothingCannotBeCompared();

private:
    Home m_home;
    QString m_run;
};

void ReplayTest::initTestCase()
{
    const auto recording = loadRecording(AAP_TEST_DATA "/e2e/coding-only.json");
    QVERIFY(recording);
    m_home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
    {
        Interlocutor model(*recording);
        FakeMessagesApi api;
        api.answerWith([&model](const SeenRequest& request) { return model.answer(request); });
        m_home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QString::fromStdString(api.baseUrl())); // from here on nobody listens there
        m_home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
        const auto run = m_home.run(QStringList{QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json")} + kQuietly);
        QVERIFY2(run.exitCode == 0, run.err);
    }
    m_home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString());
    m_run = QFileInfo(m_home.path(QStringLiteral("pipeline_output/latest"))).symLinkTarget().section(QLatin1Char('/'), -1);
    const auto exported = m_home.run({QStringLiteral("export"), m_run, QStringLiteral("--to"), QStringLiteral("hello.recording.json")});
    QVERIFY2(exported.exitCode == 0, exported.err);
    QCOMPARE(m_home.run({QStringLiteral("export"), m_run, QStringLiteral("--to"), QStringLiteral("hello.recording.json")}).exitCode, 2);
}

void ReplayTest::aRunComesOutAsRecorded()
{
    const auto replayed = m_home.run(QStringList{QStringLiteral("replay"), m_run, QStringLiteral("--expect-same")} + kQuietly);
    QVERIFY2(replayed.exitCode == 0, replayed.err + replayed.out);
    QVERIFY2(replayed.out.contains("The same as recorded"), replayed.out);
}

void ReplayTest::aRecordingIsOneFile()
{
    Home elsewhere;
    elsewhere.write(QStringLiteral("hello.recording.json"), m_home.read(QStringLiteral("hello.recording.json")));
    const auto replayed = elsewhere.run(QStringList{QStringLiteral("replay"), QStringLiteral("hello.recording.json"), QStringLiteral("--expect-same"), QStringLiteral("--json"), QStringLiteral("--yes")});
    QVERIFY2(replayed.exitCode == 0, replayed.err);
    const auto said = parsed(replayed.out.trimmed().split('\n').last());
    QVERIFY2(said.value(QStringLiteral("same")).toBool(), replayed.out);
    QVERIFY(said.value(QStringLiteral("compared")).toInt() > 5);
}

void ReplayTest::theFirstDifferenceEndsIt_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QByteArray>("instead");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("the result of a tool") << QByteArray(R"(python3 hello.py)") << QByteArray(R"(python3 hello.py; echo more)") << QByteArray("coding, call 2: run_command");
    QTest::newRow("a file") << QByteArray(R"(# EOF)") << QByteArray(R"(# The end)") << QByteArray("changed hello.py");
    QTest::newRow("a verdict") << QByteArray(R"(hello.py:1)") << QByteArray(R"(gone.py:1)") << QByteArray("coding, check ");
}

/// The recording says what came out; somebody changed what the agent does.
void ReplayTest::theFirstDifferenceEndsIt()
{
    QFETCH(const QByteArray, what);
    QFETCH(const QByteArray, instead);
    QFETCH(const QByteArray, said);
    auto recording = m_home.read(QStringLiteral("hello.recording.json"));
    QVERIFY(recording.contains(what));
    m_home.write(QStringLiteral("changed.recording.json"), recording.replace(what, instead));
    const auto replayed = m_home.run(QStringList{QStringLiteral("replay"), QStringLiteral("changed.recording.json"), QStringLiteral("--expect-same")} + kQuietly);
    QCOMPARE(replayed.exitCode, 1);
    QVERIFY2(replayed.err.contains(said) && replayed.err.contains("otherwise than recorded"), replayed.err + replayed.out);
    QCOMPARE(containers(QStringLiteral("aap.run=") + QFileInfo(m_home.path(QStringLiteral("pipeline_output/latest"))).symLinkTarget().section(QLatin1Char('/'), -1)), QStringList{});
}

void ReplayTest::whatSaysNothingCannotBeCompared()
{
    const auto replayed = m_home.run(QStringList{QStringLiteral("replay"), QStringLiteral(AAP_TEST_DATA "/e2e/coding-only.json"), QStringLiteral("--expect-same")} + kQuietly);
    QCOMPARE(replayed.exitCode, 2);
    QVERIFY2(replayed.err.contains("does not say what its run came to"), replayed.err);
}

QTEST_GUILESS_MAIN(ReplayTest)
#include "tst_replay.moc"
