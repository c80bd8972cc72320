#include <QAbstractItemView>
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

#include "core/pipeline/run_request.h"
#include "tests/ui/scripted_workbench.h"
#include "tests/ui/visited_window.h"
#include "ui/run/transcript_view.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

/// The window with real keys and clicks.
class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void writtenRequirementsSurviveTheNextStart();
    void ctrlReturnStartsAndTheTranscriptShowsTheRun();
    void withoutRequirementsNothingStarts();
    void escapeNeverStopsARun();
    void aGateIsDecidedByTheUser();
    void closingAsksWhileARunIsOnAndStopsIt();
    void aPageIsMadeWhenItIsFirstShown();
    void whatIsMissingIsSaidOnTheDoctorPage();
    void theCardOfAStageLeadsToItsBegin();
    void whatIsDeployedCanBeRemoved();
    void leavingAsksAboutWhatIsDeployed();
    void aRunThatCannotStartSaysWhy();
    void filesAreShownOneAfterTheOther();
    void noTwoActionsShareAKey();
    void textOfAgentsIsNeverMarkup();

private:
    QString draft() const { return m_folder.filePath(QStringLiteral("draft.md")); }
    static void write(MainWindow& window, const QString& words)
    {
        window.showPage(PageId::Project);
        auto* editor = window.findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor"));
        editor->setFocus();
        editor->selectAll();
        const auto lines = words.split(u'\n');
        QTest::keyClicks(editor, lines.first());
        for (const auto& line : lines.sliced(1)) {
            QTest::keyClick(editor, Qt::Key_Return);
            QTest::keyClicks(editor, line);
        }
    }
    QTemporaryDir m_folder;
};

void MainWindowTest::initTestCase()
{
    applyScheme(Scheme::Light);
}

void MainWindowTest::writtenRequirementsSurviveTheNextStart()
{
    ScriptedWorkbench workbench;
    {
        VisitedWindow window(workbench, {draft(), {}});
        window.show();
        write(window, QStringLiteral("Sort photos by date"));
        window.close();
    }
    VisitedWindow again(workbench, {draft(), {}});
    QCOMPARE(again.findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor"))->toPlainText(), QStringLiteral("Sort photos by date"));
}

void MainWindowTest::ctrlReturnStartsAndTheTranscriptShowsTheRun()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    write(window, QStringLiteral("Sort photos"));
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(workbench.asked, QStringList{QStringLiteral("Sort photos")});
    auto* transcript = window.findChild<QAbstractItemView*>(QStringLiteral("transcript"));
    QStringList rows;
    const auto readRows = [&] {
        rows.clear();
        for (int row = 0; row < transcript->model()->rowCount(); ++row)
            rows << transcript->model()->index(row, 0).data().toString();
        return rows;
    };
    QTRY_VERIFY(readRows().contains(QStringLiteral("Completed")));
    QVERIFY(rows.contains(QStringLiteral("I read the requirements first.")));
    QVERIFY(rows.contains(QStringLiteral("list_directory  .")));
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("stageCard.architecture"))->accessibleDescription().contains(QStringLiteral("Passed")));
}

void MainWindowTest::withoutRequirementsNothingStarts()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {m_folder.filePath(QStringLiteral("empty.md")), {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!window.findChild<QPushButton*>(QStringLiteral("startButton"))->isEnabled());
    QVERIFY(workbench.asked.isEmpty());
}

void MainWindowTest::escapeNeverStopsARun()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("runNote"))->text().contains(QStringLiteral("ecorded replies")));
    QTest::keyClick(&window, Qt::Key_Escape);
    QVERIFY(workbench.isRunning());
    QTest::keyClick(&window, Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(ended.count(), 1);
}

void MainWindowTest::aGateIsDecidedByTheUser()
{
    ScriptedWorkbench workbench;
    workbench.waitsAtGate = true;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    auto* approve = window.findChild<QPushButton*>(QStringLiteral("approveButton"));
    QTRY_VERIFY(approve->isVisible());
    QCOMPARE(ended.count(), 0);
    QTest::keyClicks(window.findChild<QLineEdit*>(QStringLiteral("gateComment")), QStringLiteral("looks good"));
    QTest::mouseClick(approve, Qt::LeftButton);
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(workbench.answered.decision, Approver::Decision::Approved);
    QCOMPARE(workbench.answered.comment, std::string("looks good"));
}

