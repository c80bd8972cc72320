#include <semaphore>

#include <QAbstractItemView>
#include <QAction>
#include <QDir>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>
#include <QTextBrowser>
#include <QTimer>
#include <QTreeWidget>

#include "app/composition.h"
#include "app/desktop/composed_workbench.h"
#include "core/domain/stage.h"
#include "tests/e2e/program.h"
#include "ui/language.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

constexpr int kRunTime = 900'000; // of a demo on a machine that has much else to do, in milliseconds

/// The window over the real objects, in a home of its own. What was deployed is removed when it goes.
class Desk {
public:
    explicit Desk(const QString& dockerHost = {}, std::unique_ptr<e2e::Home> home = std::make_unique<e2e::Home>()) : m_home(std::move(home))
    {
        QDir::setCurrent(m_home->path());
        Environment environment;
        for (const auto& name : m_home->environment().keys())
            environment[name.toStdString()] = m_home->environment().value(name).toStdString();
        if (!dockerHost.isEmpty())
            environment["DOCKER_HOST"] = dockerHost.toStdString();
        const CompositionSettings settings{.environment = environment, .workingFolder = m_home->path().toStdString(), .asksKeychain = false};
        auto composition = Composition::make(settings);
        if (!composition)
            qFatal("%s", composition.error().text().c_str());
        m_workbench = std::make_unique<ComposedWorkbench>(*std::move(composition), settings);
        m_window = std::make_unique<MainWindow>(*m_workbench, WindowFiles{m_home->path(QStringLiteral("draft.md")), {}});
        m_window->resize(1280, 800);
        m_window->show();
        if (!QTest::qWaitForWindowActive(m_window.get()))
            qFatal("the window does not become active");
    }
    ~Desk()
    {
        m_window.reset();
        if (std::binary_semaphore removed(0); !runId().isEmpty()) {
            m_workbench->removeDeployment(runId().toStdString(), [&removed](const Result<void>&) { removed.release(); });
            removed.acquire();
        }
        m_workbench.reset(); // waits for the run
        QDir::setCurrent(QDir::rootPath());
    }

    MainWindow& window() const { return *m_window; }
    template <typename Widget> Widget* find(const char* name) const { return m_window->findChild<Widget*>(QLatin1String(name)); }
    QString words(const char* label) const { return find<QLabel>(label)->text(); }
    void click(const char* button) const { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::ControlModifier) const { QTest::keyClick(m_window.get(), key, modifiers); }
    QString spoken(StageId stage) const
    {
        return m_window->findChild<QWidget*>(QStringLiteral("stageCard.") + QString::fromUtf8(slug(stage).data(), qsizetype(slug(stage).size())))->accessibleDescription();
    }
    QStringList rows() const
    {
        const auto* model = find<QAbstractItemView>("transcript")->model();
        QStringList all;
        for (int row = 0; row < model->rowCount(); ++row)
            all << model->index(row, 0).data().toString();
        return all;
    }
    /// Of the run whose output folder is the newest; empty before the first.
    QString runId() const
    {
        return e2e::parsed(m_home->read(QStringLiteral("pipeline_output/pipeline_state.json"))).value(QStringLiteral("run_id")).toString();
    }

    bool isShown(const char* page) const
    {
        const auto* made = find<QWidget>(page);
        return made != nullptr && made->isVisible();
    }
    /// By the keys that lead there.
    void open(const char* page) const
    {
        for (int key = Qt::Key_1; key <= Qt::Key_8 && !isShown(page); ++key)
            press(Qt::Key(key));
        QVERIFY2(isShown(page), page);
    }

    /// Every page, light and dark.
    void takePictures(const QString& moment) const
    {
        for (const auto& [scheme, action] : {std::pair{"light", "schemeLight"}, {"dark", "schemeDark"}}) {
            find<QAction>(action)->trigger();
            for (int page = 1; page <= 8; ++page) {
                press(Qt::Key(Qt::Key_0 + page));
                QTest::qWait(100); // so that it is drawn as people see it
                savePicture(QStringLiteral("%1-%2-%3.png").arg(moment, QLatin1String(scheme)).arg(page));
            }
        }
        find<QAction>("schemeLight")->trigger();
    }
    void savePicture(const QString& name) const
    {
        const QDir folder(QStringLiteral(AAP_BINARY_DIR "/screenshots"));
        QVERIFY(folder.mkpath(QStringLiteral(".")));
        QVERIFY(m_window->grab().save(folder.filePath(name)));
    }

private:
    std::unique_ptr<e2e::Home> m_home;
    std::unique_ptr<ComposedWorkbench> m_workbench;
    std::unique_ptr<MainWindow> m_window;
};

QTreeWidgetItem* itemNamed(const QTreeWidget& tree, const QString& name)
{
    const auto found = tree.findItems(name, Qt::MatchExactly | Qt::MatchRecursive);
    return found.isEmpty() ? nullptr : found.first();
}

} // namespace

