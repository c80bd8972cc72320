#include <set>

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <QTreeWidget>

#include "core/store/snapshots.h"
#include "tests/ui/looks_of.h"
#include "tests/ui/scripted_workbench.h"
#include "ui/language.h"
#include "ui/project/project.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

constexpr PageId kPages[] = {PageId::Welcome, PageId::Project, PageId::Pipeline, PageId::Run, PageId::Artifacts, PageId::History, PageId::Settings, PageId::Doctor};

struct View {
    PageId page{};
    const char* tabs = ""; ///< a bar of tabs on it
    int tab = 0;
};
constexpr View kViews[] = {{PageId::Welcome}, {PageId::Project, "requirementsTabs", 2}, {PageId::Project, "requirementsTabs", 1}, {PageId::Project, "requirementsTabs", 0}, {PageId::Pipeline},
                           {PageId::Run, "runTabs", 3}, {PageId::Run, "runTabs", 0}, {PageId::Artifacts}, {PageId::History}, {PageId::Settings}, {PageId::Doctor}};

/// Of the page in front.
void showTab(const QWidget& window, const char* tabs, int tab)
{
    for (auto* bar : window.findChildren<QTabBar*>())
        if (bar->isVisible() && bar->count() > 2 && (bar->objectName() == QLatin1String(tabs) || bar->parent()->objectName() == QLatin1String(tabs)))
            bar->setCurrentIndex(tab);
}

void write(const QString& file, const QByteArray& words)
{
    QFile made(file);
    if (!made.open(QIODevice::WriteOnly) || made.write(words) < 0)
        qFatal("a file cannot be written");
}

/// The pictures of larger dresses have folders of their own.
QString dress()
{
    const auto scale = qEnvironmentVariable("QT_SCALE_FACTOR");
    const auto dpi = qEnvironmentVariable("QT_FONT_DPI");
    return (scale.isEmpty() ? QString() : QStringLiteral("/scale-") + scale) + (dpi.isEmpty() ? QString() : QStringLiteral("/dpi-") + dpi);
}

