#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include "core/project/project_file.h"
#include "tests/ui/scripted_workbench.h"
#include "tests/ui/visited_window.h"
#include "ui/pipeline/plan_card.h"
#include "ui/project/project.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

/// Authoring: the pipeline with its undo, the project file, new, open and recent projects.
class PipelinePageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void aRunIsStartedAsAuthored();
    void everyChangeIsUndone();
    void typingIsOneStep();
    void theLastStageStays();
    void insertBringsAGate();
    void whatIsAuthoredSurvives();
    void theTextOfAnEarlierVersionIsTakenOver();
    void aBrokenProjectIsNotOverwritten();
    void aNewProjectBeginsWithATemplate();
    void recentProjectsAreOffered();
    void settingsHoldWhereTheProjectSaysNothing();
    void templatesAreChosenAndSaved();

private:
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    template <typename Widget>
    static Widget* the(const MainWindow& window, const char* name)
    {
        return window.findChild<Widget*>(QLatin1String(name));
    }
    static Project& project(const MainWindow& window) { return *window.findChild<Project*>(); }
    static void chooseStage(const MainWindow& window, const char* stage) { QTest::mouseClick(the<PlanCard>(window, stage), Qt::LeftButton); }
    QTemporaryDir m_folder;
};

void PipelinePageTest::aRunIsStartedAsAuthored()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("run.agentpipeline"), {}});
    window.show();
    the<QPlainTextEdit>(window, "requirementsEditor")->setPlainText(QStringLiteral("Sort photos"));
    window.showPage(PageId::Pipeline);
    chooseStage(window, "planCard.monitoring");
    QTest::mouseClick(the<QCheckBox>(window, "stageUsed"), Qt::LeftButton, {}, QPoint(8, 8));
    chooseStage(window, "planCard.coding");
    auto* turns = the<QDoubleSpinBox>(window, "stageTurns");
    turns->selectAll();
    QTest::keyClicks(turns, QStringLiteral("7"));
    QTest::keyClick(turns, Qt::Key_Return);
    auto* model = the<QLineEdit>(window, "stageModel");
    QTest::keyClicks(model, QStringLiteral("claude-opus-4-8"));
    QTest::keyClick(model, Qt::Key_Return);
    the<QTabWidget>(window, "pipelineTabs")->setCurrentIndex(1);
    the<QPlainTextEdit>(window, "stageTask")->setPlainText(QStringLiteral("Write it in Rust"));
    window.startRun();
    const auto& spec = workbench.lastOrder.pipeline;
    QVERIFY(!spec.stage(StageId::Monitoring)->enabled);
    QCOMPARE(spec.stage(StageId::Coding)->maxTurns, 7);
    QCOMPARE(spec.stage(StageId::Coding)->model, std::string("claude-opus-4-8"));
    QCOMPARE(spec.stage(StageId::Coding)->task, std::string("Write it in Rust"));
    QVERIFY(spec.stage(StageId::Architecture)->task.empty());
}

void PipelinePageTest::everyChangeIsUndone()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("undo.agentpipeline"), {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::Pipeline);
    const auto before = toJson(project(window).pipeline()).dump();
    chooseStage(window, "planCard.testing");
    the<QCheckBox>(window, "stageUsed")->click();
    the<QDoubleSpinBox>(window, "coverage")->setValue(55);
    QCOMPARE(project(window).undoStack().count(), 2);
    the<PlanCard>(window, "planCard.testing")->setFocus();
    QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(the<QDoubleSpinBox>(window, "coverage")->value(), 80.0);
    QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(the<QCheckBox>(window, "stageUsed")->isChecked());
    QCOMPARE(toJson(project(window).pipeline()).dump(), before);
    QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!project(window).pipeline().stage(StageId::Testing)->enabled);
}

void PipelinePageTest::typingIsOneStep()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("typing.agentpipeline"), {}});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::Pipeline);
    the<QTabWidget>(window, "pipelineTabs")->setCurrentIndex(1);
    auto* task = the<QPlainTextEdit>(window, "stageTask");
    task->setFocus();
    QTest::keyClicks(task, QStringLiteral("Be brief"));
    QCOMPARE(project(window).undoStack().count(), 1);
    chooseStage(window, "planCard.coding");
    QCOMPARE(task->toPlainText(), QString());
    QTest::keyClicks(task, QStringLiteral("Be long"));
    QCOMPARE(project(window).undoStack().count(), 2);
    task->setFocus();
    QTest::keyClick(task, Qt::Key_Z, Qt::ControlModifier); // from within the editor, too
    QCOMPARE(task->toPlainText(), QString());
    QCOMPARE(project(window).pipeline().stage(StageId::Architecture)->task, std::string("Be brief"));
}

