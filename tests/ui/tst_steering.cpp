#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/scripted_workbench.h"
#include "tests/ui/visited_window.h"
#include "ui/run/run_budget.h"
#include "ui/run/steer_sheets.h"
#include "ui/shell/main_window.h"
#include "ui/shell/run_desk.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

constexpr auto kCtrl = Qt::ControlModifier;
constexpr auto kCtrlAlt = Qt::ControlModifier | Qt::AltModifier;
constexpr auto kCtrlShift = Qt::ControlModifier | Qt::ShiftModifier;

/// A window in front of the user, with what a test looks at in it.
struct Front {
    explicit Front(ScriptedWorkbench& workbench) : window(workbench, {})
    {
        window.show();
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window does not become active");
    }
    template <typename Widget> Widget* find(const char* name) const { return window.findChild<Widget*>(QLatin1String(name)); }
    QString words(const char* label) const { return find<QLabel>(label)->text(); }
    void click(const char* button) const { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = kCtrl)
    {
        window.activateWindow(); // a sheet may have been in front of it
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window is not active any more");
        QTest::keyClick(&window, key, modifiers);
    }
    bool isEnabled(const char* action) const { return find<QAction>(action)->isEnabled(); }
    QStringList rows() const
    {
        const auto* model = find<QAbstractItemView>("transcript")->model();
        QStringList all;
        for (int row = 0; row < model->rowCount(); ++row)
            all << model->index(row, 0).data().toString();
        return all;
    }
    bool hasRow(const QString& words) const { return !rows().filter(words).isEmpty(); }

    VisitedWindow window;
};

} // namespace

/// What a user can wish of a run while it goes, and runs that go on after they were interrupted.
class SteeringTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void aRunIsPausedAndGoesOn();
    void theAgentReadsAMessage();
    void aLimitIsRaised();
    void aStageIsSkippedAndOneSentBack();
    void aPlaybackOffersNothing();
    void aGateIsSentBackWithWordsOnly();
    void aRunElsewhereThatWaitsIsSaid();
    void mostOfTheBudgetIsSaid();
    void anInterruptedRunIsOfferedAndGoesOn();
    void anInterruptedRunIsDiscardedUnlessUndone();
    void aStoppedRunGoesOnInItsTab();
    void aReachedLimitIsAskedForMore();
    void aRunIsGoneThroughAgainFromAStage();
    void heldLimitsAreThoseThatCanBeRaised();
};

void SteeringTest::aRunIsPausedAndGoesOn()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    Front front(workbench);
    QVERIFY(!front.isEnabled("pause"));
    front.window.startDemo();
    QTRY_VERIFY(front.find<QPushButton>("runPauseButton")->isVisible());
    front.press(Qt::Key_P, kCtrlAlt);
    QTRY_COMPARE(front.words("runNote"), QStringLiteral("Paused. Nothing happens and nothing is paid."));
    QCOMPARE(front.find<QPushButton>("runPauseButton")->text(), QStringLiteral("&Go on"));
    QCOMPARE(front.find<QAction>("pause")->text(), QStringLiteral("&Go on"));
    QTRY_VERIFY(front.find<QWidget>("stageCard.coding")->accessibleDescription().startsWith(QStringLiteral("Paused")));
    front.click("runPauseButton");
    QTRY_VERIFY(front.hasRow(QStringLiteral("The run goes on")));
    QTRY_VERIFY(!front.find<QWidget>("stageCard.coding")->accessibleDescription().contains(QStringLiteral("Paused")));
    QCOMPARE(front.find<QPushButton>("runPauseButton")->text(), QStringLiteral("&Pause"));
    front.press(Qt::Key_Period);
    QTRY_VERIFY(!front.find<QPushButton>("runPauseButton")->isVisible());
}

void SteeringTest::theAgentReadsAMessage()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    Front front(workbench);
    front.window.startDemo();
    auto* input = front.find<QLineEdit>("steerInput");
    QTRY_VERIFY(input->isVisible());
    QTRY_COMPARE(input->placeholderText(), QStringLiteral("Say something to Coding …"));
    front.window.showPage(PageId::Welcome);
    front.press(Qt::Key_M);
    QVERIFY(input->hasFocus());
    QVERIFY(!front.find<QPushButton>("steerSend")->isEnabled());
    QTest::keyClicks(input, QStringLiteral("Use SQLite <b>only</b>"));
    QTest::keyClick(input, Qt::Key_Return);
    QCOMPARE(input->text(), QString());
    QVERIFY(front.words("steerHint").contains(QStringLiteral("sent")));
    QTRY_VERIFY(front.hasRow(QStringLiteral("You: Use SQLite <b>only</b>")));
}

