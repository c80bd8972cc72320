#include <csignal>
#include <thread>
#include <unistd.h>

#include <QApplication>
#include <QMainWindow>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/desktop/fake_services.h"
#include "tests/ui/desktop/private_bus.h"
#include "ui/desktop/desktop_integration.h"

using namespace aap;

namespace {

class Quiet final : public RunObserver {
public:
    int heard = 0;
    void happened(const RunEvent& /*event*/, const RunState& /*state*/) override { ++heard; }
    void live(const LiveEvent& /*event*/) override { ++heard; }
};

RunState stateOf(const std::string& run)
{
    RunState state;
    state.id = run;
    state.started.title = "Photo <b>sorter</b>";
    state.started.pipeline = Json{{"limits", {{"usd", 5.0}}}};
    return state;
}

/// The colours have come: the desktop is there.
#define WAIT_FOR_DESKTOP(desktop) \
    QSignalSpy colours(&desktop, &DesktopIntegration::coloursChanged); \
    QTRY_COMPARE(colours.count(), 1)

RunEvent happening(Payload payload)
{
    return {.payload = std::move(payload)};
}

} // namespace

/// Runs on threads of their own, a window that is not in front, and a desktop of fakes.
class DesktopIntegrationTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aRunIsToldAboutAndKeepsTheComputerAwake();
    void whatIsNotWishedIsNotTold();
    void aWindowInFrontTellsNothing();
    void theBudgetIsToldOnce();
    void theEndOfTheSessionWaitsForRuns();

private:
    std::unique_ptr<PrivateBus> m_bus;
    FakeNotices m_notices;
    FakeLogin m_login;
    FakePortal m_portal;
};

