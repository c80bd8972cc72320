#include <QAction>
#include <QComboBox>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "core/base/files.h"
#include "tests/ui/scripted_workbench.h"
#include "tests/ui/visited_window.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/widgets/look.h"

using namespace aap;

/// Every setting is found, says where its value came from, and is changed in the file.
class SettingsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void everySettingHasItsRow();
    void aChangeGoesToTheFileAndHolds();
    void whatIsNotAllowedIsRefusedWhereItStands();
    void theDefaultHoldsAgain();
    void whatWinsOverTheFileIsNotEdited();
    void searchFindsAcrossAllKinds();
    void aKeyIsKeptAndTried();
    void withoutAKeychainTheKeyStaysForTheSession();
    void whatTheDesktopIsToldIsChosenAndKept();
    void coloursAndLanguageAreChosenAndKept();

private:
    template <typename Widget>
    static Widget* the(const MainWindow& window, const char* name)
    {
        auto* found = window.findChild<Widget*>(QLatin1String(name));
        return found;
    }
    static QString note(const MainWindow& window, const char* key) { return window.findChild<QLabel*>(QStringLiteral("note.") + QLatin1String(key))->text(); }
    static QByteArray fileOf(const ScriptedWorkbench& bench) { return QByteArray::fromStdString(readFile(bench.configFile().toStdString()).value_or("")); }
};

void SettingsPageTest::everySettingHasItsRow()
{
    ScriptedWorkbench workbench;
    const VisitedWindow window(workbench, {});
    for (const auto& setting : settings())
        QVERIFY2(window.findChild<QWidget*>(QStringLiteral("setting.") + QString::fromStdString(setting.key)), setting.key.c_str());
}

void SettingsPageTest::aChangeGoesToTheFileAndHolds()
{
    ScriptedWorkbench workbench;
    QVERIFY(writeFileAtomically(workbench.configFile().toStdString(), R"({"_mine": "a comment", "max_iterations": 7, "budget": {"run_usd": 3}})", FileMode::Private));
    VisitedWindow window(workbench, {});
    window.show();
    window.showPage(PageId::Settings);
    auto* turns = the<QLineEdit>(window, "setting.max_iterations");
    QCOMPARE(turns->text(), QStringLiteral("7"));
    QVERIFY(note(window, "max_iterations").contains(QStringLiteral("config.json, line 1")));
    the<QListWidget>(window, "settingsSections")->setCurrentRow(1);
    turns->selectAll();
    QTest::keyClicks(turns, QStringLiteral("12"));
    QTest::keyClick(turns, Qt::Key_Return);
    QTRY_COMPARE(workbench.config().maxIterations, 12);
    QVERIFY(fileOf(workbench).contains("a comment"));
    QVERIFY(fileOf(workbench).contains("run_usd"));
    auto* scans = the<QCheckBox>(window, "setting.run_security_scans");
    QTest::mouseClick(scans, Qt::LeftButton, {}, QPoint(8, scans->height() / 2));
    QTRY_VERIFY(!workbench.config().runSecurityScans);
    auto* effort = the<QComboBox>(window, "setting.provider.effort");
    QTest::keyClicks(effort, QStringLiteral("high"));
    emit effort->textActivated(QStringLiteral("high"));
    QTRY_COMPARE(workbench.config().provider.effort, std::string("high"));
}

void SettingsPageTest::whatIsNotAllowedIsRefusedWhereItStands()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {});
    window.show();
    window.showPage(PageId::Settings);
    the<QListWidget>(window, "settingsSections")->setCurrentRow(1);
    auto* turns = the<QLineEdit>(window, "setting.max_iterations");
    turns->selectAll();
    QTest::keyClicks(turns, QStringLiteral("many"));
    QTest::keyClick(turns, Qt::Key_Return);
    QVERIFY(note(window, "max_iterations").contains(QStringLiteral("must be a whole number from 1 to 200")));
    QVERIFY(fileOf(workbench).isEmpty());
}

void SettingsPageTest::theDefaultHoldsAgain()
{
    ScriptedWorkbench workbench;
    QVERIFY(writeFileAtomically(workbench.configFile().toStdString(), R"({"max_iterations": 7})", FileMode::Private));
    VisitedWindow window(workbench, {});
    window.show();
    window.showPage(PageId::Settings);
    the<QListWidget>(window, "settingsSections")->setCurrentRow(1);
    QTest::mouseClick(the<QPushButton>(window, "default.max_iterations"), Qt::LeftButton);
    QTRY_COMPARE(the<QLineEdit>(window, "setting.max_iterations")->text(), QStringLiteral("20"));
    QVERIFY(note(window, "max_iterations").contains(QStringLiteral("default")));
    QVERIFY(!the<QPushButton>(window, "default.max_iterations")->isVisible());
}

void SettingsPageTest::whatWinsOverTheFileIsNotEdited()
{
    ScriptedWorkbench workbench;
    workbench.environment["MAX_ITERATIONS"] = "33";
    VisitedWindow window(workbench, {});
    window.show();
    window.showPage(PageId::Settings);
    const auto* turns = the<QLineEdit>(window, "setting.max_iterations");
    QCOMPARE(turns->text(), QStringLiteral("33"));
    QVERIFY(!turns->isEnabled());
    QVERIFY(note(window, "max_iterations").contains(QStringLiteral("MAX_ITERATIONS")));
}