void SteeringTest::aLimitIsRaised()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    Front front(workbench);
    front.window.startDemo();
    QTRY_VERIFY(front.isEnabled("raiseLimit"));
    front.find<QAction>("raiseLimit")->trigger();
    auto* value = front.find<QDoubleSpinBox>("limitValue");
    QVERIFY(value != nullptr && value->isVisible());
    QCOMPARE(front.find<QComboBox>("limitWhich")->currentText(), QStringLiteral("Budget of the run: $5.00"));
    QCOMPARE(value->value(), 7.5);
    value->setValue(8);
    front.click("limitSheetVerb");
    QTRY_VERIFY(front.hasRow(QStringLiteral("You raised a limit. Budget of the run: $8.00")));
    QTRY_VERIFY(front.find<QWidget>("limitSheet") == nullptr);
}

void SteeringTest::aStageIsSkippedAndOneSentBack()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    Front front(workbench);
    front.window.startDemo();
    QTRY_VERIFY(front.isEnabled("skipStage"));
    front.find<QAction>("skipStage")->trigger();
    auto* which = front.find<QComboBox>("skipStage");
    QCOMPARE(which->currentText(), QStringLiteral("Coding")); // the one at work
    QVERIFY(which->findText(QStringLiteral("Architecture")) < 0); // it has passed
    which->setCurrentIndex(which->findText(QStringLiteral("Monitoring")));
    front.click("skipSheetVerb");
    QTRY_VERIFY(front.hasRow(QStringLiteral("You: skip Monitoring")));
    QTRY_VERIFY(front.find<QWidget>("skipSheet") == nullptr);

    front.press(Qt::Key_B, kCtrlShift);
    auto* comment = front.find<QLineEdit>("sendBackComment");
    QVERIFY(comment != nullptr);
    QVERIFY(!front.find<QPushButton>("sendBackSheetVerb")->isEnabled());
    auto* stage = front.find<QComboBox>("sendBackStage");
    stage->setCurrentIndex(stage->findText(QStringLiteral("Architecture")));
    QTest::keyClicks(comment, QStringLiteral("One service, not two"));
    QTest::keyClick(comment, Qt::Key_Return);
    QTRY_VERIFY(front.hasRow(QStringLiteral("You sent Architecture back: One service, not two")));
}

void SteeringTest::aPlaybackOffersNothing()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    workbench.playsBack = true;
    Front front(workbench);
    front.window.startDemo();
    QTRY_VERIFY(front.hasRow(QStringLiteral("list_directory")));
    QVERIFY(!front.find<QWidget>("steerBar")->isVisible());
    QVERIFY(!front.find<QPushButton>("runPauseButton")->isVisible());
    for (const auto* action : {"pause", "steer", "raiseLimit", "skipStage", "approve", "sendBack"})
        QVERIFY2(!front.isEnabled(action), action);
    QVERIFY(front.isEnabled("stop"));
    front.press(Qt::Key_Period);
    QTRY_VERIFY(front.words("runNote").startsWith(QStringLiteral("Stopped")));
    QVERIFY(!front.find<QPushButton>("runResumeButton")->isVisible()); // there is nothing to go on with
}

void SteeringTest::aGateIsSentBackWithWordsOnly()
{
    ScriptedWorkbench workbench;
    workbench.waitsAtGate = true;
    Front front(workbench);
    const QSignalSpy ended(&front.window, &MainWindow::runEnded);
    front.window.startDemo();
    auto* comment = front.find<QLineEdit>("gateComment");
    QTRY_VERIFY(comment->isVisible());
    QVERIFY(!front.find<QPushButton>("sendBackButton")->isEnabled());
    front.press(Qt::Key_B, kCtrlShift);
    QVERIFY(comment->hasFocus());
    QTest::keyClicks(comment, QStringLiteral("Use another port"));
    front.press(Qt::Key_B, kCtrlShift);
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(workbench.answered.isSentBack());
    QCOMPARE(workbench.answered.comment, std::string("Use another port"));
}

