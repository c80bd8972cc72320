#include <QAbstractItemModelTester>
#include <QDialog>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QAbstractItemView>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include "core/base/files.h"
#include "core/store/output_folder.h"
#include "tests/ui/scripted_workbench.h"
#include "tests/ui/visited_window.h"
#include "ui/history/history_model.h"
#include "ui/history/run_comparison.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

RunSummary summary(const char* id, const char* title, const char* model, std::optional<RunEnding> ending, double usd, int daysAgo)
{
    const auto startedAt = now() - std::chrono::hours(24 * daysAgo);
    RunSummary run;
    run.id = id;
    run.title = title;
    run.startedAt = startedAt;
    run.finishedAt = ending ? std::optional(startedAt + std::chrono::minutes(2)) : std::nullopt;
    run.ending = ending;
    run.model = model;
    run.cost = Money::usd(usd);
    run.usage.inputTokens = std::int64_t(usd * 100'000);
    return run;
}

std::vector<RunSummary> someRuns()
{
    return {summary("r4", "Photo sorter", "claude-opus-4-8", std::nullopt, 0.5, 0), summary("r3", "Todo service", "claude-opus-4-8", RunEnding::Failed, 3, 0),
            summary("r2", "Photo sorter", "claude-sonnet-5-5", RunEnding::CompletedWithWaivers, 1, 1), summary("r1", "URL shortener", "claude-opus-4-8", RunEnding::Failed, 0.2, 40)};
}

QStringList idsOf(const HistorySelection& selection)
{
    QStringList ids;
    for (int row = 0; row < selection.rowCount(); ++row)
        ids << QString::fromStdString(selection.run(selection.index(row, 0)).id);
    return ids;
}

} // namespace

/// The history of runs: found, opened, compared and exported.
class HistoryPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void theFilterFinds_data();
    void theFilterFinds();
    void rowsAreSortedByWhatTheyMeanNotByTheirText();
    void tenThousandRunsArePatient();
    void aFinishedRunIsOpenedFromItsEvents();
    void aRunAtWorkIsShownAsItRuns();
    void aRunThatWaitedForAPlaceIsShownOnceItBegins();
    void anUnfinishedRunOffersNoStop();
    void twoRunsAreCompared();
    void onlyDifferencesOfSettingsAndFilesAreShown();
    void resultsAreExported();
    void aRunLeavesAsABundleThatIsVerified();
    void whatIsPinnedStaysOnTop();

private:
    /// Carries runs out until they are in the journal.
    static void makeRuns(MainWindow& window, int count)
    {
        const QSignalSpy ended(&window, &MainWindow::runEnded);
        for (int i = 0; i < count; ++i) {
            window.startDemo();
            QTRY_COMPARE(ended.count(), i + 1);
        }
    }
    QTemporaryDir m_folder;
};

void HistoryPageTest::theFilterFinds_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QStringList>("found");
    const QStringList all{QStringLiteral("r4"), QStringLiteral("r3"), QStringLiteral("r2"), QStringLiteral("r1")};
    QTest::newRow("nothing asked") << QString() << all;
    QTest::newRow("result") << QStringLiteral("result:failed") << QStringList{QStringLiteral("r3"), QStringLiteral("r1")};
    QTest::newRow("result and model and time") << QStringLiteral("result:failed model:opus last week") << QStringList{QStringLiteral("r3")};
    QTest::newRow("two words for a result") << QStringLiteral("result:\"with waivers\"") << QStringList{QStringLiteral("r2")};
    QTest::newRow("not finished") << QStringLiteral("result:unfinished") << QStringList{QStringLiteral("r4")};
    QTest::newRow("words of the title") << QStringLiteral("PHOTO") << QStringList{QStringLiteral("r4"), QStringLiteral("r2")};
    QTest::newRow("an id") << QStringLiteral("r1") << QStringList{QStringLiteral("r1")};
    QTest::newRow("dear") << QStringLiteral("cost:>0.9") << QStringList{QStringLiteral("r3"), QStringLiteral("r2")};
    QTest::newRow("cheap") << QStringLiteral("cost:<$0.30") << QStringList{QStringLiteral("r1")};
    QTest::newRow("yesterday") << QStringLiteral("yesterday") << QStringList{QStringLiteral("r2")};
    QTest::newRow("today") << QStringLiteral("today") << QStringList{QStringLiteral("r4"), QStringLiteral("r3")};
    QTest::newRow("still being typed") << QStringLiteral("model:") << all;
    QTest::newRow("a colon in a title") << QStringLiteral("nosuch:thing") << QStringList();
}