void MainWindowTest::closingAsksWhileARunIsOnAndStopsIt()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    window.startDemo();
    QVERIFY(!window.close());
    QPushButton* stop = nullptr;
    QTRY_VERIFY((stop = window.findChild<QPushButton*>(QStringLiteral("stopAndQuit"))) != nullptr);
    QTest::mouseClick(stop, Qt::LeftButton);
    QTRY_VERIFY(!window.isVisible());
    QVERIFY(!workbench.isRunning());
}

void MainWindowTest::aPageIsMadeWhenItIsFirstShown()
{
    ScriptedWorkbench workbench;
    workbench.findings = {Finding{.id = "docker", .title = "Docker engine", .status = Finding::Status::Ok, .detail = "20.10"}};
    MainWindow window(workbench, {draft(), {}});
    window.show();
    QTRY_VERIFY(window.findChild<QWidget*>(QStringLiteral("ready.docker")) != nullptr);
    for (const auto* name : {"pageProject", "pagePipeline", "pageArtifacts", "pageHistory", "pageSettings", "pageDoctor"})
        QVERIFY2(window.findChild<QWidget*>(QLatin1String(name)) == nullptr, name);
    window.showPage(PageId::Doctor);
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("finding.docker")) != nullptr); // found before there was the page
    window.showPage(PageId::Welcome);
    window.showPage(PageId::Doctor);
    QCOMPARE(window.findChildren<QWidget*>(QStringLiteral("pageDoctor")).size(), 1);
}

void MainWindowTest::whatIsMissingIsSaidOnTheDoctorPage()
{
    ScriptedWorkbench workbench;
    Finding docker;
    docker.id = "docker";
    docker.title = "Docker engine";
    docker.status = Finding::Status::Fail;
    docker.detail = "No engine answers at unix:///var/run/docker.sock.";
    docker.remedy = "Start it.";
    docker.fixCommand = "sudo systemctl start docker";
    workbench.findings = {docker};
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    auto* banner = window.findChild<QLabel*>(QStringLiteral("banner"));
    QTRY_VERIFY(banner->isVisible());
    QVERIFY(banner->text().contains(QStringLiteral("No engine answers")));
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("finding.docker")));
    const auto* navigation = window.findChild<QListWidget*>(QStringLiteral("navigation"));
    QVERIFY(!navigation->findItems(QStringLiteral("Doctor  !"), Qt::MatchExactly).isEmpty());
    workbench.findings.clear();
    window.showPage(PageId::Doctor);
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("checkAgain")), Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("doctorSummary"))->text().contains(QStringLiteral("can start")));
}

void MainWindowTest::theCardOfAStageLeadsToItsBegin()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    auto* transcript = window.findChild<QAbstractItemView*>(QStringLiteral("transcript"));
    QTest::mouseClick(window.findChild<QWidget*>(QStringLiteral("stageCard.coding")), Qt::LeftButton);
    QCOMPARE(transcript->currentIndex().data().toString(), QStringLiteral("Coding"));
    auto* architecture = window.findChild<QWidget*>(QStringLiteral("stageCard.architecture"));
    QTest::keyClick(architecture, Qt::Key_Return);
    QCOMPARE(transcript->currentIndex().data().toString(), QStringLiteral("Architecture"));
}

void MainWindowTest::whatIsDeployedCanBeRemoved()
{
    ScriptedWorkbench workbench;
    workbench.deploys = true;
    workbench.removalFails = true;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    auto* offer = window.findChild<QLabel*>(QStringLiteral("deployments"));
    auto* remove = window.findChild<QPushButton*>(QStringLiteral("deploymentsButton"));
    QVERIFY(!offer->isVisible());
    window.startDemo();
    QTRY_VERIFY(remove->isVisible());
    QTest::mouseClick(remove, Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("bannerSaid"))->text().contains(QStringLiteral("No engine answers")));
    QTRY_VERIFY(remove->isEnabled()); // it still stands
    workbench.removalFails = false;
    QTest::mouseClick(remove, Qt::LeftButton);
    QTRY_VERIFY(!offer->isVisible());
    QCOMPARE(workbench.removed, QStringList(2, QString::fromStdString(ScriptedWorkbench::runId(0))));
    QVERIFY(window.close());
}

