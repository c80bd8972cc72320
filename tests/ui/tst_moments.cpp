#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include "core/store/snapshots.h"
#include "tests/ui/scripted_workbench.h"
#include "ui/run/transcript_model.h"
#include "ui/run/transcript_view.h"
#include "ui/shell/main_window.h"
#include "ui/shell/run_desk.h"
#include "ui/run/run_page.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

/// A run that has ended, in whose Coding a file was written three times.
struct PastRun {
    PastRun()
    {
        if (!QDir(work.path()).mkpath(QStringLiteral("repo")))
            qFatal("no folder can be made");
        const auto folder = Folder::open(work.path().toStdString());
        const auto snapshots = Snapshots::open(output.path().toStdString() + "/snapshots.git", *folder);
        for (const auto* words : {"x = 1\n", "x = 2\n", "x = 3\n"}) {
            QFile file(work.filePath(QStringLiteral("repo/a.py")));
            if (!file.open(QIODevice::WriteOnly) || file.write(words) < 0)
                qFatal("a file cannot be written");
            file.close();
            bench.snapshots.push_back(*(*snapshots)->take("a step"));
        }
        bench.output = output.path();
        bench.writesJournal = true;
        window = std::make_unique<MainWindow>(bench, WindowFiles{});
        window->resize(1280, 800);
        window->show();
        if (!QTest::qWaitForWindowActive(window.get()))
            qFatal("the window does not become active");
        const QSignalSpy ended(window.get(), &MainWindow::runEnded);
        window->startDemo();
        if (!QTest::qWaitFor([&] { return ended.count() == 1; }, 30'000))
            qFatal("the run does not end");
    }
    template <typename Widget> Widget* the(const char* name) const { return window->findChild<Widget*>(QLatin1String(name)); }
    /// The page's own: the window has tabs of that name, too.
    QTabWidget* tabs() const { return window->findChild<RunPage*>()->findChild<QTabWidget*>(QStringLiteral("runTabs")); }
    void openTab(const QString& name) const
    {
        for (int i = 0; i < tabs()->count(); ++i)
            if (tabs()->tabText(i) == name)
                tabs()->setCurrentIndex(i);
    }

    QTemporaryDir output{};
    QTemporaryDir work{};
    ScriptedWorkbench bench{};
    std::unique_ptr<MainWindow> window{};
};

} // namespace

/// A run as it was at each of its tool calls, and runs that begin there.
class MomentsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void withoutSnapshotsThereIsNoSlider();
    void filesAreShownAsTheyWere();
    void changesEndWhereOneLooks();
    void theTranscriptGoesAlong();
    void aRunBeginsAtAMoment();
    void filesOfAMomentAreSaved();
};

void MomentsTest::withoutSnapshotsThereIsNoSlider()
{
    ScriptedWorkbench bench;
    MainWindow window(bench, {});
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(!window.findChild<QSlider*>(QStringLiteral("timeSlider"))->isVisible());
}

void MomentsTest::filesAreShownAsTheyWere()
{
    const PastRun run;
    auto* slider = run.the<QSlider>("timeSlider");
    QVERIFY(slider->isVisible());
    QCOMPARE(slider->maximum(), 3); // three calls, and now
    QCOMPARE(slider->value(), 3);
    run.openTab(QStringLiteral("Files"));
    auto* files = run.the<QListWidget>("momentFiles");
    QTRY_COMPARE(files->count(), 1);
    files->setCurrentRow(0);
    const auto* words = run.the<QPlainTextEdit>("momentText");
    QTRY_COMPARE(words->toPlainText(), QStringLiteral("x = 3\n"));
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Left);
    QTest::keyClick(slider, Qt::Key_Left);
    QTRY_COMPARE(words->toPlainText(), QStringLiteral("x = 2\n"));
    QVERIFY2(run.the<QLabel>("timeWords")->text().contains(QStringLiteral("write_file a.py")), qPrintable(run.the<QLabel>("timeWords")->text()));
    QTest::keyClick(slider, Qt::Key_Home);
    QTRY_COMPARE(words->toPlainText(), QStringLiteral("x = 1\n"));
    QTest::mouseClick(run.the<QPushButton>("timeNow"), Qt::LeftButton);
    QTRY_COMPARE(words->toPlainText(), QStringLiteral("x = 3\n"));
    QVERIFY(!run.the<QPushButton>("timeNow")->isEnabled());
}

