#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QSet>
#include <QStackedWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "tests/ui/scripted_workbench.h"
#include "tests/ui/visited_window.h"
#include "ui/shell/main_window.h"
#include "ui/shell/run_desk.h"
#include "ui/widgets/look.h"

using namespace aap;

/// What surrounds the pages: the way to them, actions, the status bar, what is remembered, and several runs side by side.
class ShellTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void cleanup()
    {
        applyScheme(Scheme::Light);
        setTextSize(100);
    }
    void keysLeadToPages_data();
    void keysLeadToPages();
    void aNarrowWindowShowsIconsAlone();
    void f9HidesTheNames();
    void thePaletteFindsAnActionByItsWords();
    void escapeLeavesThePalette();
    void partsOfTheStatusBarLeadToTheirPages();
    void theNextStartLooksLikeTheLast();
    void f6GoesRoundThePanes();
    void editActionsReachTheTextInFocus();
    void runsStandSideBySide();
    void closingATabStopsNothing();
    void aRunWithoutAPlaceSaysThatItWaits();
    void theSameRequirementsAreNotPaidForTwiceByAccident();
    void whatWaitsIsCounted();
    void everyActionIsNamedAndExplained();
    void textGrowsAndShrinks();
    void theNextStartKeepsTheSizeOfTheText();
    void f1SaysWhatThePageIsFor();
    void everyKeyIsListed();
    void aDemoIsSaidOnEveryPage();
    void theDemoLeadsThroughEveryPage();
    void aNoticeLeadsToItsRun();
    void f8GoesThroughProblems();

private:
    WindowFiles files() const { return {m_folder.filePath(QStringLiteral("draft.md")), m_folder.filePath(QStringLiteral("window.ini"))}; }
    static bool shows(const MainWindow& window, const char* page) { return window.findChild<QWidget*>(QLatin1String(page))->isVisible(); }
    static void write(MainWindow& window, const QString& words) { window.findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor"))->setPlainText(words); }
    QTemporaryDir m_folder;
};

void ShellTest::keysLeadToPages_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<QByteArray>("page");
    QTest::newRow("Welcome") << int(Qt::Key_1) << QByteArray("pageWelcome");
    QTest::newRow("Project") << int(Qt::Key_2) << QByteArray("pageProject");
    QTest::newRow("Pipeline") << int(Qt::Key_3) << QByteArray("pagePipeline");
    QTest::newRow("Run") << int(Qt::Key_4) << QByteArray("pageRun");
    QTest::newRow("Artifacts") << int(Qt::Key_5) << QByteArray("pageArtifacts");
    QTest::newRow("History") << int(Qt::Key_6) << QByteArray("pageHistory");
    QTest::newRow("Settings") << int(Qt::Key_7) << QByteArray("pageSettings");
    QTest::newRow("Doctor") << int(Qt::Key_8) << QByteArray("pageDoctor");
}

void ShellTest::keysLeadToPages()
{
    QFETCH(const int, key);
    QFETCH(const QByteArray, page);
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(key == Qt::Key_1 ? PageId::Run : PageId::Welcome);
    QVERIFY(!shows(window, page.constData()));
    QTest::keyClick(&window, Qt::Key(key), Qt::ControlModifier);
    QVERIFY(shows(window, page.constData()));
}

void ShellTest::aNarrowWindowShowsIconsAlone()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.resize(1280, 800);
    window.show();
    auto* navigation = window.findChild<Sidebar*>(QStringLiteral("navigation"));
    QVERIFY(!navigation->isCompact());
    window.resize(1000, 700);
    QTRY_VERIFY(navigation->isCompact());
    QCOMPARE(navigation->width(), 48);
    QVERIFY(!navigation->item(0)->toolTip().isEmpty());
    window.resize(1280, 800);
    QTRY_COMPARE(navigation->width(), 176);
}

void ShellTest::f9HidesTheNames()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.resize(1280, 800);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const auto* navigation = window.findChild<Sidebar*>(QStringLiteral("navigation"));
    QTest::keyClick(&window, Qt::Key_F9);
    QVERIFY(navigation->isCompact());
    QVERIFY(!window.findChild<QAction*>(QStringLiteral("sidebar"))->isChecked());
    QTest::keyClick(&window, Qt::Key_F9);
    QVERIFY(!navigation->isCompact());
}