void HistoryPageTest::theFilterFinds()
{
    QFETCH(const QString, words);
    HistoryModel model;
    model.show(someRuns(), {}, {});
    HistorySelection selection(model);
    selection.setFilter(HistoryFilter::parse(words, QDateTime::currentDateTime()));
    QTEST(idsOf(selection), "found");
}

void HistoryPageTest::rowsAreSortedByWhatTheyMeanNotByTheirText()
{
    HistoryModel model;
    HistorySelection selection(model);
    const QAbstractItemModelTester modelTester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester selectionTester(&selection, QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto runs = someRuns();
    runs[1].cost = Money::usd(10); // as text it comes before $2
    runs[2].cost = Money::usd(2);
    model.show(runs, {"r4"}, {});
    selection.sort(HistoryModel::Cost, Qt::DescendingOrder);
    QCOMPARE(idsOf(selection).mid(0, 2), QStringList({QStringLiteral("r3"), QStringLiteral("r2")}));
    selection.sort(HistoryModel::Started, Qt::AscendingOrder);
    QCOMPARE(idsOf(selection).first(), QStringLiteral("r1"));
    QCOMPARE(model.index(0, HistoryModel::Outcome).data().toString(), QStringLiteral("Running"));
    QCOMPARE(model.index(0, HistoryModel::Number).data().toString(), QStringLiteral("4"));
    model.show(runs, {}, {});
    QCOMPARE(model.index(0, HistoryModel::Outcome).data().toString(), QStringLiteral("Interrupted"));
}

void HistoryPageTest::tenThousandRunsArePatient()
{
    std::vector<RunSummary> runs;
    for (int i = 0; i < 10'000; ++i)
        runs.push_back(summary(("r" + std::to_string(i)).c_str(), "Photo sorter", "claude-opus-4-8", RunEnding::Completed, i % 17, i % 300));
    HistoryModel model;
    HistorySelection selection(model);
    QTableView table;
    table.setModel(&selection);
    table.show();
    QElapsedTimer clock;
    clock.start();
    model.show(std::move(runs), {}, {});
    selection.setFilter(HistoryFilter::parse(QStringLiteral("result:completed cost:>3"), QDateTime::currentDateTime()));
    table.grab();
    QVERIFY2(clock.elapsed() < 3000, qPrintable(QString::number(clock.elapsed()))); // ten times the bar: this machine may be busy
    QVERIFY(selection.rowCount() > 1000);
}

void HistoryPageTest::aFinishedRunIsOpenedFromItsEvents()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    {
        VisitedWindow first(workbench, {});
        first.show();
        makeRuns(first, 1);
    }
    VisitedWindow window(workbench, {});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_6, Qt::ControlModifier);
    auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Return);
    QTRY_VERIFY(window.findChild<QWidget*>(QStringLiteral("pageRun"))->isVisible());
    const auto* transcript = window.findChild<QAbstractItemView*>(QStringLiteral("transcript"));
    QVERIFY(transcript->model()->rowCount() > 3);
    QVERIFY(window.findChild<QLabel*>(QStringLiteral("runNote"))->text().startsWith(QStringLiteral("Completed")));
    QVERIFY(!window.findChild<QPushButton*>(QStringLiteral("runStopButton"))->isVisible());
    QVERIFY(!window.findChild<QPushButton*>(QStringLiteral("approveButton"))->isVisible());
    // A second time it is the same tab.
    window.showPage(PageId::History);
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("historyOpen")), Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QWidget*>(QStringLiteral("pageRun"))->isVisible());
    QCOMPARE(window.findChild<QTabWidget*>(QStringLiteral("runTabs"))->count(), 1);
}