void MomentsTest::changesEndWhereOneLooks()
{
    const PastRun run;
    run.openTab(QStringLiteral("Changes"));
    const auto* diff = run.the<DiffView>("changes");
    QTRY_VERIFY(diff->visibleText().contains(QStringLiteral("+x = 3")));
    auto* slider = run.the<QSlider>("timeSlider");
    slider->setValue(1);
    QTRY_VERIFY2(diff->visibleText().contains(QStringLiteral("+x = 2")), qPrintable(diff->visibleText()));
    const auto* steps = run.the<QListWidget>("changeSteps");
    QCOMPARE(steps->count(), 5); // all, the stage, three calls
    QVERIFY(!steps->item(3)->isHidden());
    QVERIFY(steps->item(4)->isHidden()); // that was later
    slider->setValue(3);
    QTRY_VERIFY(diff->visibleText().contains(QStringLiteral("+x = 3")));
    QVERIFY(!steps->item(4)->isHidden());
}

void MomentsTest::theTranscriptGoesAlong()
{
    const PastRun run;
    run.the<QSlider>("timeSlider")->setValue(0);
    const auto* transcript = run.the<TranscriptView>("transcript");
    QCOMPARE(transcript->currentIndex().data(TranscriptModel::CallRole).toString(), QString::fromStdString("call " + run.bench.snapshots.front()));
}

void MomentsTest::aRunBeginsAtAMoment()
{
    PastRun run;
    QVERIFY(!run.the<QPushButton>("timeFork")->isEnabled()); // now is no moment of the past
    run.the<QSlider>("timeSlider")->setValue(1);
    const auto seq = run.window->findChild<RunDesk*>()->state().lastSeq;
    QTest::keyClick(run.window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    auto* files = run.the<QComboBox>("forkAtFile");
    QTRY_VERIFY(files != nullptr && files->count() == 2);
    QTest::keyClicks(run.the<QLineEdit>("forkAtNote"), QStringLiteral("Use a set"));
    auto* content = run.the<QPlainTextEdit>("forkAtContent");
    QVERIFY(!content->isEnabled());
    files->setFocus();
    QTest::keyClick(files, Qt::Key_Down);
    QTRY_COMPARE(content->toPlainText(), QStringLiteral("x = 2\n"));
    content->setPlainText(QStringLiteral("x = 7\n"));
    const QSignalSpy ended(run.window.get(), &MainWindow::runEnded);
    QTest::mouseClick(run.the<QPushButton>("forkAtSheetVerb"), Qt::LeftButton);
    QTRY_COMPARE(ended.count(), 1);
    const auto& wish = run.bench.forked;
    QVERIFY(wish && wish->at);
    QVERIFY(*wish->at > 1 && *wish->at < seq);
    QVERIFY(!wish->stage);
    QCOMPARE(wish->note, std::string("Use a set"));
    QCOMPARE(wish->files, (std::map<std::string, std::string>{{"a.py", "x = 7\n"}}));
    // Nothing is different where nothing was changed.
    auto* desk = run.window->findChild<RunDesk*>();
    desk->show(ScriptedWorkbench::runId(0));
    QTest::mouseClick(desk->currentPage()->findChild<QPushButton*>(QStringLiteral("timeFork")), Qt::LeftButton);
    QTRY_VERIFY(run.the<QPushButton>("forkAtSheetVerb") != nullptr);
    QTest::mouseClick(run.the<QPushButton>("forkAtSheetVerb"), Qt::LeftButton);
    QTRY_COMPARE(ended.count(), 2);
    QVERIFY(wish->files.empty());
}

void MomentsTest::filesOfAMomentAreSaved()
{
    const PastRun run;
    run.openTab(QStringLiteral("Files"));
    run.the<QSlider>("timeSlider")->setValue(0);
    auto* save = run.the<QPushButton>("momentSave");
    QTRY_VERIFY(save->isEnabled());
    QTest::mouseClick(save, Qt::LeftButton);
    auto* dialog = run.the<QFileDialog>("momentSaveDialog");
    QVERIFY(dialog != nullptr);
    const auto target = run.work.filePath(QStringLiteral("as it was"));
    dialog->setDirectory(run.work.path());
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(target);
    QMetaObject::invokeMethod(dialog, "accept");
    QTRY_VERIFY(QFile::exists(target + QStringLiteral("/a.py")));
    QFile file(target + QStringLiteral("/a.py"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QTRY_VERIFY(run.the<QLabel>("momentFile")->text().contains(target));
    QCOMPARE(file.readAll(), QByteArray("x = 1\n"));
}

QTEST_MAIN(MomentsTest)
#include "tst_moments.moc"