void ShellTest::thePaletteFindsAnActionByItsWords()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    auto* words = window.findChild<QLineEdit*>(QStringLiteral("paletteWords"));
    auto* found = window.findChild<QListWidget*>(QStringLiteral("paletteActions"));
    QVERIFY(words != nullptr && words->isVisible());
    const auto all = found->count();
    QVERIFY(all > 10);
    QTest::keyClicks(words, QStringLiteral("hist"));
    QVERIFY(found->count() > 1); // the export speaks of the history, too
    QVERIFY(found->item(0)->text().startsWith(QStringLiteral("History")));
    words->clear();
    QTest::keyClicks(words, QStringLiteral("artif"));
    QCOMPARE(found->count(), 1);
    QTest::keyClick(words, Qt::Key_Return);
    QTRY_VERIFY(shows(window, "pageArtifacts"));
    QTRY_VERIFY(window.findChild<QDialog*>(QStringLiteral("actionPalette")) == nullptr);
}

void ShellTest::escapeLeavesThePalette()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    window.showPage(PageId::Project);
    (window.findChild<QAction*>(QStringLiteral("palette")))->trigger();
    auto* words = window.findChild<QLineEdit*>(QStringLiteral("paletteWords"));
    QTest::keyClicks(words, QStringLiteral("nothing is called that"));
    QTest::keyClick(words, Qt::Key_Return); // nothing is found, nothing happens
    QVERIFY(words->isVisible());
    QTest::keyClick(words, Qt::Key_Escape);
    QTRY_VERIFY(window.findChild<QDialog*>(QStringLiteral("actionPalette")) == nullptr);
    QVERIFY(shows(window, "pageProject"));
}

void ShellTest::partsOfTheStatusBarLeadToTheirPages()
{
    ScriptedWorkbench workbench;
    workbench.findings = {Finding{.id = "docker", .title = "Docker engine", .status = Finding::Status::Ok, .detail = "20.10"}};
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    auto* engine = window.findChild<QToolButton*>(QStringLiteral("statusEngine"));
    QTRY_COMPARE(engine->text(), QStringLiteral("✓ Docker"));
    QTest::mouseClick(engine, Qt::LeftButton);
    QVERIFY(shows(window, "pageDoctor"));
    QTest::mouseClick(window.findChild<QToolButton*>(QStringLiteral("statusMoney")), Qt::LeftButton);
    QVERIFY(shows(window, "pageRun"));
}

void ShellTest::theNextStartLooksLikeTheLast()
{
    ScriptedWorkbench workbench;
    {
        VisitedWindow window(workbench, files());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.resize(1111, 666);
        window.showPage(PageId::Artifacts);
        window.findChild<QAction*>(QStringLiteral("schemeDark"))->trigger();
        QTest::keyClick(&window, Qt::Key_F9);
        QVERIFY(window.close());
    }
    applyScheme(Scheme::Light);
    VisitedWindow again(workbench, files());
    again.show();
    QVERIFY(isDark());
    QCOMPARE(again.size(), QSize(1111, 666));
    QVERIFY(shows(again, "pageArtifacts"));
    QVERIFY(again.findChild<Sidebar*>(QStringLiteral("navigation"))->isCompact());
    QVERIFY(again.findChild<QAction*>(QStringLiteral("schemeDark"))->isChecked());
}

void ShellTest::f6GoesRoundThePanes()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::Project);
    auto* navigation = window.findChild<QListWidget*>(QStringLiteral("navigation"));
    navigation->setFocus();
    QTest::keyClick(&window, Qt::Key_F6);
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("pageProject"))->isAncestorOf(window.focusWidget()));
    QTest::keyClick(&window, Qt::Key_F6, Qt::ShiftModifier);
    QCOMPARE(window.focusWidget(), navigation);
}

void ShellTest::editActionsReachTheTextInFocus()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::Project);
    auto* editor = window.findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor"));
    editor->clear();
    editor->setFocus();
    QTest::keyClicks(editor, QStringLiteral("abc"));
    window.findChild<QAction*>(QStringLiteral("undo"))->trigger();
    QCOMPARE(editor->toPlainText(), QString());
    window.findChild<QAction*>(QStringLiteral("redo"))->trigger();
    QCOMPARE(editor->toPlainText(), QStringLiteral("abc"));
    window.findChild<QAction*>(QStringLiteral("selectAll"))->trigger();
    QVERIFY(editor->textCursor().hasSelection());
    window.findChild<QListWidget*>(QStringLiteral("navigation"))->setFocus();
    window.findChild<QAction*>(QStringLiteral("undo"))->trigger(); // a list knows no undo, and says nothing
}