void SteeringTest::aRunElsewhereThatWaitsIsSaid()
{
    ScriptedWorkbench workbench;
    workbench.waitsAtGate = true;
    Front front(workbench);
    front.window.startDemo();
    QTRY_VERIFY(front.find<QPushButton>("approveButton")->isVisible());
    QVERIFY(!front.find<QLabel>("bannerGate")->isVisible()); // the user looks at it
    front.window.showPage(PageId::Settings);
    QTRY_VERIFY(front.find<QLabel>("bannerGate")->isVisible());
    QVERIFY(front.words("bannerGate").contains(QStringLiteral("Deploy the service?")));
    front.click("showWaiting");
    QVERIFY(front.find<QPushButton>("approveButton")->isVisible());
    QVERIFY(!front.find<QLabel>("bannerGate")->isVisible());
    front.press(Qt::Key_Y, kCtrlShift);
    QTRY_COMPARE(workbench.answered.decision, Approver::Decision::Approved);
}

void SteeringTest::mostOfTheBudgetIsSaid()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    workbench.budget = 0.006; // of which 0.0054 is used
    Front front(workbench);
    front.find<QPlainTextEdit>("requirementsEditor")->setPlainText(QStringLiteral("Sort photos"));
    front.window.startRun();
    QTRY_VERIFY(front.find<QLabel>("bannerBudget")->isVisible());
    QVERIFY(front.words("bannerBudget").contains(QStringLiteral("of its budget")));
    front.click("raiseBudget");
    QVERIFY(front.find<QWidget>("limitSheet")->isVisible());
    front.find<QDoubleSpinBox>("limitValue")->setValue(3);
    front.click("limitSheetVerb");
    QTRY_VERIFY(!front.find<QLabel>("bannerBudget")->isVisible());
}

void SteeringTest::anInterruptedRunIsOfferedAndGoesOn()
{
    ScriptedWorkbench workbench;
    const auto id = workbench.leaveInterrupted();
    Front front(workbench);
    QTRY_VERIFY(front.find<QLabel>("bannerInterrupted")->isVisible());
    QVERIFY2(front.words("bannerInterrupted").contains(QStringLiteral("was interrupted in Coding, turn 7. Nothing paid for is lost.")), qPrintable(front.words("bannerInterrupted")));
    front.click("showInterrupted"); // look first
    QTRY_VERIFY(front.find<QPushButton>("runResumeButton")->isVisible());
    QVERIFY(front.find<QWidget>("stageCard.coding")->accessibleDescription().startsWith(QStringLiteral("Interrupted")));
    QVERIFY(!front.find<QPushButton>("runStopButton")->isVisible());
    QVERIFY(!front.find<QLabel>("bannerInterrupted")->isVisible());
    const QSignalSpy ended(&front.window, &MainWindow::runEnded);
    front.press(Qt::Key_P, kCtrlAlt);
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(workbench.resumed->runId, id);
    QVERIFY(front.hasRow(QStringLiteral("I read the requirements first."))); // what was before
    QVERIFY(front.hasRow(QStringLiteral("I go on where I was.")));
    QCOMPARE(front.find<QTabWidget>("runTabs")->count(), 1);
    QVERIFY(front.words("runNote").startsWith(QStringLiteral("Completed")));
}

void SteeringTest::anInterruptedRunIsDiscardedUnlessUndone()
{
    ScriptedWorkbench workbench;
    const auto id = workbench.leaveInterrupted();
    {
        Front front(workbench);
        QTRY_VERIFY(front.find<QLabel>("bannerInterrupted")->isVisible());
        front.click("discardInterrupted");
        auto* table = front.find<QTableView>("historyTable");
        QVERIFY(table->isVisible());
        QTRY_VERIFY(front.find<QLabel>("historyUndo")->isVisible());
        QTRY_COMPARE(table->model()->rowCount(), 0);
        front.click("historyUndoButton");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Delete);
        QTRY_COMPARE(table->model()->rowCount(), 0);
        QVERIFY(workbench.discarded.isEmpty()); // it can still be undone
    }
    QCOMPARE(workbench.discarded, QStringList{QString::fromStdString(id)}); // who leaves does not come back to undo it
}

