#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTest>
#include <QTranslator>

#include "ui/artifacts/artifacts_page.h"
#include "ui/describe.h"
#include "ui/language.h"
#include "ui/log/log_panel.h"
#include "ui/run/run_page.h"
#include "ui/widgets/demo_ribbon.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

/// The language xx: every sentence that goes through tr() wears brackets and is longer by a third.
class Pseudo final : public QTranslator {
public:
    QString translate(const char* /*context*/, const char* source, const char* /*disambiguation*/, int /*n*/) const override
    {
        const auto words = QString::fromUtf8(source);
        return u'[' + words + QString(words.size() / 3, u'~') + u']';
    }
    bool isEmpty() const override { return false; }
};

bool isWord(const QString& shown)
{
    return std::any_of(shown.begin(), shown.end(), [](QChar c) { return c.isLetter(); });
}

/// What is visible on a page and was not given to the translators.
QStringList untranslated(const QWidget& page)
{
    QStringList found;
    const auto look = [&found](const QObject* owner, const QString& shown) {
        if (isWord(shown) && !shown.contains(u'['))
            found << owner->objectName() + QStringLiteral(": ") + shown;
    };
    for (const auto* widget : page.findChildren<QWidget*>()) {
        look(widget, widget->toolTip());
        look(widget, widget->accessibleName());
        if (const auto* label = qobject_cast<const QLabel*>(widget))
            look(widget, label->text());
        else if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
            look(widget, button->text());
        else if (const auto* edit = qobject_cast<const QLineEdit*>(widget))
            look(widget, edit->placeholderText());
        else if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
            for (int i = 0; i < tabs->count(); ++i)
                look(widget, tabs->tabText(i));
        else if (const auto* header = qobject_cast<const QHeaderView*>(widget); header && header->orientation() == Qt::Horizontal && header->model())
            for (int i = 0; i < header->count(); ++i)
                look(widget, header->model()->headerData(i, Qt::Horizontal).toString());
    }
    return found;
}

} // namespace

/// The window in other languages.
class LanguagesTest : public QObject {
    Q_OBJECT

private slots:
    void everythingShownGoesToTheTranslators();
    void germanIsSpoken();
    void pluralsAreRight();
    void anUnknownWishIsTheSystemsLanguage();
};

void LanguagesTest::everythingShownGoesToTheTranslators()
{
    Pseudo pseudo;
    QCoreApplication::installTranslator(&pseudo);
    RunPage run;
    run.begin("id");
    ArtifactsPage artifacts;
    LogPanel log(QStringLiteral("log"));
    QWidget holder;
    DemoRibbon ribbon(4, &holder);
    ribbon.show(true);
    QStringList found;
    for (const auto* page : std::initializer_list<const QWidget*>{&run, &artifacts, &log, &ribbon})
        found << untranslated(*page);
    QCoreApplication::removeTranslator(&pseudo);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    QVERIFY(!untranslated(RunPage()).isEmpty()); // the test can fail
}

void LanguagesTest::germanIsSpoken()
{
    speak(*qApp, QLocale(QStringLiteral("de_DE")));
    QCOMPARE(word(title(StageStatus::Passed)), QStringLiteral("Bestanden"));
    QCOMPARE(lookOf(StageStatus::Failed).word, QStringLiteral("Fehlgeschlagen"));
    RunPage page;
    const auto* tabs = page.findChild<QTabWidget*>(QStringLiteral("runTabs"));
    QCOMPARE(tabs->tabText(0), QStringLiteral("Verlauf"));
    QCOMPARE(durationText(Milliseconds(125'000)), QStringLiteral("2 min 5 s"));
    QCOMPARE(countText(12'300), QStringLiteral("12,3 Tsd."));
}

void LanguagesTest::pluralsAreRight()
{
    speak(*qApp, QLocale(QStringLiteral("de")));
    QCOMPARE(QObject::tr("%n line(s)", nullptr, 1), QStringLiteral("1 Zeile"));
    QCOMPARE(QObject::tr("%n line(s)", nullptr, 3), QStringLiteral("3 Zeilen"));
    speak(*qApp, QLocale(QStringLiteral("en_GB")));
    QCOMPARE(QObject::tr("%n line(s)", nullptr, 1), QStringLiteral("1 line"));
    QCOMPARE(QObject::tr("%n line(s)", nullptr, 3), QStringLiteral("3 lines"));
    for (const auto* unknown : {"C", "sw_KE"}) {
        speak(*qApp, QLocale(QLatin1String(unknown)));
        QCOMPARE(QObject::tr("%n line(s)", nullptr, 1), QStringLiteral("1 line"));
    }
}

void LanguagesTest::anUnknownWishIsTheSystemsLanguage()
{
    QCOMPARE(localeFor(QStringLiteral("de")).language(), QLocale::German);
    QCOMPARE(localeFor(QString()), QLocale::system());
    QCOMPARE(localeFor(QStringLiteral("../../etc")), QLocale::system());
}

QTEST_MAIN(LanguagesTest)
#include "tst_languages.moc"