void ShellTest::runsStandSideBySide()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    workbench.title = "First & foremost";
    window.startDemo();
    auto* tabs = window.findChild<QTabWidget*>(QStringLiteral("runTabs"));
    QTRY_COMPARE(tabs->tabText(0), QStringLiteral("First && foremost"));
    workbench.title = "Second";
    window.startDemo();
    QCOMPARE(tabs->count(), 2);
    QTRY_COMPARE(tabs->tabText(1), QStringLiteral("Second"));
    QCOMPARE(tabs->currentIndex(), 1);
    QTest::keyClick(&window, Qt::Key_PageDown, Qt::ControlModifier);
    QCOMPARE(tabs->currentIndex(), 0);
    QTest::keyClick(&window, Qt::Key_Period, Qt::ControlModifier); // stops the one that is shown
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(workbench.isRunning());
    QVERIFY(!window.findChild<QAction*>(QStringLiteral("stop"))->isEnabled());
    tabs->setCurrentIndex(1);
    QVERIFY(window.findChild<QAction*>(QStringLiteral("stop"))->isEnabled());
    QTest::keyClick(&window, Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(ended.count(), 2);
}

void ShellTest::closingATabStopsNothing()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    auto* tabs = window.findChild<QTabWidget*>(QStringLiteral("runTabs"));
    QTRY_VERIFY(tabs->tabText(0).startsWith(QStringLiteral("Todo")));
    QTest::keyClick(&window, Qt::Key_W, Qt::ControlModifier);
    QVERIFY(workbench.isRunning());
    QCOMPARE(tabs->count(), 1);
    QCOMPARE(tabs->tabText(0), QStringLiteral("New run"));
    auto* desk = window.findChild<RunDesk*>(QStringLiteral("pageRun"));
    QCOMPARE(desk->running(), 1U);
    QVERIFY(desk->show(ScriptedWorkbench::runId(0)));
    QVERIFY(tabs->tabText(tabs->currentIndex()).startsWith(QStringLiteral("Todo")));
    QTest::keyClick(&window, Qt::Key_W, Qt::ControlModifier);
    QVERIFY(!window.close()); // it asks
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("stopAndQuit")), Qt::LeftButton);
    QTRY_VERIFY(!window.isVisible());
    QCOMPARE(ended.count(), 1);
}

void ShellTest::aRunWithoutAPlaceSaysThatItWaits()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    workbench.flags["engine.max_parallel_runs"] = "1";
    workbench.places = 1;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    window.startDemo();
    window.startDemo();
    const auto headlines = window.findChildren<QLabel*>(QStringLiteral("runHeadline"));
    QCOMPARE(headlines.size(), 2);
    QCOMPARE(headlines[1]->text(), QStringLiteral("Waiting for a place"));
    workbench.stop(ScriptedWorkbench::runId(0));
    QTRY_VERIFY(headlines[1]->text().startsWith(QStringLiteral("Todo")));
}

void ShellTest::theSameRequirementsAreNotPaidForTwiceByAccident()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    write(window, QStringLiteral("Sort photos"));
    window.startRun();
    window.startRun();
    auto* show = window.findChild<QPushButton*>(QStringLiteral("showRun"));
    QVERIFY(show != nullptr);
    QTest::mouseClick(show, Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QPushButton*>(QStringLiteral("showRun")) == nullptr);
    QCOMPARE(workbench.asked.size(), 1);
    window.startRun();
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("startAnother")), Qt::LeftButton);
    QTRY_COMPARE(workbench.asked.size(), 2);
    write(window, QStringLiteral("Sort something else"));
    window.startRun();
    QTRY_COMPARE(workbench.asked.size(), 3);
}

void ShellTest::whatWaitsIsCounted()
{
    ScriptedWorkbench workbench;
    workbench.waitsAtGate = true;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    const auto* navigation = window.findChild<QListWidget*>(QStringLiteral("navigation"));
    const auto hasRow = [&](const char* words) { return !navigation->findItems(QLatin1String(words), Qt::MatchExactly).isEmpty(); };
    window.startDemo();
    QTRY_VERIFY(hasRow("Run  1"));
    window.startDemo();
    QTRY_VERIFY(hasRow("Run  2"));
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    for (auto* approve : window.findChildren<QPushButton*>(QStringLiteral("approveButton")))
        approve->click();
    QTRY_COMPARE(ended.count(), 2);
    QTRY_VERIFY(hasRow("Run"));
}