void HistoryPageTest::aRunAtWorkIsShownAsItRuns()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    workbench.runsUntilStopped = true;
    VisitedWindow window(workbench, {});
    window.show();
    window.startDemo();
    window.showPage(PageId::History);
    auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
    const auto result = [table] { return table->model()->index(0, HistoryModel::Outcome).data().toString(); };
    QTRY_COMPARE(result(), QStringLiteral("Running"));
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("historyOpen")), Qt::LeftButton);
    QVERIFY(window.findChild<QPushButton*>(QStringLiteral("runStopButton"))->isVisible());
    window.showPage(PageId::History);
    QTest::keyClick(&window, Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(result(), QStringLiteral("Stopped")); // the list follows by itself
}

void HistoryPageTest::aRunThatWaitedForAPlaceIsShownOnceItBegins()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    workbench.runsUntilStopped = true;
    workbench.places = 1;
    VisitedWindow window(workbench, {});
    window.show();
    window.startDemo();
    window.startDemo();
    window.showPage(PageId::History);
    auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    const auto* shown = qobject_cast<HistorySelection*>(table->model());
    workbench.stop(shown->run(shown->index(0, 0)).id);
    QTRY_COMPARE(table->model()->rowCount(), 2);
}

void HistoryPageTest::anUnfinishedRunOffersNoStop()
{
    ScriptedWorkbench workbench;
    {
        const auto journal = workbench.openJournal();
        RunStarted started;
        started.title = "Photo sorter";
        QVERIFY((*journal)->append("20261124-090000-abcdef", {.seq = 1, .at = now(), .payload = started}));
    }
    VisitedWindow window(workbench, {});
    window.show();
    window.showPage(PageId::History);
    auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("historyOpen")), Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("runNote"))->text().contains(QStringLiteral("not finished")));
    QVERIFY(!window.findChild<QPushButton*>(QStringLiteral("runStopButton"))->isVisible());
}

void HistoryPageTest::twoRunsAreCompared()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    VisitedWindow window(workbench, {});
    window.show();
    workbench.title = "First <b>title</b>";
    makeRuns(window, 1);
    workbench.title = "Second";
    makeRuns(window, 1);
    window.showPage(PageId::History);
    auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
    QTRY_COMPARE(table->model()->rowCount(), 2);
    auto* compare = window.findChild<QPushButton*>(QStringLiteral("historyCompare"));
    QVERIFY(!compare->isEnabled());
    table->selectAll();
    QVERIFY(compare->isEnabled());
    QTest::keyClick(&window, Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    auto* lines = window.findChild<QTreeWidget*>(QStringLiteral("compareLines"));
    QTRY_VERIFY(lines->isVisible());
    QCOMPARE(lines->topLevelItemCount(), 4);
    QVERIFY(lines->headerItem()->text(1).startsWith(QStringLiteral("First <b>")));
    QCOMPARE(lines->topLevelItem(0)->child(0)->text(1), QStringLiteral("Completed"));
    QVERIFY(lines->topLevelItem(1)->child(0)->text(2).contains(QStringLiteral("1 of 1 checks passed")));
    QTest::keyClick(lines, Qt::Key_Escape);
    QTRY_VERIFY(table->isVisible());
}

void HistoryPageTest::onlyDifferencesOfSettingsAndFilesAreShown()
{
    ComparedRun left;
    left.state.started.settings = {{"budget", {{"run_usd", 3}, {"run_calls", 7}}}};
    left.state.started.pipeline = toJson(PipelineSpec::standard(RunMode::Full));
    left.files = {{"a.py", "1"}, {"b.py", "2"}, {"same.py", "3"}};
    auto right = left;
    right.state.started.settings["budget"]["run_usd"] = 5;
    auto changed = PipelineSpec::standard(RunMode::Full);
    changed.stages[1].maxTurns = 7;
    right.state.started.pipeline = toJson(changed);
    right.files = {{"b.py", "other"}, {"c.py", "4"}, {"same.py", "3"}};
    const auto comparison = compareRuns(left, right);
    QCOMPARE(comparison.settings.size(), 2);
    QCOMPARE(comparison.settings[0].what, QStringLiteral("budget.run_usd"));
    QCOMPARE(comparison.settings[0].right, QStringLiteral("5"));
    QCOMPARE(comparison.settings[1].what, QStringLiteral("pipeline.stages.coding.max_turns"));
    QStringList files;
    for (const auto& line : comparison.files)
        files << line.what + u' ' + line.right;
    QCOMPARE(files, QStringList({QStringLiteral("a.py − gone"), QStringLiteral("b.py ~ changed"), QStringLiteral("c.py + new")}));
}