void DesktopIntegrationTest::init()
{
    m_bus = std::make_unique<PrivateBus>();
    m_notices.shown.clear();
    m_portal.scheme = 1U;
    m_bus->serve(QStringLiteral("org.freedesktop.portal.Desktop"), QStringLiteral("/org/freedesktop/portal/desktop"), m_portal);
    m_bus->serve(QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"), m_notices);
    m_bus->serve(QStringLiteral("org.freedesktop.login1"), QStringLiteral("/org/freedesktop/login1"), m_login);
}

void DesktopIntegrationTest::cleanup()
{
    m_bus.reset();
}

void DesktopIntegrationTest::aRunIsToldAboutAndKeepsTheComputerAwake()
{
    QMainWindow window;
    DesktopIntegration desktop(window);
    WAIT_FOR_DESKTOP(desktop);
    QSignalSpy runAsked(&desktop, &DesktopIntegration::runAsked);
    const auto inner = std::make_shared<Quiet>();
    auto observer = desktop.watched(inner);
    QTRY_VERIFY(m_login.isHeld());

    std::jthread([&] {
        observer->live({.text = "a piece"});
        observer->happened(happening(GateOpened{.gate = "before.deployment", .question = "Deploy <i>this</i>?"}), stateOf("run-1"));
    }).join();
    QCOMPARE(inner->heard, 2); // who observed before still does
    QTRY_COMPARE(m_notices.shown.size(), 1);
    QVERIFY2(m_notices.shown[0].body.contains(QStringLiteral("Photo <b>sorter</b>\nDeploy <i>this</i>?")), qPrintable(m_notices.shown[0].body));
    QCOMPARE(m_notices.shown[0].hints.value(QStringLiteral("urgency")).value<uchar>(), uchar(2));
    QTRY_VERIFY(!m_login.isHeld()); // nobody works: the computer may sleep

    QTRY_VERIFY((emit m_notices.ActionInvoked(42, QStringLiteral("default")), !runAsked.isEmpty()));
    QCOMPARE(runAsked.constFirst().constFirst().toString(), QStringLiteral("run-1"));
    QVERIFY(window.isVisible());
    window.hide();

    observer->happened(happening(GateDecided{.decision = "approved"}), stateOf("run-1"));
    QTRY_VERIFY(m_login.isHeld());
    observer->happened(happening(RunFinished{.ending = RunEnding::Failed, .reason = "2 tests are red"}), stateOf("run-1"));
    QTRY_COMPARE(m_notices.shown.size(), 2);
    QVERIFY(m_notices.shown[1].body.contains(QStringLiteral("2 tests are red")));
    QCOMPARE(m_notices.shown[1].replaces, 42U);
    observer.reset();
    QTRY_VERIFY(!m_login.isHeld());
}

void DesktopIntegrationTest::whatIsNotWishedIsNotTold()
{
    QMainWindow window;
    DesktopIntegration desktop(window);
    WAIT_FOR_DESKTOP(desktop);
    desktop.setWishes({.tellFinished = false, .keepAwake = false});
    const auto observer = desktop.watched(std::make_shared<Quiet>());
    m_login.asked.clear();
    observer->happened(happening(RunFinished{.ending = RunEnding::Completed}), stateOf("run-1"));
    observer->happened(happening(RunFinished{.ending = RunEnding::Stopped}), stateOf("run-1")); // by the user, who knows
    observer->happened(happening(RunFinished{.ending = RunEnding::ProviderGaveUp}), stateOf("run-1"));
    QTRY_COMPARE(m_notices.shown.size(), 1);
    QVERIFY(m_login.asked.isEmpty());
}

void DesktopIntegrationTest::aWindowInFrontTellsNothing()
{
    QMainWindow window;
    DesktopIntegration desktop(window);
    WAIT_FOR_DESKTOP(desktop);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const auto observer = desktop.watched(std::make_shared<Quiet>());
    QTRY_VERIFY(m_login.isHeld());
    observer->happened(happening(RunFinished{.ending = RunEnding::Completed}), stateOf("run-1"));
    observer->happened(happening(RunPaused{}), stateOf("run-1"));
    QTRY_VERIFY(!m_login.isHeld()); // both have been taken
    QVERIFY(m_notices.shown.isEmpty());
}

void DesktopIntegrationTest::theBudgetIsToldOnce()
{
    QMainWindow window;
    DesktopIntegration desktop(window);
    WAIT_FOR_DESKTOP(desktop);
    const auto observer = desktop.watched(std::make_shared<Quiet>());
    auto state = stateOf("run-1");
    for (const double spent : {1.0, 3.9, 4.0, 4.5}) {
        state.cost = Money::usd(spent);
        observer->happened(happening(TurnFinished{}), state);
    }
    auto demo = stateOf("run-2");
    demo.started.recordingLabel = "recorded";
    demo.cost = Money::usd(4.9);
    const auto recorded = desktop.watched(std::make_shared<Quiet>());
    recorded->happened(happening(TurnFinished{}), demo);
    recorded->happened(happening(RunFinished{.ending = RunEnding::Completed}), demo); // comes after it
    QTRY_COMPARE(m_notices.shown.size(), 2);
    observer->happened(happening(RunFinished{.ending = RunEnding::LimitReached, .reason = "the budget is used up"}), state);
    QTRY_COMPARE(m_notices.shown.size(), 3);
    QVERIFY(m_notices.shown[2].body.contains(QStringLiteral("the budget is used up")));
    desktop.setWishes({.tellBudget = false, .tellEngine = false});
    observer->happened(happening(RunFinished{.ending = RunEnding::LimitReached}), state);
    observer->happened(happening(RunFinished{.ending = RunEnding::EnvironmentProblem}), state);
    observer->happened(happening(RunFinished{.ending = RunEnding::Failed}), state);
    QTRY_COMPARE(m_notices.shown.size(), 4);
    QVERIFY2(m_notices.shown[0].body.contains(QStringLiteral("$4.00 / $5.00")), qPrintable(m_notices.shown[0].body));
}

void DesktopIntegrationTest::theEndOfTheSessionWaitsForRuns()
{
    QMainWindow window;
    DesktopIntegration desktop(window);
    WAIT_FOR_DESKTOP(desktop);
    auto observer = desktop.watched(std::make_shared<Quiet>());
    QSignalSpy stopAsked(&desktop, &DesktopIntegration::stopAsked);
    QTRY_VERIFY(m_login.isHeld());
    connect(&desktop, &DesktopIntegration::stopAsked, &window, [&] {
        observer->happened(happening(RunFinished{.ending = RunEnding::Stopped}), stateOf("run-1"));
        observer.reset();
    });
    QMetaObject::invokeMethod(&window, [] { ::raise(SIGTERM); }, Qt::QueuedConnection);
    const auto exitCode = QApplication::exec(); // ends by itself
    ::alarm(0);
    QCOMPARE(exitCode, 0);
    QCOMPARE(stopAsked.count(), 1);
    QVERIFY(m_notices.shown.isEmpty());
}

QTEST_MAIN(DesktopIntegrationTest)
#include "tst_desktop_integration.moc"