/// A window full of what there can be: runs of every kind, findings, files, a gate that waits.
class Exhibit {
public:
    Exhibit()
    {
        write(output.filePath(QStringLiteral("notes.md")), "# Notes\n\nThe service keeps its data in *SQLite*.\n\n- one\n- two\n");
        write(output.filePath(QStringLiteral("storage.py")), "def keep(item: dict) -> int:\n    \"\"\"Keeps an item, and says where.\"\"\"\n    return 1\n");
        bench.writesJournal = true;
        bench.output = output.path();
        bench.title = "Todo service with sign-in";
        leaveSnapshots();
        bench.findings = {Finding{.id = "docker", .title = "Docker engine", .status = Finding::Status::Ok, .detail = "20.10.24, API 1.41"},
                          Finding{.id = "image", .title = "Sandbox image", .status = Finding::Status::Warn, .detail = "The image is 40 days old.", .remedy = "Build it anew.", .fixCommand = "agent-pipeline sandbox build"},
                          Finding{.id = "key", .title = "API key", .status = Finding::Status::Fail, .detail = "There is no key.", .remedy = "Add it in Settings."}};
        (void)bench.leaveInterrupted();
        window = std::make_unique<MainWindow>(bench, WindowFiles{.draft = output.filePath(QStringLiteral("draft.agentpipeline")), .memory = {}, .templates = output.filePath(QStringLiteral("templates"))});
        window->show();
        if (!QTest::qWaitForWindowActive(window.get()))
            qFatal("the window does not become active");
        window->showPage(PageId::Project);
        window->findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor"))->setPlainText(QStringLiteral("# Photo sorter\n\n- The tool must sort images by date\n- RAW files should be supported\n- Should videos be sorted, too?\n"));
        window->findChild<Project*>()->attach({output.filePath(QStringLiteral("notes.md")), output.filePath(QStringLiteral("storage.py")), output.filePath(QStringLiteral("lost.png"))});
    }
    /// What Coding makes of a project, as a run keeps it.
    void leaveSnapshots()
    {
        QDir(project.path()).mkpath(QStringLiteral("repo"));
        const auto folder = Folder::open(project.path().toStdString());
        const auto snapshots = folder ? Snapshots::open(output.path().toStdString() + "/snapshots.git", *folder) : Result<std::unique_ptr<Snapshots>>(folder.error());
        for (const auto* words : {"def keep(item):\n    return 0\n", "def keep(item: dict) -> int:\n    return 1\n"}) {
            write(project.filePath(QStringLiteral("repo/storage.py")), words);
            const auto taken = snapshots ? (*snapshots)->take("a step") : Result<std::string>(snapshots.error());
            if (!taken)
                qFatal("no snapshot can be taken");
            bench.snapshots.push_back(*taken);
        }
    }
    void runOnce()
    {
        const QSignalSpy ended(window.get(), &MainWindow::runEnded);
        window->startDemo();
        if (!QTest::qWaitFor([&] { return ended.count() == 1; }, 30'000))
            qFatal("the run does not end");
    }
    bool waitAtGate()
    {
        bench.waitsAtGate = true;
        bench.warns = true;
        window->startDemo();
        return QTest::qWaitFor([this] { return gateIsOpen(); }, 30'000);
    }
    bool gateIsOpen() const
    {
        for (auto* bar : window->findChildren<QWidget*>(QStringLiteral("gateBar")))
            if (!bar->isHidden())
                return true;
        return false;
    }

    QTemporaryDir output{};
    QTemporaryDir project{};
    ScriptedWorkbench bench{};
    std::unique_ptr<MainWindow> window{};
};

} // namespace

/// Every page in every dress: what is cut, lies outside, overlaps, is too faint, has no name or is out of the keyboard's reach.
class LooksTest : public QObject {
    Q_OBJECT

private slots:
    void everyPageLooksRight_data();
    void everyPageLooksRight();
    void sheetsLookRight_data() { everyPageLooksRight_data(); }
    void sheetsLookRight();
    void everythingIsReachedAndNamed_data();
    void everythingIsReachedAndNamed();
    void whatIsWrongIsFound();
    void cleanup();

private:
    static std::unique_ptr<Exhibit> setScene();
};

void LooksTest::cleanup()
{
    applyScheme(Scheme::Light);
    for (auto* translator : qApp->findChildren<QTranslator*>()) {
        QCoreApplication::removeTranslator(translator);
        translator->deleteLater();
    }
    QLocale::setDefault(QLocale::c());
}

void LooksTest::everyPageLooksRight_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<int>("scheme");
    QTest::addColumn<QSize>("size");
    for (const auto* language : {"en", "de"})
        for (const auto& [scheme, name] : {std::pair(Scheme::Light, "light"), std::pair(Scheme::Dark, "dark")})
            for (const auto size : {QSize(1280, 800), QSize(960, 600)})
                QTest::addRow("%s-%s-%dx%d", language, name, size.width(), size.height()) << QString::fromLatin1(language) << int(scheme) << size;
}

/// A window in the dress that the row names, with a run that has ended.
std::unique_ptr<Exhibit> LooksTest::setScene()
{
    QFETCH(const QString, language);
    QFETCH(const int, scheme);
    QFETCH(const QSize, size);
    applyScheme(Scheme(scheme));
    speak(*qApp, QLocale(language));
    auto exhibit = std::make_unique<Exhibit>();
    exhibit->window->resize(size);
    exhibit->runOnce();
    return exhibit;
}

void LooksTest::everyPageLooksRight()
{
    const auto scene = setScene();
    auto& exhibit = *scene;
    QVERIFY(exhibit.waitAtGate());
    const QDir folder(QStringLiteral(AAP_BINARY_DIR "/screenshots") + dress());
    QVERIFY(folder.mkpath(QStringLiteral(".")));
    const auto* navigation = exhibit.window->findChild<QListWidget*>(QStringLiteral("navigation"));
    QStringList wrong;
    for (const auto& [page, tabs, tab] : kViews) {
        exhibit.window->showPage(page);
        if (*tabs != '\0')
            showTab(*exhibit.window, tabs, tab);
        if (page == PageId::History)
            QTRY_COMPARE(exhibit.window->findChild<QTableView*>(QStringLiteral("historyTable"))->model()->rowCount(), 3);
        if (page == PageId::Artifacts)
            if (auto* tree = exhibit.window->findChild<QTreeWidget*>(QStringLiteral("artifactTree")); QTest::qWaitFor([&] { return tree->topLevelItemCount() > 0; }))
                tree->setCurrentItem(tree->topLevelItem(0));
        QTest::qWait(50); // what is laid out by the event loop is
        const auto picture = exhibit.window->grab().toImage();
        const auto name = QStringLiteral("%1-page%2").arg(QLatin1String(QTest::currentDataTag())).arg(int(page) + 1) + (tab == 0 ? QString() : QStringLiteral("-tab%1").arg(tab));
        QVERIFY(picture.save(folder.filePath(name + QStringLiteral(".png"))));
        QCOMPARE(picture.size(), (QSizeF(exhibit.window->size()) * qApp->devicePixelRatio()).toSize());
        for (const auto& complaint : complaintsAbout(*exhibit.window) + faintTexts(*exhibit.window, picture) + blurredIcons(*navigation, picture))
            wrong << name + u' ' + complaint;
        std::set<QRgb> colours;
        for (int y = 0; y < picture.height(); y += 2)
            for (int x = 0; x < picture.width(); x += 2)
                colours.insert(picture.pixel(x, y));
        QVERIFY2(colours.size() >= 40, qPrintable(name + QStringLiteral(" is blank")));
        const auto corner = picture.pixelColor(picture.width() - 4, picture.height() / 2).lightness();
        QVERIFY2(isDark() ? corner < 80 : corner > 200, qPrintable(name + QStringLiteral(" does not wear the scheme")));
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(u'\n' + wrong.join(u'\n')));
}

void LooksTest::sheetsLookRight()
{
    const auto scene = setScene();
    auto& exhibit = *scene;
    exhibit.bench.runsUntilStopped = true;
    exhibit.window->startDemo();
    const auto* steering = exhibit.window->findChild<QAction*>(QStringLiteral("raiseLimit"));
    QTRY_VERIFY(steering->isEnabled());
    exhibit.window->showPage(PageId::Pipeline);
    QStringList wrong;
    for (const auto* action : {"templateSave", "raiseLimit", "skipStage", "sendBack", "help", "shortcuts", "palette", "newProject", "about"}) {
        if (auto* named = exhibit.window->findChild<QAction*>(QLatin1String(action)))
            named->trigger();
        else
            exhibit.window->findChild<QPushButton*>(QLatin1String(action))->click();
        QTRY_VERIFY2(QApplication::activeModalWidget() != nullptr, action);
        auto* sheet = QApplication::activeModalWidget();
        QTest::qWait(20);
        const auto picture = sheet->grab().toImage();
        const auto name = QStringLiteral("%1-%2").arg(QLatin1String(QTest::currentDataTag()), QLatin1String(action));
        QVERIFY(picture.save(QStringLiteral(AAP_BINARY_DIR "/screenshots/") + name + QStringLiteral(".png")));
        for (const auto& complaint : complaintsAbout(*sheet) + faintTexts(*sheet, picture) + nameless(*sheet))
            wrong << name + u' ' + complaint;
        QTest::keyClick(sheet, Qt::Key_Escape);
        QTRY_VERIFY2(QApplication::activeModalWidget() == nullptr, action);
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(u'\n' + wrong.join(u'\n')));
}

void LooksTest::everythingIsReachedAndNamed_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("en") << QStringLiteral("en");
    QTest::newRow("de") << QStringLiteral("de");
}