void SettingsPageTest::searchFindsAcrossAllKinds()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {});
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::Settings);
    QTest::keyClick(&window, Qt::Key_F, Qt::ControlModifier);
    auto* search = the<QLineEdit>(window, "settingsSearch");
    QVERIFY(search->hasFocus());
    QTest::keyClicks(search, QStringLiteral("memory"));
    QVERIFY(the<QWidget>(window, "row.sandbox.memory_mb")->isVisible());
    QVERIFY(!the<QWidget>(window, "row.max_iterations")->isVisible());
    search->clear();
    QVERIFY(the<QWidget>(window, "row.provider.name")->isVisible());
    QVERIFY(!the<QWidget>(window, "row.sandbox.memory_mb")->isVisible());
}

void SettingsPageTest::aKeyIsKeptAndTried()
{
    ScriptedWorkbench workbench;
    VisitedWindow window(workbench, {});
    window.show();
    window.showPage(PageId::Settings);
    auto* input = the<QLineEdit>(window, "keyInput");
    auto* keep = the<QPushButton>(window, "keepKey");
    QVERIFY(!keep->isEnabled());
    QTest::keyClicks(input, QStringLiteral("sk-test-0123456789-c4fA"));
    QTest::mouseClick(keep, Qt::LeftButton);
    QTRY_VERIFY(the<QLabel>(window, "keyCurrent")->text().contains(QStringLiteral("…c4fA")));
    QCOMPARE(workbench.keptKey, std::string("sk-test-0123456789-c4fA"));
    QVERIFY(input->text().isEmpty());
    workbench.findings = {Finding{.id = "key", .title = "API key", .status = Finding::Status::Fail, .detail = "the key is refused", .remedy = "Set another key."}};
    QTest::mouseClick(the<QPushButton>(window, "testKey"), Qt::LeftButton);
    QTRY_COMPARE(the<QLabel>(window, "keyVerdict")->text(), QStringLiteral("✗ The key is refused. Set another key."));
}

void SettingsPageTest::withoutAKeychainTheKeyStaysForTheSession()
{
    ScriptedWorkbench workbench;
    workbench.hasKeychain = false;
    VisitedWindow window(workbench, {});
    window.show();
    window.showPage(PageId::Settings);
    QTest::keyClicks(the<QLineEdit>(window, "keyInput"), QStringLiteral("sk-test-0123456789-c4fA"));
    QTest::mouseClick(the<QPushButton>(window, "keepKey"), Qt::LeftButton);
    QTRY_VERIFY(the<QLabel>(window, "keyVerdict")->text().contains(QStringLiteral("There is no keychain")));
    the<QComboBox>(window, "keyPlace")->setCurrentIndex(1);
    QTest::mouseClick(the<QPushButton>(window, "keepKey"), Qt::LeftButton);
    QTRY_VERIFY(the<QLabel>(window, "keyCurrent")->text().contains(QStringLiteral("for this session only")));
}

void SettingsPageTest::whatTheDesktopIsToldIsChosenAndKept()
{
    const QTemporaryDir folder;
    const WindowFiles files{.draft = {}, .memory = folder.filePath(QStringLiteral("window.ini"))};
    ScriptedWorkbench workbench;
    {
        VisitedWindow window(workbench, files);
        window.show();
        window.showPage(PageId::Settings);
        QTest::keyClicks(the<QLineEdit>(window, "settingsSearch"), QStringLiteral("awake"));
        auto* awake = the<QCheckBox>(window, "keepAwake");
        QVERIFY(awake->isVisible() && awake->isChecked());
        QVERIFY(!the<QComboBox>(window, "windowScheme")->isVisible());
        QVERIFY(window.preferences().desktop().keepAwake);
        QTest::mouseClick(awake, Qt::LeftButton, {}, QPoint(8, awake->height() / 2));
        QVERIFY(!window.preferences().desktop().keepAwake);
        QVERIFY(window.preferences().desktop().tellFailed);
    }
    const VisitedWindow again(workbench, files);
    QVERIFY(!again.preferences().desktop().keepAwake);
    QVERIFY(!again.findChild<QCheckBox*>(QStringLiteral("keepAwake"))->isChecked());
}

void SettingsPageTest::coloursAndLanguageAreChosenAndKept()
{
    const QTemporaryDir folder;
    const auto memory = folder.filePath(QStringLiteral("window.ini"));
    ScriptedWorkbench workbench;
    {
        VisitedWindow window(workbench, {.draft = {}, .memory = memory});
        window.show();
        window.showPage(PageId::Settings);
        auto* sections = the<QListWidget>(window, "settingsSections");
        sections->setCurrentItem(sections->findItems(QStringLiteral("Look and language"), Qt::MatchExactly).constFirst());
        auto* scheme = the<QComboBox>(window, "windowScheme");
        QVERIFY(scheme->isVisible());
        scheme->setFocus();
        QTest::keyClick(scheme, Qt::Key_End); // dark
        QVERIFY(isDark());
        QVERIFY(the<QAction>(window, "schemeDark")->isChecked());
        the<QAction>(window, "schemeLight")->trigger();
        QCOMPARE(scheme->currentText(), QStringLiteral("Light"));
        auto* language = the<QComboBox>(window, "windowLanguage");
        language->setFocus();
        QTest::keyClick(language, Qt::Key_End);
    }
    QCOMPARE(rememberedLanguage(memory), QStringLiteral("de"));
    QCOMPARE(rememberedLanguage(folder.filePath(QStringLiteral("none.ini"))), QString());
}

QTEST_MAIN(SettingsPageTest)
#include "tst_settings_page.moc"
