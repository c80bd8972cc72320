#include <QAction>
#include <QApplication>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTextBlock>
#include <QTreeWidget>

#include "core/project/project_file.h"
#include "tests/ui/scripted_workbench.h"
#include "ui/project/project.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

/// A window with a project in a folder of its own.
struct Desk {
    explicit Desk(const AuthoredProject& content = {.requirements = "# Photos\n\n- The tool must sort photos by date\n- RAW files should be supported\n"})
    {
        if (!writeProject(file(), content))
            qFatal("the project cannot be written");
        window = std::make_unique<MainWindow>(workbench, WindowFiles{path("photos.agentpipeline"), {}});
        window->show();
        if (!QTest::qWaitForWindowActive(window.get()))
            qFatal("the window does not become active");
        window->showPage(PageId::Project);
    }

    QString path(const char* name) const { return folder.filePath(QLatin1String(name)); }
    std::filesystem::path file() const { return path("photos.agentpipeline").toStdString(); }
    template <typename Widget> Widget* the(const char* name) const { return window->findChild<Widget*>(QLatin1String(name)); }
    void click(const char* button) const { QTest::mouseClick(the<QPushButton>(button), Qt::LeftButton); }
    void clickTab(int tab) const
    {
        auto* tabs = the<QTabBar>("requirementsTabs");
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(tab).center());
    }
    void clickRow(QTreeWidget* tree, int row) const { QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualItemRect(tree->topLevelItem(row)).center()); }
    QString write(const char* name, const QByteArray& content) const
    {
        QFile made(path(name));
        if (!made.open(QIODevice::WriteOnly) || made.write(content) != content.size())
            qFatal("a file cannot be written");
        return made.fileName();
    }
    QStringList attached() const
    {
        QStringList rows;
        const auto* list = the<QTreeWidget>("attachments");
        for (int row = 0; row < list->topLevelItemCount(); ++row)
            rows << list->topLevelItem(row)->text(0) + u' ' + list->topLevelItem(row)->text(2);
        return rows;
    }

    QTemporaryDir folder{};
    ScriptedWorkbench workbench{};
    std::unique_ptr<MainWindow> window{};
};

} // namespace

/// What is written on the page Project, how it is read, what goes along, and what others write into its file.
class ProjectPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void itemsLeadToTheirLines();
    void whatCannotBeReadIsSaid();
    void previewShowsMarkdown();
    void attachedFilesGoAlong();
    void attachingIsUndone();
    void whatCannotBeAttachedIsSaid();
    void droppedFilesAreAttached();
    void whatIsSentIsCounted();
    void whatOthersWriteIsNotWrittenOver();
    void whatOthersWroteIsTakenUp();
    void whatIsMineSurvivesTheWindow();
};

void ProjectPageTest::itemsLeadToTheirLines()
{
    const Desk desk;
    QTRY_VERIFY(desk.the<QLabel>("requirementsFigures")->text().contains(QStringLiteral("1 of them must")));
    desk.clickTab(2);
    auto* items = desk.the<QTreeWidget>("requirementItems");
    QTRY_COMPARE(items->topLevelItemCount(), 2);
    QVERIFY(items->isVisible());
    QCOMPARE(items->topLevelItem(0)->text(0), QStringLiteral("R1"));
    QCOMPARE(items->topLevelItem(0)->text(1), QStringLiteral("must"));
    QCOMPARE(items->topLevelItem(1)->text(1), QStringLiteral("should"));
    QCOMPARE(items->topLevelItem(1)->text(2), QStringLiteral("4"));
    desk.clickRow(items, 1);
    auto* editor = desk.the<QPlainTextEdit>("requirementsEditor");
    QVERIFY(editor->isVisible());
    QCOMPARE(editor->textCursor().selectedText(), QStringLiteral("- RAW files should be supported"));
    QCOMPARE(desk.window->focusWidget(), editor);
}

void ProjectPageTest::whatCannotBeReadIsSaid()
{
    const Desk desk({.requirements = "#\n"});
    QTRY_VERIFY(!desk.the<QLabel>("requirementsFigures")->text().isEmpty());
    desk.clickTab(2);
    QTRY_VERIFY(!desk.the<QLabel>("requirementReasons")->text().isEmpty());
    QCOMPARE(desk.the<QTreeWidget>("requirementItems")->topLevelItemCount(), 0);
}

