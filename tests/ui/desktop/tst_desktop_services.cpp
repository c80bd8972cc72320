#include <csignal>
#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/desktop/fake_services.h"
#include "tests/ui/desktop/private_bus.h"
#include "ui/desktop/bus_line.h"
#include "ui/desktop/desktop_notices.h"
#include "ui/desktop/keep_awake.h"
#include "ui/desktop/quit_signals.h"
#include "ui/desktop/system_colours.h"
#include "ui/desktop/tray_icon.h"

using namespace aap;

namespace {

const QString kPortalName = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPortalObject = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kNoticesName = QStringLiteral("org.freedesktop.Notifications");
const QString kNoticesObject = QStringLiteral("/org/freedesktop/Notifications");
const QString kLoginName = QStringLiteral("org.freedesktop.login1");
const QString kLoginObject = QStringLiteral("/org/freedesktop/login1");

} // namespace

/// Each service of a desktop, by a fake on a bus of the test's own: no person's desktop is asked anything.
class DesktopServicesTest : public QObject {
    Q_OBJECT

private slots:
    void coloursAreThePortals_data();
    void coloursAreThePortals();
    void coloursFollowThePortal();
    void aNoticeIsPlainText_data();
    void aNoticeIsPlainText();
    void aLaterNoticeOfARunReplacesTheEarlier();
    void aClickOnANoticeOpensItsRunAndNoOther();
    void withoutAServerNoticesAreNotShown();
    void theComputerStaysAwakeWhileWorkGoesOn();
    void workThatIsQuickerThanTheAnswerLeavesNothingHeld();
    void withoutABusNothingWaitsAndNothingIsStarted();
    void aBusThatHangsKeepsNobodyWaiting();
    void aTrayIsUsedOnlyWhereThereIsOne();
    void aSignalAsksOnce();
};

void DesktopServicesTest::coloursAreThePortals_data()
{
    QTest::addColumn<QVariant>("scheme");
    QTest::addColumn<int>("dark"); // -1: no wish
    QTest::newRow("no preference") << QVariant(0U) << -1;
    QTest::newRow("dark") << QVariant(1U) << 1;
    QTest::newRow("light") << QVariant(2U) << 0;
    QTest::newRow("a number of the future") << QVariant(7U) << -1;
    QTest::newRow("not a number") << QVariant(QStringLiteral("dark")) << -1;
}

void DesktopServicesTest::coloursAreThePortals()
{
    QFETCH(const QVariant, scheme);
    QFETCH(const int, dark);
    PrivateBus bus;
    FakePortal portal;
    portal.scheme = scheme;
    bus.serve(kPortalName, kPortalObject, portal);
    BusLine line(BusLine::Bus::Session);
    SystemColours colours(line);
    QTRY_COMPARE(portal.asked, 1);
    // What is said later arrives later: when this has come, the first answer has.
    QTRY_VERIFY_WITH_TIMEOUT((emit portal.SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("contrast"), QDBusVariant(1U)),
                              dark < 0 || colours.wantsDark().has_value()), 5000);
    QCOMPARE(colours.wantsDark(), dark < 0 ? std::optional<bool>() : std::optional<bool>(dark == 1));
}

void DesktopServicesTest::coloursFollowThePortal()
{
    PrivateBus bus;
    FakePortal portal;
    portal.scheme = 1U;
    bus.serve(kPortalName, kPortalObject, portal);
    BusLine line(BusLine::Bus::Session);
    SystemColours colours(line);
    QSignalSpy changed(&colours, &SystemColours::changed);
    QTRY_COMPARE(colours.wantsDark(), std::optional<bool>(true));
    const auto say = [&](const QVariant& value) {
        emit portal.SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"), QDBusVariant(value));
    };
    say(2U);
    QTRY_COMPARE(colours.wantsDark(), std::optional<bool>(false));
    say(QVariant::fromValue(QDBusVariant(1U)));
    QTRY_COMPARE(colours.wantsDark(), std::optional<bool>(true));
    say(1U);
    say(0U);
    QTRY_COMPARE(colours.wantsDark(), std::optional<bool>());
    QCOMPARE(changed.count(), 4); // the same again is no change
}