void HistoryPageTest::resultsAreExported()
{
    QTemporaryDir output;
    QVERIFY(writeFileAtomically(output.filePath(QStringLiteral("REPORT.html")).toStdString(), "<html></html>"));
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    workbench.output = output.path();
    VisitedWindow window(workbench, {});
    window.show();
    makeRuns(window, 1);
    window.showPage(PageId::History);
    const auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QTRY_VERIFY(window.findChild<QPushButton*>(QStringLiteral("historyExport"))->isEnabled());
    QTest::keyClick(&window, Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    auto* dialog = window.findChild<QFileDialog*>(QStringLiteral("exportDialog"));
    QVERIFY(dialog != nullptr);
    const auto target = m_folder.filePath(QStringLiteral("run.zip"));
    dialog->setDirectory(m_folder.path());
    dialog->selectFile(target);
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(target);
    QMetaObject::invokeMethod(dialog, "accept");
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("historyFigures"))->text().startsWith(QStringLiteral("Exported to")));
    QVERIFY(QFile::exists(target));
}

void HistoryPageTest::aRunLeavesAsABundleThatIsVerified()
{
    const auto id = ScriptedWorkbench::runId(0);
    QTemporaryDir work;
    QVERIFY(writeFileAtomically(work.filePath(QStringLiteral("repo/main.py")).toStdString(), "print(1)\n"));
    auto output = OutputFolder::create(work.filePath(QStringLiteral("out")).toStdString(), id);
    const std::vector<RunEvent> events{{.seq = 1, .at = now(), .stage = {}, .payload = RunStarted{.mode = RunMode::Full, .title = "From elsewhere"}},
                                       {.seq = 2, .at = now(), .stage = {}, .payload = RunFinished{.ending = RunEnding::Completed}}};
    RunState state;
    state.id = id;
    for (const auto& event : events)
        apply(state, event);
    QVERIFY(output && output->finish({.state = state, .events = events, .requirements = Json(), .workspace = *Folder::open(work.path().toStdString())}));
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    workbench.output = work.filePath(QStringLiteral("out/")) + QString::fromStdString(id);
    MainWindow window(workbench, {});
    window.show();
    makeRuns(window, 1);
    window.showPage(PageId::History);
    QTRY_VERIFY(window.findChild<QPushButton*>(QStringLiteral("historyExport"))->isEnabled());
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("historyExport")), Qt::LeftButton);
    auto* dialog = window.findChild<QFileDialog*>(QStringLiteral("exportDialog"));
    QVERIFY(dialog != nullptr && dialog->nameFilters().size() == 2);
    const auto bundle = m_folder.filePath(QStringLiteral("run.bundle.zip"));
    dialog->setDirectory(m_folder.path());
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(bundle);
    QMetaObject::invokeMethod(dialog, "accept");
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("historyFigures"))->text().startsWith(QStringLiteral("Exported to")));
    const auto verify = [&](const QString& file) {
        window.showPage(PageId::Welcome);
        window.activateWindow(); // nobody else does it when a dialog has gone
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
        auto* asked = window.findChild<QFileDialog*>(QStringLiteral("verifyDialog"));
        QVERIFY(asked != nullptr);
        asked->setDirectory(m_folder.path());
        asked->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(file);
        QMetaObject::invokeMethod(asked, "accept");
    };
    verify(bundle);
    QTRY_VERIFY(window.findChild<QDialog*>(QStringLiteral("verifySheet")) != nullptr);
    auto* sheet = window.findChild<QDialog*>(QStringLiteral("verifySheet"));
    QVERIFY2(sheet->windowTitle().startsWith(QStringLiteral("run.bundle.zip is as it was signed")), qPrintable(sheet->windowTitle()));
    QVERIFY(sheet->findChild<QLabel*>()->text().contains(QStringLiteral("Signed with your key")));
    QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("closeVerified")), Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QDialog*>(QStringLiteral("verifySheet")) == nullptr && window.findChild<QDialog*>(QStringLiteral("verifyDialog")) == nullptr);
    // Somebody else takes it up; who has it already is told so.
    ScriptedWorkbench elsewhere;
    MainWindow other(elsewhere, {});
    other.show();
    other.showPage(PageId::History);
    const auto* figures = other.findChild<QLabel*>(QStringLiteral("historyFigures"));
    const auto import = [&] {
        QTest::mouseClick(other.findChild<QPushButton*>(QStringLiteral("historyImport")), Qt::LeftButton);
        auto* asked = other.findChild<QFileDialog*>(QStringLiteral("importDialog"));
        QVERIFY(asked != nullptr);
        asked->setDirectory(m_folder.path());
        asked->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(bundle);
        QMetaObject::invokeMethod(asked, "accept");
        QTRY_VERIFY(other.findChild<QFileDialog*>(QStringLiteral("importDialog")) == nullptr);
    };
    import();
    auto* table = other.findChild<QTableView*>(QStringLiteral("historyTable"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QCOMPARE(table->model()->index(0, HistoryModel::Project).data().toString(), QStringLiteral("From elsewhere"));
    QVERIFY(!other.findChild<QPushButton*>(QStringLiteral("historyFork"))->isEnabled()); // it may only be read
    import();
    QTRY_COMPARE(figures->text(), QStringLiteral("Not imported"));
    other.close();
    // What is no bundle is said to be none.
    const auto archive = m_folder.filePath(QStringLiteral("plain.zip"));
    QVERIFY(exportOutput(workbench.output.toStdString(), archive.toStdString()));
    verify(archive);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("bannerSaid"))->isVisible());
}