void ShellTest::everyActionIsNamedAndExplained()
{
    ScriptedWorkbench workbench;
    const VisitedWindow window(workbench, {files().draft, {}});
    int known = 0;
    for (const auto* action : window.findChildren<QAction*>()) {
        if (action->objectName().isEmpty() || action->objectName().startsWith(QStringLiteral("_q_")))
            continue;
        ++known;
        QVERIFY2(!action->text().isEmpty() && !action->toolTip().isEmpty() && !action->statusTip().isEmpty(), qPrintable(action->objectName()));
        QVERIFY2(action->text().contains(u'&'), qPrintable(action->objectName() + QStringLiteral(" has no letter to press")));
    }
    QVERIFY(known > 20);
}

void ShellTest::textGrowsAndShrinks()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const auto sizeOf = [&](const char* name) { return window.findChild<QWidget*>(QLatin1String(name))->font().pointSizeF(); };
    const auto editor = sizeOf("requirementsEditor");
    const auto heading = sizeOf("runHeadline"); // has a size of its own
    const auto log = sizeOf("rawLog");
    QTest::keyClick(&window, Qt::Key_Plus, Qt::ControlModifier);
    QTest::keyClick(&window, Qt::Key_Equal, Qt::ControlModifier);
    QTRY_VERIFY(qFuzzyCompare(sizeOf("requirementsEditor"), editor * 1.2));
    QVERIFY(qAbs(sizeOf("runHeadline") - heading * 1.2) < 0.1);
    QVERIFY(qAbs(sizeOf("rawLog") - log * 1.2) < 0.1);
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(&window, Qt::Key_Minus, Qt::ControlModifier);
    QTRY_VERIFY(qFuzzyCompare(sizeOf("requirementsEditor"), editor * 0.8)); // and no smaller
    QTest::keyClick(&window, Qt::Key_0, Qt::ControlModifier);
    QTRY_VERIFY(qFuzzyCompare(sizeOf("requirementsEditor"), editor));
    QVERIFY(qAbs(sizeOf("runHeadline") - heading) < 0.1);
}

void ShellTest::theNextStartKeepsTheSizeOfTheText()
{
    ScriptedWorkbench workbench;
    const auto before = QApplication::font().pointSizeF();
    {
        VisitedWindow window(workbench, files());
        window.findChild<QAction*>(QStringLiteral("largerText"))->trigger();
    }
    setTextSize(100);
    VisitedWindow again(workbench, files());
    QCOMPARE(QApplication::font().pointSizeF(), before * 1.1);
    again.findChild<QAction*>(QStringLiteral("normalText"))->trigger();
    QCOMPARE(QApplication::font().pointSizeF(), before);
}

void ShellTest::f1SaysWhatThePageIsFor()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::History);
    QTest::keyClick(&window, Qt::Key_F1);
    auto* sheet = window.findChild<QDialog*>(QStringLiteral("helpSheet"));
    QVERIFY(sheet != nullptr && sheet->isVisible());
    auto* topics = sheet->findChild<QListWidget*>(QStringLiteral("helpTopics"));
    QCOMPARE(topics->currentItem()->text(), QStringLiteral("History"));
    QTest::keyClick(topics, Qt::Key_Down);
    QCOMPARE(topics->currentItem()->text(), QStringLiteral("Settings"));
    QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("helpKeys")), Qt::LeftButton);
    QVERIFY(window.findChild<QDialog*>(QStringLiteral("keysSheet"))->isVisible());
    QTRY_VERIFY(window.findChild<QDialog*>(QStringLiteral("helpSheet")) == nullptr);
    QTest::keyClick(window.findChild<QDialog*>(QStringLiteral("keysSheet")), Qt::Key_Escape);
    QTRY_VERIFY(window.findChild<QDialog*>(QStringLiteral("keysSheet")) == nullptr);
}