void LooksTest::everythingIsReachedAndNamed()
{
    QFETCH(const QString, language);
    applyScheme(Scheme::Light);
    speak(*qApp, QLocale(language));
    Exhibit exhibit;
    exhibit.window->resize(1280, 800);
    exhibit.runOnce();
    QVERIFY(exhibit.waitAtGate());
    QStringList wrong;
    for (const auto page : kPages) {
        exhibit.window->showPage(page);
        exhibit.window->findChild<QListWidget*>(QStringLiteral("navigation"))->setFocus();
        QTest::qWait(20);
        for (const auto& complaint : nameless(*exhibit.window) + unreachable(*exhibit.window))
            wrong << QStringLiteral("page %1: %2").arg(int(page) + 1).arg(complaint);
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(u'\n' + wrong.join(u'\n')));
}

/// The test can fail.
void LooksTest::whatIsWrongIsFound()
{
    applyScheme(Scheme::Light);
    QWidget window;
    window.resize(400, 300);
    auto* cut = new QLabel(QStringLiteral("words that have no room here"), &window);
    cut->setGeometry(10, 10, 40, 20);
    auto* outside = new QPushButton(QStringLiteral("gone"), &window);
    outside->setGeometry(380, 100, 120, 30);
    auto* faint = new QLabel(QStringLiteral("faint"), &window);
    faint->setStyleSheet(QStringLiteral("color: #dcdcdc"));
    faint->setGeometry(10, 60, 100, 20);
    auto* aloof = new QPlainTextEdit(&window);
    aloof->setGeometry(10, 100, 100, 60);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QImage soft(64, 64, QImage::Format_RGB32);
    soft.fill(Qt::white);
    QPainter(&soft).drawLine(10, 0, 10, 63);
    QVERIFY(hardestEdge(soft) > 0.9);
    QVERIFY(hardestEdge(soft.scaled(128, 128, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)) <= 0.6);
    const auto complaints = complaintsAbout(window).join(u'\n');
    QVERIFY2(complaints.contains(QStringLiteral("cut: ")) && complaints.contains(QStringLiteral("outside: ")), qPrintable(complaints));
    QVERIFY(!faintTexts(window, window.grab().toImage()).filter(QStringLiteral("\"faint\"")).isEmpty());
    QVERIFY(!nameless(window).isEmpty());
    QVERIFY(unreachable(window).isEmpty());
}

QTEST_MAIN(LooksTest)
#include "tst_looks.moc"
