#include <algorithm>
#include <random>

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLayout>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QScrollBar>
#include <QTableView>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include "core/store/snapshots.h"
#include "tests/ui/exhibit.h"
#include "tests/ui/run_story.h"
#include "ui/log/log_view.h"
#include "ui/run/problem_list.h"
#include "ui/run/row_heights.h"
#include "ui/run/run_metrics.h"
#include "ui/run/run_page.h"
#include "ui/run/transcript_model.h"
#include "ui/run/transcript_view.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/look.h"
#include "ui/widgets/sparkline.h"

using namespace aap;

/// What a run says, shown in its tabs.
class RunViewsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void heightsAreSummed();
    void aLongTranscriptIsNotLaidOut();
    void whatIsOnTheScreenIsWhatWouldBePaintedAnew();
    void readingStaysWhereItIs();
    void callsThatOnlyReadShareARow();
    void aMergedCallThatFailsIsShown();
    void markdownOfAgentsOpensNothing();
    void figuresAreSummedByStage();
    void aChartSaysItself();
    void whatIsWrongIsListedUntilItIsMended();
    void theLogOfAPlaybackIsMadeAgain();
    void aRowLeadsToItsLog();
    void changesComeFromSnapshots();
    void screenReadersReadWhatIsInSight();
};

void RunViewsTest::heightsAreSummed()
{
    RowHeights heights;
    for (int i = 0; i < 1000; ++i)
        heights.append(i % 7 + 1);
    heights.change(500, 100);
    int sum = 0;
    for (int row = 0; row < 1000; ++row) {
        QCOMPARE(heights.top(row), sum);
        QCOMPARE(heights.rowAt(sum), row);
        QCOMPARE(heights.rowAt(sum + heights.height(row) - 1), row);
        sum += heights.height(row);
    }
    QCOMPARE(heights.total(), sum);
    QCOMPARE(heights.rowAt(sum + 50), 999);
    RowHeights same;
    std::vector<int> all;
    for (int row = 0; row < 1000; ++row)
        all.push_back(heights.height(row));
    same.assign(all);
    for (int row = 0; row <= 1000; ++row)
        QCOMPARE(same.top(row), heights.top(row));
    QCOMPARE(RowHeights().rowAt(0), -1);
}

void RunViewsTest::aLongTranscriptIsNotLaidOut()
{
    TranscriptModel model;
    const QAbstractItemModelTester tester(&model);
    TranscriptView view(model);
    view.resize(600, 400);
    view.show();
    RunStory story;
    for (int i = 0; i < 2000; ++i)
        story.happen(StageId::Coding, turnOf(("message " + std::to_string(i)).c_str(), 0, 10, 0));
    model.append(story.take());
    QTRY_VERIFY(view.visibleText().endsWith(QStringLiteral("message 1999")));
    QCOMPARE(view.indexAt(QPoint(20, view.viewport()->height() - 4)).row(), model.rowCount() - 1);
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.visualRect(model.index(0)).top(), 0);
    for (int i = 0; i < 50; ++i)
        QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.currentIndex().row(), 50);
    QVERIFY(view.viewport()->rect().contains(view.visualRect(view.currentIndex())));
    QTest::keyClick(&view, Qt::Key_PageDown);
    QVERIFY(view.currentIndex().row() > 55);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.visualRect(model.index(view.currentIndex().row() - 1)).center());
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("message ")));
}

/// Most of the picture is only moved when rows come or grow: it must be the one that painting everything makes.
void RunViewsTest::whatIsOnTheScreenIsWhatWouldBePaintedAnew()
{
    TranscriptModel model;
    TranscriptView view(model);
    view.resize(500, 300);
    view.show();
    const auto isRight = [&view] {
        QCoreApplication::processEvents();
        return view.screen()->grabWindow(view.winId()).toImage().convertToFormat(QImage::Format_RGB32) == view.grab().toImage().convertToFormat(QImage::Format_RGB32);
    };
    std::mt19937 random(5);
    for (int step = 0; step < 300; ++step) {
        RunStory story;
        auto batch = story.take();
        switch (std::uniform_int_distribution(0, 7)(random)) {
        case 0: batch = story.happen(StageId::Coding, turnOf("short", 0, 1, 0)).take(); break;
        case 1: batch = story.happen(StageId::Coding, turnOf("# A heading\n\n- one\n- **two**\n\nand a paragraph that is so long that it does not fit into a single line of this view at all", 0.1, 1, 0)).take(); break;
        case 2: batch = story.call(StageId::Coding, std::to_string(step), "run_command", "make all", "one\ntwo\nthree\n", step % 3 == 0).take(); break;
        case 3: batch.live = {{.kind = LiveEvent::Kind::Text, .stage = StageId::Coding, .callId = {}, .text = "a word and another that follow "}}; break;
        case 4: model.toggle(view.indexAt({100, 150})); break;
        case 5: view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() - 70); break;
        case 6: view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() + 40); break;
        default: view.followEnd();
        }
        batch.events.erase(batch.events.begin(), std::ranges::find_if(batch.events, [](const RunEvent& event) { return event.stage.has_value(); }));
        model.append(batch);
        QTRY_VERIFY2(isRight(), qPrintable(QString::number(step)));
    }
}