void ShellTest::everyKeyIsListed()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.findChild<QAction*>(QStringLiteral("shortcuts"))->trigger();
    auto* list = window.findChild<QTreeWidget*>(QStringLiteral("keyList"));
    int keyed = 0;
    for (const auto* action : window.findChildren<QAction*>())
        keyed += !action->objectName().isEmpty() && !action->shortcut().isEmpty() && !action->statusTip().isEmpty() ? 1 : 0;
    QCOMPARE(list->topLevelItemCount(), keyed);
    QTest::keyClicks(window.findChild<QLineEdit*>(QStringLiteral("keysFilter")), QStringLiteral("f8"));
    QStringList shown;
    for (int row = 0; row < list->topLevelItemCount(); ++row)
        if (!list->topLevelItem(row)->isHidden())
            shown << list->topLevelItem(row)->text(0);
    QCOMPARE(shown, (QStringList{QStringLiteral("Next problem"), QStringLiteral("Previous problem")}));
}

void ShellTest::aDemoIsSaidOnEveryPage()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    workbench.playsBack = true;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    auto* ribbon = window.findChild<QLabel*>(QStringLiteral("demoRibbon"));
    QVERIFY(!ribbon->isVisible());
    window.startDemo();
    QTRY_VERIFY(ribbon->isVisible());
    QVERIFY(window.findChild<QToolButton*>(QStringLiteral("demoSpeed16"))->isVisible());
    for (const auto page : {PageId::Welcome, PageId::Pipeline, PageId::Artifacts, PageId::Settings}) {
        window.showPage(page);
        QVERIFY(ribbon->isVisible());
    }
    window.findChild<QAction*>(QStringLiteral("closeTab"))->trigger();
    QVERIFY(!ribbon->isVisible());
}

void ShellTest::theDemoLeadsThroughEveryPage()
{
    ScriptedWorkbench workbench;
    workbench.label = "Recorded replies";
    workbench.runsUntilStopped = true;
    MainWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.startDemo();
    auto* offer = window.findChild<QPushButton*>(QStringLiteral("demoTourButton"));
    QTRY_VERIFY(offer->isVisible());
    QTest::mouseClick(offer, Qt::LeftButton);
    QVERIFY(!offer->isVisible());
    const auto* pages = window.findChild<QStackedWidget*>(QStringLiteral("pages"));
    const auto* words = window.findChild<QLabel*>(QStringLiteral("demoTourWords"));
    auto* next = window.findChild<QPushButton*>(QStringLiteral("demoTourNext"));
    auto* back = window.findChild<QPushButton*>(QStringLiteral("demoTourBack"));
    QVERIFY(!back->isEnabled());
    QSet<const QWidget*> seen;
    QSet<QString> said;
    while (words->isVisible()) {
        seen << pages->currentWidget();
        said << words->text();
        QTest::keyClick(next, Qt::Key_Space);
    }
    QCOMPARE(seen.size(), pages->count() - 1); // all but the one it began from
    QCOMPARE(said.size(), seen.size());
    QVERIFY(offer->isVisible());
    offer->click();
    next->click();
    back->click();
    QVERIFY2(words->text().startsWith(QStringLiteral("1 of 7")), qPrintable(words->text()));
    window.findChild<QPushButton*>(QStringLiteral("demoTourEnd"))->click();
    QVERIFY(!words->isVisible());
    offer->click();
    window.findChild<QAction*>(QStringLiteral("closeTab"))->trigger();
    QVERIFY(!words->isVisible()); // with the demo goes its tour
}

void ShellTest::aNoticeLeadsToItsRun()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    workbench.title = "First";
    window.startDemo();
    auto* tabs = window.findChild<QTabWidget*>(QStringLiteral("runTabs"));
    QTRY_COMPARE(tabs->tabText(0), QStringLiteral("First"));
    window.startDemo();
    QCOMPARE(tabs->currentIndex(), 1);
    window.showPage(PageId::Welcome);
    window.showRun(QString::fromStdString(ScriptedWorkbench::runId(0)));
    QVERIFY(shows(window, "pageRun"));
    QCOMPARE(tabs->currentIndex(), 0);
}

void ShellTest::f8GoesThroughProblems()
{
    ScriptedWorkbench workbench;
    workbench.warns = true;
    VisitedWindow window(workbench, {files().draft, {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QVERIFY(!window.findChild<QAction*>(QStringLiteral("nextProblem"))->isEnabled());
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    window.showPage(PageId::Welcome);
    QTest::keyClick(&window, Qt::Key_F8);
    const auto* transcript = window.findChild<QAbstractItemView*>(QStringLiteral("transcript"));
    QVERIFY(transcript->isVisible());
    QCOMPARE(transcript->currentIndex().data().toString(), QStringLiteral("the disk is nearly full"));
}

QTEST_MAIN(ShellTest)
#include "tst_shell.moc"