void DesktopServicesTest::aNoticeIsPlainText_data()
{
    QTest::addColumn<bool>("serverReadsMarkup");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("shown");
    const auto markup = QStringLiteral("<a href=\"http://x\">R&D</a>");
    QTest::newRow("markup, to a server that reads it") << true << markup << markup.toHtmlEscaped();
    QTest::newRow("markup, to one that does not") << false << markup << markup;
    QTest::newRow("steering characters") << false << QStringLiteral("a\x1b[31mb\u202ec\nd") << QStringLiteral("a[31mbc\nd");
    QTest::newRow("too long") << false << QString(5000, QLatin1Char('x')) << QString(299, QLatin1Char('x')) + QChar(0x2026);
}

void DesktopServicesTest::aNoticeIsPlainText()
{
    QFETCH(const bool, serverReadsMarkup);
    QFETCH(const QString, said);
    QFETCH(const QString, shown);
    PrivateBus bus;
    FakeNotices server;
    if (serverReadsMarkup)
        server.capabilities << QStringLiteral("body-markup");
    bus.serve(kNoticesName, kNoticesObject, server);
    BusLine line(BusLine::Bus::Session);
    DesktopNotices notices(line);
    QTRY_VERIFY(line.connection());
    notices.show({.run = QStringLiteral("r1"), .title = QStringLiteral("A run waits for you"), .body = said, .urgent = true});
    QTRY_COMPARE(server.shown.size(), 1);
    const auto& notice = server.shown.constFirst();
    QCOMPARE(notice.body, shown);
    QCOMPARE(notice.title, QStringLiteral("A run waits for you"));
    QVERIFY(notice.hints.value(QStringLiteral("desktop-entry")).toString().endsWith(QStringLiteral("agent_pipeline")));
    QCOMPARE(notice.hints.value(QStringLiteral("urgency")).value<uchar>(), uchar(2));
    QCOMPARE(notice.actions.size(), 4);
    QVERIFY(notice.actions.contains(QStringLiteral("default")));
}

void DesktopServicesTest::aLaterNoticeOfARunReplacesTheEarlier()
{
    PrivateBus bus;
    FakeNotices server;
    bus.serve(kNoticesName, kNoticesObject, server);
    BusLine line(BusLine::Bus::Session);
    DesktopNotices notices(line);
    QTRY_VERIFY(line.connection());
    const auto show = [&](const QString& run) {
        const auto before = server.shown.size();
        notices.show({.run = run, .title = QStringLiteral("t"), .body = QStringLiteral("b")});
        QTRY_COMPARE(server.shown.size(), before + 1);
        QTest::qWait(0);
    };
    QSignalSpy opened(&notices, &DesktopNotices::openAsked);
    show(QStringLiteral("r1"));
    // The id is known when a click on it is understood.
    QTRY_VERIFY((emit server.ActionInvoked(42, QStringLiteral("default")), !opened.isEmpty()));
    show(QStringLiteral("r2"));
    show(QStringLiteral("r1"));
    QCOMPARE(server.shown[0].replaces, 0U);
    QCOMPARE(server.shown[1].replaces, 0U);
    QCOMPARE(server.shown[2].replaces, 42U);
}

void DesktopServicesTest::aClickOnANoticeOpensItsRunAndNoOther()
{
    PrivateBus bus;
    FakeNotices server;
    bus.serve(kNoticesName, kNoticesObject, server);
    BusLine line(BusLine::Bus::Session);
    DesktopNotices notices(line);
    QTRY_VERIFY(line.connection());
    QSignalSpy opened(&notices, &DesktopNotices::openAsked);
    notices.show({.run = QStringLiteral("r1"), .title = QStringLiteral("t"), .body = QStringLiteral("b")});
    QTRY_VERIFY((emit server.ActionInvoked(7, QStringLiteral("default")), emit server.ActionInvoked(42, QStringLiteral("open")), !opened.isEmpty()));
    QCOMPARE(opened.constFirst().constFirst().toString(), QStringLiteral("r1"));
    const auto showAnother = [&](const QString& run) { // what was said before arrives before
        const auto before = server.shown.size();
        notices.show({.run = run, .title = QStringLiteral("t"), .body = QStringLiteral("b")});
        QTRY_COMPARE(server.shown.size(), before + 1);
    };
    showAnother(QStringLiteral("r2"));
    const auto before = opened.count();
    emit server.NotificationClosed(42, 2);
    emit server.ActionInvoked(42, QStringLiteral("open"));
    showAnother(QStringLiteral("r3"));
    QCOMPARE(opened.count(), before);
}