void RunViewsTest::readingStaysWhereItIs()
{
    TranscriptModel model;
    TranscriptView view(model);
    view.resize(600, 400);
    view.show();
    RunStory story;
    for (int i = 0; i < 200; ++i)
        story.happen(StageId::Coding, turnOf("a message that is long enough to need more than one line when the window is narrow, as it is here and now", 0, 10, 0));
    model.append(story.take());
    QTest::keyClick(&view, Qt::Key_Home);
    QTRY_COMPARE(view.verticalScrollBar()->value(), 0);
    model.append(RunStory().happen(StageId::Coding, turnOf("later", 0, 10, 0)).take());
    auto* pill = view.findChild<QPushButton*>(QStringLiteral("newRows"));
    QTRY_VERIFY(pill->isVisible());
    QCOMPARE(view.verticalScrollBar()->value(), 0);
    view.resize(400, 400);
    QCOMPARE(view.indexAt({20, 2}).row(), 0);
    QTest::mouseClick(pill, Qt::LeftButton);
    QTRY_VERIFY(view.visibleText().endsWith(QStringLiteral("later")));
    QVERIFY(!pill->isVisible());
}

void RunViewsTest::callsThatOnlyReadShareARow()
{
    TranscriptModel model;
    const QAbstractItemModelTester tester(&model);
    RunStory story;
    story.take();
    for (int i = 1; i <= 6; ++i)
        story.call(StageId::Coding, std::to_string(i), "read_file", "src/" + std::to_string(i) + ".py", "x");
    story.call(StageId::Coding, "7", "run_command", "ls", "x").call(StageId::Coding, "8", "read_file", "a", "x");
    model.append(story.take());
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("read_file ×6  src/6.py"));
    QCOMPARE(model.index(0).data(TranscriptModel::DetailRole).toString().count(u'\n'), 5);
    QVERIFY(model.index(0).data(TranscriptModel::AsideRole).toString().contains(QStringLiteral("7.2 s")));
    QCOMPARE(model.index(2).data().toString(), QStringLiteral("read_file  a"));
}

void RunViewsTest::aMergedCallThatFailsIsShown()
{
    TranscriptModel model;
    RunStory story;
    story.take();
    story.call(StageId::Coding, "1", "read_file", "a", "x").call(StageId::Coding, "2", "read_file", "b", "there is no such file", true);
    model.append(story.take());
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.index(1).data(TranscriptModel::UnfoldedRole).toBool());
    QCOMPARE(model.index(1).data(TranscriptModel::DetailRole).toString(), QStringLiteral("there is no such file"));
}

void RunViewsTest::markdownOfAgentsOpensNothing()
{
    TranscriptModel model;
    TranscriptView view(model);
    view.resize(600, 400);
    view.show();
    RunStory story;
    const QTemporaryDir folder;
    const auto pipe = folder.filePath(QStringLiteral("trap.png")).toStdString();
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0); // who opens it waits for ever
    story.happen(StageId::Coding, turnOf(("# Title\n\n![x](" + pipe + ") <img src=" + pipe + ">\n\n```\ncode\n```\n\n* one\n* two").c_str(), 0, 10, 0));
    model.append(story.take());
    QTRY_VERIFY(view.visibleText().contains(QStringLiteral("Title")));
    QVERIFY(!view.grab().isNull());
    QCOMPARE(model.index(0).data().toString().left(7), QStringLiteral("# Title"));
}