/// The real window, workbench, engine and sandboxes; replies are recorded.
class WindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        speak(*qApp, QLocale(QStringLiteral("en"))); // which counts lines right
        applyScheme(Scheme::Light);
    }
    void withoutAKeyItIsSaidAndNothingStarts();
    void theDemoRunsForRealAndIsRemoved();
    void closingStopsARunInOrder();
    void aRunThatWasKilledGoesOn();
    void withoutAnEngineTheDemoIsPlayedBack();
};

void WindowTest::withoutAKeyItIsSaidAndNothingStarts()
{
    const Desk desk;
    QTRY_VERIFY_WITH_TIMEOUT(desk.find<QLabel>("banner")->isVisible(), 30'000);
    QVERIFY2(desk.words("banner").contains(QStringLiteral("API key")), qPrintable(desk.words("banner")));
    desk.takePictures(QStringLiteral("first-start"));
    desk.open("pageProject");
    QTest::keyClicks(desk.find<QPlainTextEdit>("requirementsEditor"), QStringLiteral("A tool must sort photos"));
    const QSignalSpy ended(&desk.window(), &MainWindow::runEnded);
    desk.press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 30'000);
    QVERIFY2(desk.words("runNote").contains(QStringLiteral("ANTHROPIC_API_KEY")), qPrintable(desk.words("runNote")));
    desk.click("bannerButton");
    QVERIFY(desk.isShown("pageDoctor"));
    QTRY_VERIFY_WITH_TIMEOUT(desk.find<QPushButton>("checkAgain")->isEnabled(), 30'000);
    QTRY_VERIFY(desk.find<QWidget>("finding.key")->isVisible()); // rows show themselves by the event loop
}

void WindowTest::theDemoRunsForRealAndIsRemoved()
{
    const Desk desk;
    const QSignalSpy ended(&desk.window(), &MainWindow::runEnded);
    desk.open("pageProject");
    desk.click("demoButton");
    auto* approve = desk.find<QPushButton>("approveButton");
    std::map<StageId, QStringList> seen;
    int approved = 0;
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &watch, [&] {
        for (const auto stage : kPipelineStages)
            if (const auto spoken = desk.spoken(stage); !seen[stage].contains(spoken))
                seen[stage] << spoken;
        if (!approve->isVisible())
            return;
        ++approved;
        QTest::mouseClick(approve, Qt::LeftButton);
    });
    watch.start(100);
    QTRY_VERIFY_WITH_TIMEOUT(desk.spoken(StageId::Coding).contains(QStringLiteral("turn 2")), kRunTime);
    desk.press(Qt::Key_P, Qt::ControlModifier | Qt::AltModifier);
    QTRY_VERIFY_WITH_TIMEOUT(desk.words("runNote").startsWith(QStringLiteral("Paused.")), 120'000);
    desk.savePicture(QStringLiteral("paused.png"));
    desk.click("runPauseButton");
    QTRY_VERIFY_WITH_TIMEOUT(ended.count() == 1, kRunTime);
    watch.stop();

    QVERIFY2(desk.words("runNote").startsWith(QStringLiteral("Completed")), qPrintable(desk.words("runNote") + desk.rows().join(u'\n')));
    QCOMPARE(approved, 2); // the requirements and the deployment
    for (const auto stage : kPipelineStages) {
        QVERIFY2(seen[stage].join(u'\n').contains(QStringLiteral("Running")), qPrintable(seen[stage].join(u'\n')));
        QVERIFY2(desk.spoken(stage).contains(QStringLiteral("Passed")), qPrintable(desk.spoken(stage)));
    }
    QVERIFY2(seen[StageId::Coding].join(u'\n').contains(QStringLiteral("Repairing")), qPrintable(seen[StageId::Coding].join(u'\n')));
    const auto rows = desk.rows();
    QVERIFY(rows.size() > 100);
    QVERIFY(rows.contains(QStringLiteral("Completed")));
    QVERIFY(rows.contains(QStringLiteral("The run goes on")));
    QVERIFY(!rows.filter(QStringLiteral("Repair 1 of 3")).isEmpty());

    desk.open("pageArtifacts");
    auto* tree = desk.find<QTreeWidget>("artifactTree");
    QTRY_VERIFY(itemNamed(*tree, QStringLiteral("REPORT.html")));
    QVERIFY(itemNamed(*tree, QStringLiteral("workspace")));
    QVERIFY(desk.find<QPushButton>("openReport")->isEnabled());
    tree->setCurrentItem(itemNamed(*tree, QStringLiteral("storage.py")));
    QTRY_VERIFY(desk.find<QPlainTextEdit>("artifactView")->toPlainText().contains(QStringLiteral("def ")));
    tree->setCurrentItem(itemNamed(*tree, QStringLiteral("runbook.md")));
    QTRY_VERIFY(desk.find<QTextBrowser>("artifactRendered")->isVisible());
    QVERIFY(!desk.find<QTextBrowser>("artifactRendered")->toPlainText().isEmpty());
    desk.takePictures(QStringLiteral("demo"));

    const auto label = QStringLiteral("aap.run=") + desk.runId();
    QVERIFY(!e2e::containers(label).isEmpty());
    desk.open("pageRun");
    desk.click("deploymentsButton");
    QTRY_VERIFY_WITH_TIMEOUT(!desk.find<QLabel>("deployments")->isVisible(), 120'000);
    QCOMPARE(e2e::containers(label), QStringList{});
    QVERIFY(desk.window().close()); // nothing is left to ask about
}

void WindowTest::closingStopsARunInOrder()
{
    const Desk desk;
    const QSignalSpy ended(&desk.window(), &MainWindow::runEnded);
    desk.press(Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
    auto* approve = desk.find<QPushButton>("approveButton");
    QTRY_VERIFY_WITH_TIMEOUT(approve->isVisible(), 60'000);
    desk.press(Qt::Key_Y, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(desk.spoken(StageId::Architecture).contains(QStringLiteral("Running")), 60'000);
    QVERIFY(!desk.window().close());
    QTest::keyClick(desk.find<QWidget>("closeQuestion"), Qt::Key_Escape);
    QTRY_VERIFY(!desk.find<QWidget>("closeQuestion"));
    desk.press(Qt::Key_Escape, Qt::NoModifier);
    QCOMPARE(ended.count(), 0);
    QVERIFY(!desk.window().close());
    desk.click("stopAndQuit");
    QTRY_VERIFY_WITH_TIMEOUT(!desk.window().isVisible(), 60'000);
    QVERIFY(!desk.runId().isEmpty());
    QCOMPARE(e2e::containers(QStringLiteral("aap.run=") + desk.runId()), QStringList{});
    QVERIFY2(desk.words("runNote").startsWith(QStringLiteral("Stopped")), qPrintable(desk.words("runNote")));
}

void WindowTest::aRunThatWasKilledGoesOn()
{
    auto home = std::make_unique<e2e::Home>();
    home->write(QStringLiteral("config.json"), R"({"provider": {"name": "replay", "recording": ")" AAP_TEST_DATA R"(/e2e/coding-only.json"}})");
    home->write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
    const auto program = home->start({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json"),
                                      QStringLiteral("--yes"), QStringLiteral("--verbose")});
    QByteArray said;
    // The next tool has begun, so what the one before has written is on disk: a tool that was cut would be answered as interrupted, and
    // the recording does not know of that.
    const auto hasWritten = [&] { return (said += program->readAllStandardOutput()).contains("run_command"); };
    QTRY_VERIFY_WITH_TIMEOUT(hasWritten() || program->state() == QProcess::NotRunning, 120'000);
    program->kill();
    QTRY_VERIFY(program->state() == QProcess::NotRunning);
    QVERIFY2(program->exitStatus() == QProcess::CrashExit, said + program->readAllStandardError());

    const Desk desk({}, std::move(home));
    QTRY_VERIFY_WITH_TIMEOUT(desk.find<QLabel>("bannerInterrupted")->isVisible(), 30'000);
    QVERIFY2(desk.words("bannerInterrupted").contains(QStringLiteral("Coding, turn")), qPrintable(desk.words("bannerInterrupted")));
    desk.savePicture(QStringLiteral("interrupted.png"));
    const QSignalSpy ended(&desk.window(), &MainWindow::runEnded);
    desk.click("resumeInterrupted");
    QTRY_VERIFY_WITH_TIMEOUT(ended.count() == 1, kRunTime);
    QVERIFY2(desk.words("runNote").startsWith(QStringLiteral("Completed")), qPrintable(desk.words("runNote") + desk.rows().join(u'\n')));
    QVERIFY(!desk.rows().filter(QStringLiteral("write_file")).isEmpty()); // what was before
    QCOMPARE(e2e::containers(QStringLiteral("aap.run=") + desk.runId()), QStringList{});
}

void WindowTest::withoutAnEngineTheDemoIsPlayedBack()
{
    const Desk desk(QStringLiteral("unix:///nonexistent/docker.sock"));
    QTRY_VERIFY_WITH_TIMEOUT(desk.find<QLabel>("banner")->isVisible(), 30'000);
    QVERIFY2(desk.words("banner").contains(QStringLiteral("/nonexistent/docker.sock")), qPrintable(desk.words("banner")));
    desk.takePictures(QStringLiteral("no-engine"));
    QVERIFY(desk.find<QWidget>("finding.docker"));
    desk.open("pageProject");
    const QSignalSpy ended(&desk.window(), &MainWindow::runEnded);
    desk.click("demoButton");
    QTRY_VERIFY_WITH_TIMEOUT(desk.words("runNote").contains(QStringLiteral("layback")), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(ended.count() == 1, kRunTime);
    QVERIFY2(desk.words("runNote").contains(QStringLiteral("layback")), qPrintable(desk.words("runNote")));
    QVERIFY(!desk.rows().filter(QStringLiteral("Repair 1 of 3")).isEmpty());
    QVERIFY(!desk.find<QLabel>("deployments")->isVisible()); // nothing was deployed
    desk.takePictures(QStringLiteral("playback"));
}

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