void HistoryPageTest::whatIsPinnedStaysOnTop()
{
    ScriptedWorkbench workbench;
    workbench.writesJournal = true;
    const WindowFiles files{.draft = {}, .memory = m_folder.filePath(QStringLiteral("pins.ini")), .templates = {}};
    const auto click = [](QTableView* table, int row) {
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(row, HistoryModel::Project)).center());
    };
    const auto first = [](const MainWindow& window) { return window.findChild<QTableView*>(QStringLiteral("historyTable"))->model()->index(0, HistoryModel::Project).data().toString(); };
    {
        MainWindow window(workbench, files);
        window.show();
        workbench.title = "First";
        makeRuns(window, 1);
        workbench.title = "Second";
        makeRuns(window, 1);
        QVERIFY(window.close());
    }
    {
        MainWindow window(workbench, files); // whose list is read once
        window.show();
        window.showPage(PageId::History);
        auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QCOMPARE(first(window), QStringLiteral("Second"));
        click(table, 1);
        QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("historyPin")), Qt::LeftButton);
        QTRY_COMPARE(first(window), QStringLiteral("★ First"));
        table->sortByColumn(HistoryModel::Project, Qt::AscendingOrder);
        QCOMPARE(first(window), QStringLiteral("★ First"));
        table->sortByColumn(HistoryModel::Project, Qt::DescendingOrder);
        QCOMPARE(first(window), QStringLiteral("★ First"));
        click(table, 0);
        QVERIFY(!window.findChild<QPushButton*>(QStringLiteral("historyDiscard"))->isEnabled());
        QVERIFY(window.close());
    }
    MainWindow window(workbench, files);
    window.show();
    window.showPage(PageId::History);
    auto* table = window.findChild<QTableView*>(QStringLiteral("historyTable"));
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(first(window), QStringLiteral("★ First"));
    click(table, 0);
    auto* pin = window.findChild<QPushButton*>(QStringLiteral("historyPin"));
    QCOMPARE(pin->text(), QStringLiteral("Un&pin"));
    QTest::mouseClick(pin, Qt::LeftButton);
    QTRY_COMPARE(first(window), QStringLiteral("Second"));
}

QTEST_MAIN(HistoryPageTest)
#include "tst_history_page.moc"