void RunViewsTest::figuresAreSummedByStage()
{
    RunMetrics metrics;
    const QAbstractItemModelTester tester(&metrics);
    RunStory story;
    story.happen(StageId::Coding, turnOf("a", 0.5, 1000, 3000)).call(StageId::Coding, "1", "run_command", "x", "y", true);
    metrics.append(story.take());
    story.happen(StageId::Testing, turnOf("b", 0.25, 1000, 0)).happen(StageId::Testing, turnOf("c", 0.25, 1000, 0));
    metrics.append(story.take());
    QCOMPARE(metrics.rowCount(), 3);
    const auto cell = [&](int row, int column) { return metrics.index(row, column).data().toString(); };
    QCOMPARE(cell(0, RunMetrics::Stage), QStringLiteral("Coding"));
    QCOMPARE(cell(0, RunMetrics::Cached), QStringLiteral("75 %"));
    QCOMPARE(cell(0, RunMetrics::Errors), QStringLiteral("1"));
    QCOMPARE(cell(1, RunMetrics::Turns), QStringLiteral("2"));
    QCOMPARE(cell(2, RunMetrics::Cost), QStringLiteral("$1.00"));
    QCOMPARE(metrics.costs(), (std::vector<double>{0.5, 0.25, 0.25}));
    metrics.clear();
    QCOMPARE(metrics.rowCount(), 0);
}

void RunViewsTest::aChartSaysItself()
{
    Sparkline chart(QStringLiteral("Tokens"), [](double value) { return QString::number(value); });
    QVERIFY(chart.summary().contains(QStringLiteral("no values")));
    chart.setValues({1, 9, 4});
    QCOMPARE(chart.accessibleDescription(), QStringLiteral("Tokens: last 4, peak 9, lowest 1"));
    chart.show();
    QTest::keyClick(&chart, Qt::Key_Left);
    QCOMPARE(chart.accessibleDescription(), QStringLiteral("turn 2: 9"));
    QTest::keyClick(&chart, Qt::Key_Home);
    QCOMPARE(chart.accessibleDescription(), QStringLiteral("turn 1: 1"));
}

void RunViewsTest::whatIsWrongIsListedUntilItIsMended()
{
    RunPage page;
    exhibit(page);
    page.begin(RunStory::kId);
    RunStory story;
    for (int i = 0; i < 60; ++i)
        story.happen(StageId::Coding, turnOf("words", 0, 10, 0));
    story.happen(StageId::Testing, StageChecking{}).check(StageId::Testing, "testing.tests", CheckStatus::Failed).check(StageId::Testing, "testing.lint", CheckStatus::Passed);
    story.happen(StageId::Testing, Warned{"the disk is nearly full"});
    for (int i = 0; i < 60; ++i)
        story.happen(StageId::Coding, turnOf("words", 0, 10, 0));
    page.append(story.take());
    auto* tabs = page.findChild<QTabWidget*>(QStringLiteral("runTabs"));
    auto* problems = page.findChild<QListView*>(QStringLiteral("problems"));
    const QAbstractItemModelTester tester(problems->model());
    QCOMPARE(tabs->tabText(tabs->indexOf(problems)), QStringLiteral("Problems (2)"));
    QVERIFY(problems->model()->index(0, 0).data().toString().contains(QStringLiteral("two tests fail")));
    tabs->setCurrentWidget(problems);
    problems->setFocus();
    QTest::keyClick(problems, Qt::Key_Down);
    QTest::keyClick(problems, Qt::Key_Home);
    QTest::keyClick(problems, Qt::Key_Return);
    auto* view = page.findChild<TranscriptView*>(QStringLiteral("transcript"));
    QCOMPARE(tabs->currentWidget(), view);
    QVERIFY(view->currentIndex().data().toString().startsWith(QStringLiteral("testing.tests")));
    QVERIFY(view->viewport()->rect().intersects(view->visualRect(view->currentIndex())));
    page.goToProblem(true);
    QCOMPARE(view->currentIndex().data().toString(), QStringLiteral("the disk is nearly full"));
    page.goToProblem(true);
    QVERIFY(view->currentIndex().data().toString().startsWith(QStringLiteral("testing.tests")));
    page.append(story.happen(StageId::Testing, StageChecking{}).check(StageId::Testing, "testing.tests", CheckStatus::Passed).take());
    QCOMPARE(problems->model()->rowCount(), 1);
}

void RunViewsTest::theLogOfAPlaybackIsMadeAgain()
{
    RunPage page;
    exhibit(page);
    page.begin(RunStory::kId);
    page.append(RunStory().call(StageId::Coding, "1", "run_command", "make", "compiled\nlinked").take());
    auto* log = page.findChild<LogView*>(QStringLiteral("rawLog"));
    QTRY_VERIFY(log->lineCount() >= 4);
    QVERIFY(log->lineText(1) == QStringLiteral("compiled"));
    page.begin(RunStory::kId);
    QTRY_COMPARE(log->lineCount(), 0U);
}