void MainWindowTest::leavingAsksAboutWhatIsDeployed()
{
    ScriptedWorkbench workbench;
    workbench.deploys = true;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    window.startDemo();
    QTRY_VERIFY(window.findChild<QPushButton*>(QStringLiteral("deploymentsButton"))->isVisible());
    QVERIFY(!window.close());
    QTest::keyClick(window.findChild<QWidget*>(QStringLiteral("closeQuestion")), Qt::Key_Escape);
    QTRY_VERIFY(!window.findChild<QWidget*>(QStringLiteral("closeQuestion")));
    QVERIFY(window.isVisible());
    QVERIFY(!window.close());
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("removeAndQuit")), Qt::LeftButton);
    QTRY_VERIFY(!window.isVisible());
    QCOMPARE(workbench.removed.size(), 1);
}

void MainWindowTest::aRunThatCannotStartSaysWhy()
{
    ScriptedWorkbench workbench;
    workbench.refusal = Error{ErrorCode::Unauthorized, "there is no API key", {}, "Set ANTHROPIC_API_KEY."};
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    window.startDemo();
    QTRY_COMPARE(window.findChild<QLabel*>(QStringLiteral("runNote"))->text(), QStringLiteral("There is no API key. Set ANTHROPIC_API_KEY."));
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("bannerSaidButton")), Qt::LeftButton);
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("pageDoctor"))->isVisible());
}

void MainWindowTest::filesAreShownOneAfterTheOther()
{
    QTemporaryDir output;
    for (const auto& [name, words] : {std::pair{"a.md", "# First\n<b>raw</b>"}, {"b.md", "*Second*"}, {"c.txt", "*Third*"}, {"d.md", "Fourth"}}) {
        QFile file(output.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(words) > 0);
    }
    ScriptedWorkbench workbench;
    workbench.output = output.path();
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    window.startDemo();
    auto* tree = window.findChild<QTreeWidget*>(QStringLiteral("artifactTree"));
    QTRY_COMPARE(tree->topLevelItemCount(), 4);
    const auto* rendered = window.findChild<QTextBrowser*>(QStringLiteral("artifactRendered"));
    const auto* plain = window.findChild<QPlainTextEdit*>(QStringLiteral("artifactView"));
    tree->setCurrentItem(tree->topLevelItem(0));
    QTRY_VERIFY(rendered->toPlainText().startsWith(QStringLiteral("First")));
    tree->setCurrentItem(tree->topLevelItem(1));
    QTRY_COMPARE(rendered->toPlainText(), QStringLiteral("Second"));
    tree->setCurrentItem(tree->topLevelItem(2));
    QTRY_COMPARE(plain->toPlainText(), QStringLiteral("*Third*"));
    tree->setCurrentItem(tree->topLevelItem(3));
    QTRY_COMPARE(rendered->toPlainText(), QStringLiteral("Fourth"));
    window.findChild<QTabBar*>(QStringLiteral("artifactTabs"))->setCurrentIndex(0);
    QCOMPARE(plain->toPlainText(), QStringLiteral("Fourth"));
}

void MainWindowTest::noTwoActionsShareAKey()
{
    ScriptedWorkbench workbench;
    const VisitedWindow window(workbench, {draft(), {}});
    QHash<QKeySequence, QString> owners;
    for (const auto* action : window.findChildren<QAction*>()) {
        if (action->shortcut().isEmpty())
            continue;
        QVERIFY2(!owners.contains(action->shortcut()), qPrintable(action->objectName() + QStringLiteral(" and ") + owners.value(action->shortcut())));
        owners.insert(action->shortcut(), action->objectName());
        QVERIFY2(!action->toolTip().isEmpty() && !action->objectName().isEmpty(), qPrintable(action->text()));
    }
    QVERIFY(owners.size() > 5);
}

void MainWindowTest::textOfAgentsIsNeverMarkup()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {draft(), {}});
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("runHeadline"))->text().contains(QStringLiteral("<b>not bold</b>")));
    for (const auto* label : window.findChildren<QLabel*>())
        if (label->text().contains(u'<'))
            QCOMPARE(label->textFormat(), Qt::PlainText);
}

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
