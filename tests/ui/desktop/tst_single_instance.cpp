#include <future>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLocalSocket>
#include <QLockFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/desktop/single_instance.h"

using namespace aap;

namespace {

std::filesystem::path pathOf(const QTemporaryDir& folder)
{
    return folder.path().toStdString();
}

/// A second start, as another process would make it.
std::future<Result<SingleInstance::Role>> startAgain(const QTemporaryDir& folder, const QStringList& arguments = {})
{
    return std::async(std::launch::async, [path = pathOf(folder), arguments] { return SingleInstance(path).begin(arguments); });
}

bool isOver(const std::future<Result<SingleInstance::Role>>& start)
{
    return start.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

} // namespace

class SingleInstanceTest : public QObject {
    Q_OBJECT

private slots:
    void argumentsBecomeUrls_data();
    void argumentsBecomeUrls();
    void aSecondStartHandsItsArgumentsOver();
    void whoWasKilledIsSucceeded();
    void whoHoldsTheLockAndIsSilentIsGivenUp();
    void nonsenseIsSentAway_data();
    void nonsenseIsSentAway();
    void othersCannotKnock();
};

void SingleInstanceTest::argumentsBecomeUrls_data()
{
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QString>("url");
    QTest::newRow("absolute") << QStringLiteral("/tmp/a.agentpipeline") << QStringLiteral("file:///tmp/a.agentpipeline");
    QTest::newRow("relative") << QStringLiteral("a.agentpipeline") << QStringLiteral("file:///work/folder/a.agentpipeline");
    QTest::newRow("blank, per cent, umlaut") << QStringLiteral("/tmp/50 % für #1?.agentpipeline")
                                             << QStringLiteral("file:///tmp/50%20%25%20f%C3%BCr%20%231%3F.agentpipeline");
    QTest::newRow("a URL of a file") << QStringLiteral("file:///tmp/a%20b") << QStringLiteral("file:///tmp/a%20b");
    QTest::newRow("another URL") << QStringLiteral("https://example.org/x?y=1") << QStringLiteral("https://example.org/x?y=1");
    QTest::newRow("a colon in a name") << QStringLiteral("/tmp/a:b") << QStringLiteral("file:///tmp/a:b");
}

void SingleInstanceTest::argumentsBecomeUrls()
{
    QFETCH(const QString, argument);
    QFETCH(const QString, url);
    QCOMPARE(SingleInstance::urlsOf({argument}, QStringLiteral("/work/folder")), QStringList{url});
}

void SingleInstanceTest::aSecondStartHandsItsArgumentsOver()
{
    const QTemporaryDir folder;
    SingleInstance first(pathOf(folder));
    QSignalSpy asked(&first, &SingleInstance::asked);
    const auto role = first.begin({});
    QVERIFY(role && *role == SingleInstance::Role::First);
    for (const auto& arguments : {QStringList{QStringLiteral("/tmp/a b.agentpipeline"), QStringLiteral("/tmp/ü")}, QStringList{}}) {
        auto second = startAgain(folder, arguments);
        QTRY_VERIFY(isOver(second));
        const auto outcome = second.get();
        QVERIFY(outcome && *outcome == SingleInstance::Role::HandedOver);
        QTRY_VERIFY(!asked.isEmpty());
        QCOMPARE(asked.takeFirst().constFirst().toStringList(), SingleInstance::urlsOf(arguments, QDir::currentPath()));
    }
}

void SingleInstanceTest::whoWasKilledIsSucceeded()
{
    const QTemporaryDir folder;
    QFile lock(folder.filePath(QStringLiteral("window.lock")));
    QVERIFY(lock.open(QIODevice::WriteOnly));
    lock.write("4194304\nagent-pipeline-gui\n" + QSysInfo::machineHostName().toUtf8() + '\n'); // above the highest process id there is
    lock.close();
    QFile socket(folder.filePath(QStringLiteral("window.socket")));
    QVERIFY(socket.open(QIODevice::WriteOnly));
    socket.close();
    SingleInstance next(pathOf(folder));
    const auto role = next.begin({});
    QVERIFY2(role && *role == SingleInstance::Role::First, role ? "handed over to nobody" : role.error().text().c_str());
}

void SingleInstanceTest::whoHoldsTheLockAndIsSilentIsGivenUp()
{
    const QTemporaryDir folder;
    QLockFile held(folder.filePath(QStringLiteral("window.lock")));
    QVERIFY(held.lock());
    QElapsedTimer clock;
    clock.start();
    SingleInstance second(pathOf(folder));
    const auto outcome = second.begin({});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Unavailable);
    QVERIFY(!outcome.error().remedy.empty());
    QVERIFY2(clock.elapsed() < 8000, qPrintable(QString::number(clock.elapsed())));
}

void SingleInstanceTest::nonsenseIsSentAway_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("not JSON") << QByteArray("hello\n");
    QTest::newRow("not an object") << QByteArray("[1]\n");
    QTest::newRow("without an end") << QByteArray(400 * 1024, 'x');
    QTest::newRow("zero bytes") << QByteArray(64, '\0') + '\n';
}

void SingleInstanceTest::nonsenseIsSentAway()
{
    QFETCH(const QByteArray, said);
    const QTemporaryDir folder;
    SingleInstance first(pathOf(folder));
    QSignalSpy asked(&first, &SingleInstance::asked);
    QVERIFY(first.begin({}));
    QLocalSocket stranger;
    stranger.connectToServer(folder.filePath(QStringLiteral("window.socket")));
    QTRY_COMPARE(stranger.state(), QLocalSocket::ConnectedState);
    stranger.write(said);
    QTRY_COMPARE(stranger.state(), QLocalSocket::UnconnectedState);
    QVERIFY(asked.isEmpty());
    auto second = startAgain(folder); // and is not deaf afterwards
    QTRY_VERIFY(isOver(second));
    QVERIFY(second.get());
    QTRY_COMPARE(asked.count(), 1);
}

void SingleInstanceTest::othersCannotKnock()
{
    const QTemporaryDir folder;
    SingleInstance first(pathOf(folder));
    QVERIFY(first.begin({}));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    for (const auto& file : {QStringLiteral("window.socket"), QStringLiteral("window.lock")})
        QVERIFY(!(QFile::permissions(folder.filePath(file)) & others));
}

QTEST_MAIN(SingleInstanceTest)
#include "tst_single_instance.moc"