void ProjectPageTest::previewShowsMarkdown()
{
    const Desk desk({.requirements = "# Photos\n\n- The tool **must** sort ![x](/etc/passwd)\n<b>raw</b>\n"});
    desk.clickTab(1);
    auto* preview = desk.the<QTextBrowser>("requirementsPreview");
    QVERIFY(preview->isVisible());
    QVERIFY(preview->toPlainText().contains(QStringLiteral("The tool must sort")));
    QVERIFY(preview->document()->begin().blockFormat().headingLevel() == 1);
    QVERIFY(preview->toPlainText().contains(QStringLiteral("<b>raw</b>"))); // HTML is text
    desk.clickTab(0);
    QVERIFY(desk.the<QPlainTextEdit>("requirementsEditor")->isVisible());
}

void ProjectPageTest::attachedFilesGoAlong()
{
    Desk desk;
    const auto sample = desk.write("sample.json", "{\"a\": 1}");
    QTest::keyClick(desk.window.get(), Qt::Key_I, Qt::ControlModifier | Qt::ShiftModifier);
    auto* dialog = desk.the<QFileDialog>("attachDialog");
    QTRY_VERIFY(dialog != nullptr && dialog->isVisible());
    dialog->setDirectory(desk.folder.path());
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(sample);
    QMetaObject::invokeMethod(dialog, "accept");
    QTRY_COMPARE(desk.attached(), QStringList{QStringLiteral("sample.json yes")});
    auto* list = desk.the<QTreeWidget>("attachments");
    QTRY_COMPARE(list->topLevelItem(0)->text(1), QStringLiteral("8 bytes"));
    const auto kept = [&] { return readProject(desk.file())->attachments; };
    QTRY_VERIFY_WITH_TIMEOUT(!kept().empty(), 20'000);
    QCOMPARE(kept().front().path, std::string("sample.json")); // the folder may move as a whole
    desk.window->activateWindow(); // nobody else does it when a dialog has gone
    QVERIFY(QTest::qWaitForWindowActive(desk.window.get()));
    QTest::keyClick(desk.window.get(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(desk.workbench.lastOrder.attachments, QStringList{sample});
    desk.window->showPage(PageId::Project);
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Space);
    QCOMPARE(desk.attached(), QStringList{QStringLiteral("sample.json no")});
    desk.the<QPlainTextEdit>("requirementsEditor")->appendPlainText(QStringLiteral("- It must be quick"));
    desk.click("startButton");
    QTRY_COMPARE(desk.workbench.asked.size(), 2);
    QVERIFY(desk.workbench.lastOrder.attachments.isEmpty());
}

void ProjectPageTest::attachingIsUndone()
{
    const Desk desk({.requirements = "- The tool must sort", .attachments = {{"/etc/hostname"}, {"/etc/hosts", false}}});
    const QStringList both{QStringLiteral("hostname yes"), QStringLiteral("hosts no")};
    QCOMPARE(desk.attached(), both);
    auto* list = desk.the<QTreeWidget>("attachments");
    desk.clickRow(list, 0);
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(desk.attached(), QStringList{both.last()});
    QTest::keyClick(list, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk.attached(), both);
    desk.clickRow(list, 1);
    desk.click("detach");
    QCOMPARE(desk.attached(), QStringList{both.first()});
    list->setFocus();
    desk.the<QAction>("undo")->trigger();
    QCOMPARE(desk.attached(), both);
    desk.the<QAction>("redo")->trigger();
    QCOMPARE(desk.attached(), QStringList{both.first()});
}

void ProjectPageTest::whatCannotBeAttachedIsSaid()
{
    const Desk desk({.requirements = "- The tool must sort", .attachments = {{"/no/such/file"}}});
    auto* list = desk.the<QTreeWidget>("attachments");
    QTRY_VERIFY(list->topLevelItem(0)->text(1).contains(QStringLiteral("not possible")));
    QVERIFY(list->topLevelItem(0)->toolTip(1).contains(QStringLiteral("is not there")));
}

void ProjectPageTest::droppedFilesAreAttached()
{
    const Desk desk;
    const auto sample = desk.write("mock-up.txt", "a picture in words");
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(sample), QUrl(QStringLiteral("https://example.org/x"))});
    auto* page = desk.the<QWidget>("pageProject");
    QDragEnterEvent enters(QPoint(20, 20), Qt::CopyAction, &files, Qt::LeftButton, {});
    QApplication::sendEvent(page, &enters);
    QVERIFY(enters.isAccepted());
    QDropEvent drops(QPointF(20, 20), Qt::CopyAction, &files, Qt::LeftButton, {});
    QApplication::sendEvent(page, &drops);
    QCOMPARE(desk.attached(), QStringList{QStringLiteral("mock-up.txt yes")});
    QApplication::sendEvent(page, &drops); // once is enough
    QCOMPARE(desk.attached().size(), 1);
}