void PipelinePageTest::theLastStageStays()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("last.agentpipeline"), {}});
    window.show();
    window.showPage(PageId::Pipeline);
    for (const auto* stage : {"planCard.architecture", "planCard.coding", "planCard.testing", "planCard.deployment", "planCard.monitoring"}) {
        chooseStage(window, stage);
        the<QCheckBox>(window, "stageUsed")->click();
    }
    QVERIFY(project(window).pipeline().stage(StageId::Monitoring)->enabled);
    QVERIFY(the<QCheckBox>(window, "stageUsed")->isChecked());
    QVERIFY(the<QLabel>(window, "pipelineVerdict")->text().contains(QStringLiteral("at least one stage")));
}

void PipelinePageTest::insertBringsAGate()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("gate.agentpipeline"), {}});
    window.show();
    window.showPage(PageId::Pipeline);
    auto* card = the<PlanCard>(window, "planCard.deployment");
    QTest::keyClick(card, Qt::Key_Insert);
    QVERIFY(project(window).pipeline().stage(StageId::Deployment)->gateBefore);
    QVERIFY(card->accessibleDescription().contains(QStringLiteral("asks you")));
    QVERIFY(project(window).undoStack().undoText().contains(QStringLiteral("add gate")));
    QTest::keyClick(card, Qt::Key_Delete);
    QVERIFY(!project(window).pipeline().stage(StageId::Deployment)->gateBefore);
}

void PipelinePageTest::whatIsAuthoredSurvives()
{
    ScriptedWorkbench workbench;
    {
        VisitedWindow window(workbench, {path("kept.agentpipeline"), {}});
        window.show();
        the<QPlainTextEdit>(window, "requirementsEditor")->setPlainText(QStringLiteral("Sort photos"));
        window.showPage(PageId::Pipeline);
        the<QDoubleSpinBox>(window, "runUsd")->setValue(2.5);
        QVERIFY(window.close());
    }
    const VisitedWindow again(workbench, {path("kept.agentpipeline"), {}});
    QCOMPARE(the<QDoubleSpinBox>(again, "runUsd")->value(), 2.5);
    QCOMPARE(the<QPlainTextEdit>(again, "requirementsEditor")->toPlainText(), QStringLiteral("Sort photos"));
    QCOMPARE(readProject(path("kept.agentpipeline").toStdString())->pipeline.dump(), std::string(R"({"limits":{"usd":2.5}})"));
}

void PipelinePageTest::theTextOfAnEarlierVersionIsTakenOver()
{
    QFile old(path("old.md"));
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("Sort photos") > 0);
    old.close();
    ScriptedWorkbench workbench;
    const VisitedWindow window(workbench, {path("old.agentpipeline"), {}});
    QCOMPARE(the<QPlainTextEdit>(window, "requirementsEditor")->toPlainText(), QStringLiteral("Sort photos"));
}

void PipelinePageTest::aBrokenProjectIsNotOverwritten()
{
    const QByteArray broken = R"({"kind": "agent-pipeline project", "version": 99})";
    QFile file(path("broken.agentpipeline"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(broken) > 0);
    file.close();
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("broken.agentpipeline"), {}});
    window.show();
    the<QPlainTextEdit>(window, "requirementsEditor")->setPlainText(QStringLiteral("Something new"));
    project(window).save();
    QVERIFY(window.close());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), broken);
}

void PipelinePageTest::aNewProjectBeginsWithATemplate()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("draft.agentpipeline"), path("new.ini")});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_N, Qt::ControlModifier);
    auto* create = the<QPushButton>(window, "createProject");
    QVERIFY(!create->isEnabled());
    QTest::keyClicks(the<QLineEdit>(window, "newName"), QStringLiteral("short/urls"));
    the<QLineEdit>(window, "newFolder")->setText(m_folder.path());
    the<QWidget>(window, "newTemplate")->setFocus();
    QTest::keyClicks(the<QWidget>(window, "newTemplate"), QStringLiteral("Web"));
    QTest::mouseClick(create, Qt::LeftButton);
    QTRY_VERIFY(the<QWidget>(window, "pageProject")->isVisible());
    QVERIFY(QFile::exists(path("short-urls.agentpipeline")));
    QVERIFY(the<QPlainTextEdit>(window, "requirementsEditor")->toPlainText().contains(QStringLiteral("/health")));
    QVERIFY(window.windowTitle().startsWith(QStringLiteral("short-urls")));
    // The same name once more is refused where it was typed.
    QTRY_VERIFY(the<QWidget>(window, "newProjectSheet") == nullptr);
    the<QAction>(window, "newProject")->trigger();
    QTest::keyClicks(the<QLineEdit>(window, "newName"), QStringLiteral("short-urls"));
    QTest::mouseClick(the<QPushButton>(window, "createProject"), Qt::LeftButton);
    QVERIFY(the<QLabel>(window, "newProblem")->text().contains(QStringLiteral("already")));
}