void DesktopServicesTest::withoutAServerNoticesAreNotShown()
{
    PrivateBus bus;
    BusLine line(BusLine::Bus::Session);
    DesktopNotices notices(line);
    QSignalSpy notShown(&notices, &DesktopNotices::notShown);
    notices.show({.run = QStringLiteral("r1"), .title = QStringLiteral("before there is a bus"), .body = {}});
    QCOMPARE(notShown.count(), 1);
    QTRY_VERIFY(line.connection());
    notices.show({.run = QStringLiteral("r1"), .title = QStringLiteral("t"), .body = {}});
    QTRY_COMPARE(notShown.count(), 2);
}

void DesktopServicesTest::theComputerStaysAwakeWhileWorkGoesOn()
{
    PrivateBus bus;
    FakeLogin login;
    bus.serve(kLoginName, kLoginObject, login);
    BusLine line(BusLine::Bus::System);
    KeepAwake awake(line);
    awake.setWorking(true, QStringLiteral("1 run at work")); // before there is a bus
    QTRY_VERIFY(awake.isHeld());
    QCOMPARE(login.asked.value(0), QStringLiteral("sleep:idle"));
    QCOMPARE(login.asked.value(2), QStringLiteral("1 run at work"));
    QCOMPARE(login.asked.value(3), QStringLiteral("block"));
    QVERIFY(login.isHeld());
    awake.setWorking(false, {});
    QVERIFY(!awake.isHeld());
    QTRY_VERIFY(!login.isHeld());
    awake.setWorking(true, QStringLiteral("again"));
    QTRY_VERIFY(login.isHeld() && awake.isHeld());
}

void DesktopServicesTest::workThatIsQuickerThanTheAnswerLeavesNothingHeld()
{
    PrivateBus bus;
    FakeLogin login;
    bus.serve(kLoginName, kLoginObject, login);
    BusLine line(BusLine::Bus::System);
    KeepAwake awake(line);
    QTRY_VERIFY(line.connection());
    awake.setWorking(true, QStringLiteral("quick"));
    awake.setWorking(false, {});
    QTRY_COMPARE(login.asked.value(2), QStringLiteral("quick"));
    QTRY_VERIFY(!login.isHeld());
    QVERIFY(!awake.isHeld());
}

void DesktopServicesTest::withoutABusNothingWaitsAndNothingIsStarted()
{
    const NoBus none;
    QElapsedTimer clock;
    clock.start();
    BusLine line(BusLine::Bus::Session);
    QSignalSpy missing(&line, &BusLine::missing);
    SystemColours colours(line);
    QTRY_COMPARE(missing.count(), 1);
    QVERIFY(!line.connection());
    QVERIFY(!colours.wantsDark());
    QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
}

void DesktopServicesTest::aBusThatHangsKeepsNobodyWaiting()
{
    QTemporaryDir folder;
    QLocalServer silent;
    QVERIFY(silent.listen(folder.filePath(QStringLiteral("bus"))));
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + folder.filePath(QStringLiteral("bus")).toUtf8());
    QElapsedTimer clock;
    clock.start();
    {
        BusLine line(BusLine::Bus::Session);
        DesktopNotices notices(line);
        QSignalSpy notShown(&notices, &DesktopNotices::notShown);
        QTRY_VERIFY(silent.hasPendingConnections()); // it is being called
        notices.show({.run = QStringLiteral("r1"), .title = QStringLiteral("t"), .body = {}});
        QCOMPARE(notShown.count(), 1);
    }
    QVERIFY2(clock.elapsed() < 3000, qPrintable(QString::number(clock.elapsed())));
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
}

void DesktopServicesTest::aTrayIsUsedOnlyWhereThereIsOne()
{
    PrivateBus bus;
    BusLine line(BusLine::Bus::Session);
    TrayIcon tray(line);
    QTRY_VERIFY(line.connection());
    tray.setWork(QStringLiteral("1 run"));
    QVERIFY(!tray.isShown());
    tray.setWork({});
    QVERIFY(!tray.isShown());
}

void DesktopServicesTest::aSignalAsksOnce()
{
    QuitSignals quit;
    QSignalSpy asked(&quit, &QuitSignals::asked);
    ::raise(SIGTERM);
    QTRY_COMPARE(asked.count(), 1);
    const auto secondsLeft = ::alarm(0); // or this test would be ended too
    QVERIFY2(secondsLeft > 0 && secondsLeft <= 10, "nothing ends a program that hangs");
    quit.ask();
    ::alarm(0);
    QCOMPARE(asked.count(), 1);
}

QTEST_MAIN(DesktopServicesTest)
#include "tst_desktop_services.moc"