void ProjectPageTest::whatIsSentIsCounted()
{
    Desk desk;
    desk.workbench.writesJournal = true;
    const auto* forecast = desk.the<QLabel>("sendingForecast");
    QTRY_VERIFY(forecast->text().contains(QStringLiteral("no past run")));
    const QSignalSpy ended(desk.window.get(), &MainWindow::runEnded);
    desk.click("startButton");
    QTRY_COMPARE(ended.count(), 1);
    desk.window->showPage(PageId::Project);
    QTRY_VERIFY2(forecast->text().startsWith(QStringLiteral("Forecast p50 $")), qPrintable(forecast->text()));
    QTRY_VERIFY(desk.the<QLabel>("sendingAmount")->text().contains(QStringLiteral("tokens")));
    QVERIFY(!desk.the<QLabel>("sendingAmount")->text().contains(QStringLiteral("files")));
    desk.window->findChild<Project*>()->attach({desk.write("data.csv", QByteArray(3000, 'x'))});
    QTRY_VERIFY2(desk.the<QLabel>("sendingAmount")->text().contains(QStringLiteral("files 1.0 k")), qPrintable(desk.the<QLabel>("sendingAmount")->text()));
}

void ProjectPageTest::whatOthersWriteIsNotWrittenOver()
{
    const Desk desk;
    QVERIFY(writeProject(desk.file(), {.requirements = "- Theirs must win"}));
    const auto* bar = desk.the<QLabel>("diskBar");
    QTRY_VERIFY_WITH_TIMEOUT(bar->isVisible(), 20'000);
    auto* editor = desk.the<QPlainTextEdit>("requirementsEditor");
    editor->appendPlainText(QStringLiteral("- Mine must win"));
    QTest::keyClick(editor, Qt::Key_S, Qt::ControlModifier);
    QCOMPARE(readProject(desk.file())->requirements, std::string("- Theirs must win"));
    desk.click("diskCompare");
    auto* changes = desk.the<DiffView>("diskChanges");
    QTRY_VERIFY(changes != nullptr && changes->isVisible());
    QVERIFY2(changes->visibleText().contains(QStringLiteral("Theirs must win")), qPrintable(changes->visibleText()));
    QVERIFY(changes->visibleText().contains(QStringLiteral("Mine must win")));
    desk.click("comparisonKeep");
    QTRY_VERIFY(!bar->isVisible());
    QCOMPARE(QString::fromStdString(readProject(desk.file())->requirements), editor->toPlainText());
    editor->appendPlainText(QStringLiteral("- And more"));
    QTest::keyClick(editor, Qt::Key_S, Qt::ControlModifier); // as ever
    QVERIFY(readProject(desk.file())->requirements.ends_with("- And more"));
}

void ProjectPageTest::whatOthersWroteIsTakenUp()
{
    const Desk desk;
    QVERIFY(writeProject(desk.file(), {.requirements = "- Theirs must win", .repository = "../old"}));
    QTRY_VERIFY_WITH_TIMEOUT(desk.the<QLabel>("diskBar")->isVisible(), 20'000);
    desk.click("diskReload");
    QCOMPARE(desk.the<QPlainTextEdit>("requirementsEditor")->toPlainText(), QStringLiteral("- Theirs must win"));
    QVERIFY(!desk.the<QLabel>("diskBar")->isVisible());
    QVERIFY(writeProject(desk.file(), {.requirements = "- Theirs again"}));
    QTRY_VERIFY_WITH_TIMEOUT(desk.the<QLabel>("diskBar")->isVisible(), 20'000);
    QVERIFY(writeProject(desk.file(), {.requirements = "- Theirs must win", .repository = "../old"})); // they thought better of it
    QTRY_VERIFY_WITH_TIMEOUT(!desk.the<QLabel>("diskBar")->isVisible(), 20'000);
}

void ProjectPageTest::whatIsMineSurvivesTheWindow()
{
    const Desk desk;
    desk.the<QPlainTextEdit>("requirementsEditor")->setPlainText(QStringLiteral("- Mine must stay"));
    QVERIFY(writeProject(desk.file(), {.requirements = "- Theirs must win"}));
    QVERIFY(desk.window->close());
    QCOMPARE(readProject(desk.file())->requirements, std::string("- Theirs must win"));
    const auto mine = readProject(desk.path("photos-mine.agentpipeline").toStdString());
    QVERIFY2(mine, mine ? "" : mine.error().text().c_str());
    QCOMPARE(mine->requirements, std::string("- Mine must stay"));
}

QTEST_MAIN(ProjectPageTest)
#include "tst_project_page.moc"