void PipelinePageTest::recentProjectsAreOffered()
{
    const auto file = path("photos.agentpipeline");
    QVERIFY(writeProject(file.toStdString(), {.requirements = "Sort photos"}));
    ScriptedWorkbench workbench;
    {
        VisitedWindow window(workbench, {path("draft.agentpipeline"), path("recent.ini")});
        window.show();
        window.openProject(file);
        QCOMPARE(the<QPlainTextEdit>(window, "requirementsEditor")->toPlainText(), QStringLiteral("Sort photos"));
        QVERIFY(window.close());
    }
    VisitedWindow window(workbench, {path("draft.agentpipeline"), path("recent.ini")});
    window.show();
    QVERIFY(window.windowTitle().startsWith(QStringLiteral("photos"))); // what was open last
    window.showPage(PageId::Welcome);
    QTRY_VERIFY(the<QWidget>(window, "recent.photos")->isVisible()); // once the list before it is gone
    QVERIFY(QFile::remove(file));
    QTest::mouseClick(the<QWidget>(window, "recent.photos")->findChild<QPushButton*>(QStringLiteral("openRecent")), Qt::LeftButton);
    QTRY_VERIFY(the<QLabel>(window, "bannerSaid")->text().contains(QStringLiteral("There is no file")) || the<QLabel>(window, "bannerSaid")->text().contains(QStringLiteral("there is no file")));
    QTRY_VERIFY(the<QWidget>(window, "recent.photos") == nullptr);
}

void PipelinePageTest::settingsHoldWhereTheProjectSaysNothing()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {path("settings.agentpipeline"), {}});
    window.show();
    window.showPage(PageId::Settings);
    auto* money = the<QLineEdit>(window, "setting.budget.run_usd");
    money->setText(QStringLiteral("3"));
    emit money->editingFinished();
    QTRY_COMPARE(project(window).pipeline().limits.money->inUsd(), 3.0);
    QCOMPARE(the<QDoubleSpinBox>(window, "runUsd")->value(), 3.0);
}

void PipelinePageTest::templatesAreChosenAndSaved()
{
    ScriptedWorkbench workbench;
    MainWindow window(workbench, {path("templates.agentpipeline"), {}, path("templates")});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::Pipeline);
    auto* list = the<QComboBox>(window, "pipelineTemplate");
    QCOMPARE(list->currentText(), QStringLiteral("Standard, as the settings say"));
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(list->currentText(), QStringLiteral("Without deployment"));
    QVERIFY(!project(window).pipeline().stage(StageId::Deployment)->enabled);
    QTest::keyClick(list, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(project(window).pipeline().stage(StageId::Deployment)->enabled);
    QCOMPARE(list->currentText(), QStringLiteral("Standard, as the settings say"));
    the<QDoubleSpinBox>(window, "runUsd")->setValue(2.5);
    QCOMPARE(list->currentText(), QStringLiteral("of its own"));
    QTest::mouseClick(the<QPushButton>(window, "templateSave"), Qt::LeftButton);
    auto* keep = the<QPushButton>(window, "templateSheetVerb");
    QVERIFY(!keep->isEnabled());
    QTest::keyClicks(the<QLineEdit>(window, "templateName"), QStringLiteral("Thrifty"));
    QTest::mouseClick(keep, Qt::LeftButton);
    QTRY_COMPARE(list->currentText(), QStringLiteral("Thrifty"));
    QVERIFY(QFile::exists(path("templates/Thrifty.json")));
    // Another project begins with it.
    QVERIFY(writeProject(path("other.agentpipeline").toStdString(), {.requirements = "Sort photos"}));
    window.openProject(path("other.agentpipeline"));
    window.showPage(PageId::Pipeline);
    QCOMPARE(list->currentText(), QStringLiteral("Standard, as the settings say"));
    list->setFocus();
    QTest::keyClicks(list, QStringLiteral("Thr"));
    QCOMPARE(project(window).pipeline().limits.money->inUsd(), 2.5);
    QTest::mouseClick(the<QPushButton>(window, "templateRemove"), Qt::LeftButton);
    QVERIFY(!QFile::exists(path("templates/Thrifty.json")));
    QCOMPARE(list->currentText(), QStringLiteral("of its own")); // the project stays as it is
    QCOMPARE(project(window).pipeline().limits.money->inUsd(), 2.5);
}

QTEST_MAIN(PipelinePageTest)
#include "tst_pipeline_page.moc"