void SteeringTest::aStoppedRunGoesOnInItsTab()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    workbench.runsUntilStopped = true;
    Front front(workbench);
    const QSignalSpy ended(&front.window, &MainWindow::runEnded);
    front.window.startDemo();
    QTRY_VERIFY(front.isEnabled("steer"));
    front.press(Qt::Key_Period);
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(!front.isEnabled("steer"));
    QCOMPARE(front.find<QAction>("pause")->text(), QStringLiteral("Res&ume"));
    front.click("runResumeButton");
    QTRY_VERIFY(front.hasRow(QStringLiteral("I go on where I was.")));
    QCOMPARE(front.find<QTabWidget>("runTabs")->count(), 1);
    QTRY_VERIFY(front.isEnabled("steer"));
    front.press(Qt::Key_Period);
    QTRY_COMPARE(ended.count(), 2);
}

void SteeringTest::aReachedLimitIsAskedForMore()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    workbench.reachesLimit = true;
    Front front(workbench);
    const QSignalSpy ended(&front.window, &MainWindow::runEnded);
    front.window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    front.press(Qt::Key_W); // its tab
    front.press(Qt::Key_6);
    auto* resume = front.find<QPushButton>("historyResume");
    QTRY_VERIFY(resume->isEnabled());
    QTest::mouseClick(resume, Qt::LeftButton);
    QTRY_VERIFY(front.find<QWidget>("limitSheet") != nullptr);
    front.find<QDoubleSpinBox>("limitValue")->setValue(12);
    front.click("limitSheetVerb");
    QTRY_COMPARE(ended.count(), 2);
    QVERIFY(workbench.resumed && workbench.resumed->raised);
    QCOMPARE(workbench.resumed->raised->limit, std::string("usd"));
    QCOMPARE(workbench.resumed->raised->to, 12.0);
}

void SteeringTest::aRunIsGoneThroughAgainFromAStage()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    Front front(workbench);
    const QSignalSpy ended(&front.window, &MainWindow::runEnded);
    front.window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    front.press(Qt::Key_R, kCtrlShift);
    auto* stage = front.find<QComboBox>("forkStage");
    QVERIFY(stage != nullptr);
    QCOMPARE(stage->count(), 2); // Architecture and Coding have begun
    stage->setCurrentIndex(1);
    QTest::keyClicks(front.find<QLineEdit>("forkNote"), QStringLiteral("Use a set"));
    front.click("forkSheetVerb");
    QTRY_COMPARE(ended.count(), 2);
    QCOMPARE(workbench.forked->from, ScriptedWorkbench::runId(0));
    QCOMPARE(workbench.forked->stage, StageId::Coding);
    QCOMPARE(workbench.forked->note, std::string("Use a set"));
    QCOMPARE(front.find<QTabWidget>("runTabs")->count(), 2);
}

void SteeringTest::heldLimitsAreThoseThatCanBeRaised()
{
    RunState state;
    auto pipeline = PipelineSpec::standard(RunMode::Full);
    pipeline.limits = {.money = Money::usd(2), .tokens = 400'000, .wallTime = std::chrono::minutes(45)};
    state.started.pipeline = toJson(pipeline);
    for (const auto& spec : pipeline.stages)
        state.stages.push_back({.id = spec.id});
    state.stages[0].status = StageStatus::Passed;
    QStringList said;
    for (const auto& limit : heldLimits(state))
        said << limitWords(limit);
    QCOMPARE(said.mid(0, 3), (QStringList{QStringLiteral("Budget of the run: $2.00"), QStringLiteral("Tokens of the run: 400,000"), QStringLiteral("Minutes of the run: 45")}));
    QVERIFY(said.filter(QStringLiteral("Architecture")).isEmpty());
    QVERIFY(said.contains(QStringLiteral("Turns of Coding: 20")));
    QCOMPARE(budgetOf(state)->inUsd(), 2.0);
    state.started.pipeline = Json("damaged");
    QVERIFY(heldLimits(state).empty());
    QVERIFY(!budgetOf(state));
}

QTEST_MAIN(SteeringTest)
#include "tst_steering.moc"