void RunViewsTest::aRowLeadsToItsLog()
{
    RunPage page;
    exhibit(page);
    page.begin(RunStory::kId);
    page.append(RunStory().call(StageId::Coding, "1", "run_command", "make", "compiled").call(StageId::Coding, "2", "run_command", "ctest", "passed").take());
    auto* log = page.findChild<LogView*>(QStringLiteral("rawLog"));
    QTRY_VERIFY(log->goToCall(QStringLiteral("1"))); // the log knows its calls
    emit page.findChild<TranscriptView*>(QStringLiteral("transcript"))->logAsked(QStringLiteral("2"));
    QVERIFY(log->isVisible());
    QVERIFY(log->currentLine().has_value());
    QVERIFY(log->lineText(*log->currentLine()).contains(QStringLiteral("ctest")));
}

void RunViewsTest::changesComeFromSnapshots()
{
    const QTemporaryDir output;
    QTemporaryDir work;
    QVERIFY(QDir(work.path()).mkpath(QStringLiteral("repo")));
    const auto write = [&](const char* words) {
        QFile file(work.filePath(QStringLiteral("repo/a.py")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(words) > 0);
    };
    const auto folder = Folder::open(work.path().toStdString());
    QVERIFY(folder);
    const auto snapshots = Snapshots::open(output.path().toStdString() + "/snapshots.git", *folder);
    QVERIFY(snapshots);
    QVERIFY((*snapshots)->take("before"));
    write("x = 1\n");
    const auto first = (*snapshots)->take("one");
    write("x = 2\n");
    const auto second = (*snapshots)->take("two");
    QVERIFY(first && second);

    RunPage page;
    exhibit(page);
    page.begin(RunStory::kId);
    RunStory story(output.path());
    story.happen(StageId::Coding, StageStarted{});
    story.call(StageId::Coding, "1", "write_file", "a.py", "", false, *first).call(StageId::Coding, "2", "edit_file", "a.py", "", false, *second);
    page.append(story.take());
    auto* steps = page.findChild<QListWidget*>(QStringLiteral("changeSteps"));
    auto* diff = page.findChild<DiffView*>(QStringLiteral("changes"));
    page.findChild<QTabWidget*>(QStringLiteral("runTabs"))->setCurrentIndex(2);
    QCOMPARE(steps->count(), 4); // all, the stage, two calls
    QTRY_VERIFY(diff->visibleText().contains(QStringLiteral("+x = 2")));
    QVERIFY(!diff->visibleText().contains(QStringLiteral("x = 1")));
    steps->setCurrentRow(3);
    QTRY_VERIFY(diff->visibleText().contains(QStringLiteral("−x = 1")));
    steps->setCurrentRow(2);
    QTRY_VERIFY(diff->visibleText().contains(QStringLiteral("+x = 1")));
}

void RunViewsTest::screenReadersReadWhatIsInSight()
{
    RunPage page;
    exhibit(page);
    page.begin(RunStory::kId);
    page.append(RunStory().happen(StageId::Coding, turnOf("Hello there", 0, 1, 0)).take());
    auto* view = page.findChild<TranscriptView*>(QStringLiteral("transcript"));
    QTRY_COMPARE(view->visibleText(), QStringLiteral("Hello there"));
    auto* access = QAccessible::queryAccessibleInterface(view);
    QVERIFY(access != nullptr && access->textInterface() != nullptr);
    QCOMPARE(access->textInterface()->text(0, 5), QStringLiteral("Hello"));
    QCOMPARE(access->text(QAccessible::Name), QStringLiteral("Transcript"));
    QStringList nameless;
    const std::function<void(QAccessibleInterface*)> walk = [&](QAccessibleInterface* node) {
        if (node == nullptr || node->state().invisible)
            return;
        if (node->state().focusable && node->role() != QAccessible::Cell && node->text(QAccessible::Name).isEmpty())
            nameless << (node->object() ? node->object()->objectName() + u' ' + QString::fromLatin1(node->object()->metaObject()->className()) : QString());
        for (int i = 0; i < node->childCount(); ++i)
            walk(node->child(i));
    };
    walk(QAccessible::queryAccessibleInterface(&page));
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral(", "))));
}

QTEST_MAIN(RunViewsTest)
#include "tst_run_views.moc"
