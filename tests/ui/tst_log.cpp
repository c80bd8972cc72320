#include <algorithm>
#include <fstream>
#include <random>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "core/engine/sandbox_log.h"
#include "ui/log/log_colours.h"
#include "ui/log/log_folds.h"
#include "ui/log/log_panel.h"
#include "ui/log/shown_bytes.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

class Nobody final : public RunObserver {
public:
    void happened(const RunEvent& /*event*/, const RunState& /*state*/) override {}
    void live(const LiveEvent& /*event*/) override {}
};

RunEvent happening(StageId stage, Payload payload)
{
    return {.seq = 1, .at = now(), .stage = stage, .payload = std::move(payload)};
}

void call(SandboxLog& log, StageId stage, const std::string& id, const std::string& what, const std::string& output, int exitCode)
{
    log.happened(happening(stage, ToolStarted{.callId = id, .tool = "run_command", .summary = what}), {});
    if (!output.empty())
        log.live({.kind = LiveEvent::Kind::ToolOutput, .stage = stage, .callId = id, .text = output});
    log.happened(happening(stage, ToolFinished{.callId = id, .tool = "run_command", .result = "the answer", .exitCode = exitCode, .duration = Milliseconds(3200)}), {});
}

/// What programs print, and what they should not.
std::string nastyLine(std::mt19937& random)
{
    static const std::string pieces[] = {"a", "b c", "Error", "error: x  y", "Z", "plain words of some length", " ", "\t", "\r", "\r", "\x1b[32m", "\x1b[0m", "\x1b[1;38;5;200m", "\x1b[2J",
                                         "\x1b]0;title\x07", "\x1b]8;;x\x1b\\", "\x1b(B", "\x1b", "\x1b[", "\a", std::string(1, '\0'), "\x7f", "é", "ü✓", "z日本", "😀", "\xe2\x80\xae",
                                         "\xc2\x85", "\xc2\xa0", "\xc2\xad", "\xef\xbb\xbf", "\xff", "\xe2\x80", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x80\xa8", "\xef\xbf\xbd", "\xf0\x9f"};
    std::uniform_int_distribution<std::size_t> count(0, 12);
    std::uniform_int_distribution<std::size_t> which(0, std::size(pieces) - 1);
    std::string line;
    for (auto left = count(random); left > 0; --left)
        line += pieces[which(random)];
    return line;
}

/// Shown without limits of its layout: the platform of tests knows none and says so.
void exhibit(QWidget& page)
{
    page.layout()->setSizeConstraint(QLayout::SetNoConstraint);
    page.resize(900, 400);
    page.show();
}

} // namespace

/// The log's parts, and the view with real keys and clicks on real files.
class LogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyScheme(Scheme::Light); }
    void linesAreParsed_data();
    void linesAreParsed();
    void longLinesAreCut();
    void whatAProgramAskedForStaysReadable();
    void linesAreIndexedHoweverTheyArrive();
    void foldsAnswerBothWays();
    void aFileIsShownAndItsEndFollowed();
    void whoReadsIsNotDisturbed();
    void linesAreSelectedAndCopiedWithoutColours();
    void aFileThatIsCutBeginsAnew();
    void linksAreNotOpened();
    void bytesAreShownAsTextIs();
    void bytesAreFoundAsTextIs();
    void hitsAreFound_data();
    void hitsAreFound();
    void whatComesLaterIsFoundToo();
    void callsAreFoldedAndFiltered();
    void nothingPrintedLooksLikeACall();

private:
    QString path() const { return m_folder.filePath(QStringLiteral("a.log")); }
    void add(const std::string& bytes, bool anew = false) const { std::ofstream(path().toStdString(), anew ? std::ios::trunc : std::ios::app) << bytes; }
    QTemporaryDir m_folder;
};

void LogTest::linesAreParsed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << QByteArray("make: done\n") << QStringLiteral("make: done");
    QTest::newRow("colours") << QByteArray("\x1b[1;31merror\x1b[0m: no\n") << QStringLiteral("error: no");
    QTest::newRow("overwritten") << QByteArray("10 %\r50 %\r100 %\r\n") << QStringLiteral("100 %");
    QTest::newRow("tabs") << QByteArray("a\tb") << QStringLiteral("a       b");
    QTest::newRow("a title for the terminal") << QByteArray("\x1b]0;owned\x07" "after") << QStringLiteral("after");
    QTest::newRow("a link, and the clipboard") << QByteArray("\x1b]8;;http://x\x1b\\here\x1b]8;;\x1b\\\x1b]52;c;AAAA\x07!") << QStringLiteral("here!");
    QTest::newRow("cursor moves") << QByteArray("\x1b[2J\x1b[10;10Hx\x1b[K") << QStringLiteral("x");
    QTest::newRow("cut in an escape") << QByteArray("x\x1b[3") << QStringLiteral("x");
    QTest::newRow("bell and backspace") << QByteArray("a\a\bb\0c", 6) << QStringLiteral("abc");
    QTest::newRow("turned around") << QByteArray("a\xe2\x80\xae" "b") << QStringLiteral("a\\u202eb");
    QTest::newRow("no UTF-8") << QByteArray("a\xff" "b") << QStringLiteral("a\uFFFDb");
    QTest::newRow("wide") << QByteArray("日本") << QStringLiteral("日本");
    QTest::newRow("markup") << QByteArray("<img src=/etc/passwd>") << QStringLiteral("<img src=/etc/passwd>");
}

void LogTest::linesAreParsed()
{
    QFETCH(const QByteArray, bytes);
    const auto line = parseLogLine({bytes.data(), std::size_t(bytes.size())});
    QTEST(line.text, "shown");
    qsizetype at = 0;
    for (const auto& run : line.runs) {
        QCOMPARE(qsizetype(run.start), at);
        at += run.length;
    }
    QCOMPARE(at, line.text.size());
}

void LogTest::longLinesAreCut()
{
    const auto line = parseLogLine(std::string(kShownLineBytes, 'x'), 3U << 20U);
    QVERIFY(line.text.contains(QStringLiteral("3.0 MB more")));
    QVERIFY(line.text.size() < 5000);
}

void LogTest::whatAProgramAskedForStaysReadable()
{
    for (const auto scheme : {Scheme::Light, Scheme::Dark}) {
        applyScheme(scheme);
        for (int text = -1; text < 16; ++text)
            for (int ground = -1; ground < 16; ++ground) {
                const auto colours = coloursOf({.text = text, .ground = ground});
                const auto behind = colours.ground.isValid() ? colours.ground : QApplication::palette().color(QPalette::Base);
                QVERIFY2(contrastOf(colours.text, behind) >= 4.4, qPrintable(QStringLiteral("%1 on %2").arg(text).arg(ground)));
            }
    }
    applyScheme(Scheme::Light);
}

void LogTest::linesAreIndexedHoweverTheyArrive()
{
    const std::string whole = "one\n\nthree is longer\nlast";
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        LineIndex index;
        index.feed(std::string_view(whole).substr(0, cut));
        index.feed(std::string_view(whole).substr(cut));
        QCOMPARE(index.lines(), 4U);
        QCOMPARE(index.begin(2), 5U);
        QCOMPARE(index.end(2), 21U);
        QCOMPARE(index.end(3), 25U);
    }
    LineIndex many;
    for (int i = 0; i < 70'000; ++i)
        many.feed("ab\n");
    QCOMPARE(many.lines(), 70'000U);
    QCOMPARE(many.begin(69'999), 69'999U * 3);
}

void LogTest::foldsAnswerBothWays()
{
    const LogFolds folds({{.first = 2, .count = 3}, {.first = 5, .count = 1}, {.first = 10, .count = 2}});
    QCOMPARE(folds.rows(20), 14U);
    QCOMPARE(folds.lineAt(1), 1U);
    QCOMPARE(folds.lineAt(2), 6U);
    QCOMPARE(folds.lineAt(6), 12U);
    QVERIFY(folds.hides(4) && folds.hides(5) && !folds.hides(6) && folds.hides(11));
    for (std::uint64_t row = 0; row < folds.rows(20); ++row)
        QCOMPARE(folds.rowOf(folds.lineAt(row)), row);
    QCOMPARE(LogFolds().lineAt(7), 7U);
}

void LogTest::aFileIsShownAndItsEndFollowed()
{
    QFile::remove(path());
    LogPanel panel(QStringLiteral("log"));
    exhibit(panel);
    panel.open(m_folder.path(), QStringLiteral("a.log"), false); // before there is one
    QCOMPARE(panel.view().lineCount(), 0U);
    for (int i = 0; i < 1000; ++i)
        add("line " + std::to_string(i) + "\n");
    QTRY_VERIFY(panel.view().visibleText().endsWith(QStringLiteral("line 999")));
    add("and \x1b[32mmore\x1b[0m\n");
    QTRY_VERIFY(panel.view().visibleText().endsWith(QStringLiteral("and more")));
    QVERIFY(panel.view().follows());
}

void LogTest::whoReadsIsNotDisturbed()
{
    add("", true);
    LogPanel panel(QStringLiteral("log"));
    exhibit(panel);
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    panel.open(m_folder.path(), QStringLiteral("a.log"), false);
    for (int i = 0; i < 500; ++i)
        add("line " + std::to_string(i) + "\n");
    QTRY_COMPARE(panel.view().lineCount(), 500U);
    panel.view().setFocus();
    QTest::keyClick(&panel.view(), Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(panel.view().firstVisibleLine(), 0U);
    QVERIFY(!panel.view().follows());
    add("twelve\nmore\n");
    auto* pill = panel.findChild<QPushButton*>(QStringLiteral("newLines"));
    QTRY_VERIFY(pill->isVisible());
    QCOMPARE(pill->text(), QStringLiteral("↓ 2 new"));
    QCOMPARE(panel.view().firstVisibleLine(), 0U);
    QTest::mouseClick(pill, Qt::LeftButton);
    QVERIFY(panel.view().visibleText().endsWith(QStringLiteral("more")));
    QTest::keyClick(&panel.view(), Qt::Key_PageUp);
    QVERIFY(!panel.view().follows());
    QTest::keyClick(&panel.view(), Qt::Key_End, Qt::ControlModifier);
    QVERIFY(panel.view().follows());
    QTest::keyClick(&panel.view(), Qt::Key_Z, Qt::AltModifier);
    QVERIFY(panel.view().wraps());
    QVERIFY(panel.view().visibleText().endsWith(QStringLiteral("more")));
}

void LogTest::linesAreSelectedAndCopiedWithoutColours()
{
    add("first\n\x1b[31msecond\x1b[0m\nthird\n", true);
    LogPanel panel(QStringLiteral("log"));
    exhibit(panel);
    panel.open(m_folder.path(), QStringLiteral("a.log"), false);
    QTRY_COMPARE(panel.view().lineCount(), 3U);
    auto& view = panel.view();
    const int row = view.fontMetrics().height() + 1;
    QTest::mousePress(view.viewport(), Qt::LeftButton, {}, {40, row / 2});
    QTest::mouseMove(view.viewport(), {40, row + row / 2});
    QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, {40, row + row / 2});
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    QTRY_COMPARE(QApplication::clipboard()->text(), QStringLiteral("first\nsecond\n"));
    QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("first\nsecond\nthird\n"));
}

void LogTest::aFileThatIsCutBeginsAnew()
{
    add("a long first line\nand a second\n", true);
    LogPanel panel(QStringLiteral("log"));
    panel.open(m_folder.path(), QStringLiteral("a.log"), false);
    QTRY_COMPARE(panel.view().lineCount(), 2U);
    add("new\n", true);
    QTRY_COMPARE(panel.view().lineText(0), QStringLiteral("new"));
    QCOMPARE(panel.view().lineCount(), 1U);
}

void LogTest::linksAreNotOpened()
{
    QVERIFY(QFile::link(QStringLiteral("/etc/hostname"), m_folder.filePath(QStringLiteral("link.log"))));
    QVERIFY(!GrowingFile::open(m_folder.path().toStdString(), "link.log"));
    QVERIFY(!GrowingFile::open(m_folder.path().toStdString(), "../etc"));
    QVERIFY(!GrowingFile::open("/dev", "zero"));
    QCOMPARE(GrowingFile::open(m_folder.path().toStdString(), "absent").error().code, ErrorCode::NotFound);
}

void LogTest::bytesAreShownAsTextIs()
{
    std::mt19937 random(20261126);
    for (int i = 0; i < 20'000; ++i) {
        const auto line = nastyLine(random);
        std::string shown = "before";
        appendShownBytes(line, shown);
        QCOMPARE(QByteArray::fromStdString(shown).mid(6), parseLogLine(line).text.toUtf8());
    }
    for (const auto* line : {"", "\n", "\r\n", "\r", "\x1b", "\x1b[", "\x1b[3", "\t", "\xc3", "a\xed\xa0\x80" "b", "\xf4\x90\x80\x80", "\xef\xbb\xbfx"}) {
        std::string shown;
        appendShownBytes(line, shown);
        QCOMPARE(QByteArray::fromStdString(shown), parseLogLine(line).text.toUtf8());
    }
}

/// Against the plainest way there is: each line made text, and the expression tried on it.
void LogTest::bytesAreFoundAsTextIs()
{
    std::mt19937 random(7);
    std::string block;
    std::vector<QString> lines;
    for (int i = 0; i < 4'000; ++i) {
        const auto line = nastyLine(random) + '\n';
        block += line;
        lines.push_back(parseLogLine(line).text);
    }
    for (const auto* words : {"a", "ab", "Error", "error", "b c", "x  ", "é", "ü✓", "z日", "😀", "\\u202e", "\uFFFD", "."})
        for (int options = 0; options < 8; ++options) {
            const LogQuery query{.words = QString::fromUtf8(words), .matchCase = (options & 1) != 0, .wholeWord = (options & 2) != 0, .regex = (options & 4) != 0};
            const auto expression = query.expression();
            if (!expression.isValid())
                continue;
            std::vector<std::uint64_t> expected;
            for (std::size_t line = 0; line < lines.size(); ++line)
                if (expression.match(lines[line]).hasMatch())
                    expected.push_back(100 + line);
            std::vector<std::uint64_t> found;
            LineMatcher(query).find(block, 100, found, {});
            QVERIFY2(found == expected, qPrintable(QStringLiteral("%1, options %2: %3 of %4").arg(query.words).arg(options).arg(found.size()).arg(expected.size())));
        }
}

void LogTest::hitsAreFound_data()
{
    QTest::addColumn<LogQuery>("query");
    QTest::addColumn<QString>("lines");
    QTest::newRow("any case") << LogQuery{.words = QStringLiteral("Error")} << QStringLiteral("0 2 4");
    QTest::newRow("this case") << LogQuery{.words = QStringLiteral("Error"), .matchCase = true} << QStringLiteral("2");
    QTest::newRow("whole word") << LogQuery{.words = QStringLiteral("error"), .wholeWord = true} << QStringLiteral("0 2");
    QTest::newRow("expression") << LogQuery{.words = QStringLiteral("^no|errors$"), .regex = true} << QStringLiteral("1 4");
    QTest::newRow("through colours") << LogQuery{.words = QStringLiteral("error: x")} << QStringLiteral("0");
    QTest::newRow("letters beyond ASCII") << LogQuery{.words = QStringLiteral("ÜBER")} << QStringLiteral("3");
    QTest::newRow("no expression") << LogQuery{.words = QStringLiteral("("), .regex = true} << QString();
}

void LogTest::hitsAreFound()
{
    QFETCH(const LogQuery, query);
    add("\x1b[31merror\x1b[0m: x\nnothing\nan Error here\nüber alles\nterrors\n", true);
    LogSource source;
    source.open(m_folder.path(), QStringLiteral("a.log"), false);
    QTRY_COMPARE(source.lines(), 5U);
    LogFind find;
    find.start(source.opened(), query);
    QTRY_VERIFY(!find.isRunning());
    QStringList lines;
    for (const auto line : find.lines())
        lines << QString::number(line);
    QTEST(lines.join(u' '), "lines");
}

void LogTest::whatComesLaterIsFoundToo()
{
    add("one needle\nnone\n", true);
    LogPanel panel(QStringLiteral("log"));
    exhibit(panel);
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    panel.open(m_folder.path(), QStringLiteral("a.log"), false);
    QTRY_COMPARE(panel.view().lineCount(), 2U);
    panel.view().setFocus();
    QTest::keyClick(&panel.view(), Qt::Key_F, Qt::ControlModifier);
    auto* words = panel.findChild<QLineEdit*>(QStringLiteral("logFind"));
    QVERIFY(words->hasFocus());
    QTest::keyClicks(words, QStringLiteral("needle"));
    const auto* hits = panel.findChild<QLabel*>(QStringLiteral("logHits"));
    QTRY_COMPARE(hits->text(), QStringLiteral("1 line(s)"));
    QCOMPARE(panel.view().currentLine(), std::optional<std::uint64_t>(0));
    add("another needle\n");
    QTRY_COMPARE(hits->text(), QStringLiteral("2 line(s)"));
    QTest::keyClick(words, Qt::Key_F3);
    QCOMPARE(panel.view().currentLine(), std::optional<std::uint64_t>(2));
    QTest::keyClick(words, Qt::Key_F3, Qt::ShiftModifier);
    QCOMPARE(panel.view().currentLine(), std::optional<std::uint64_t>(0));
    QTest::keyClick(words, Qt::Key_Escape);
    QVERIFY(!words->isVisible());
    QVERIFY(panel.view().hasFocus());
}

void LogTest::callsAreFoldedAndFiltered()
{
    QFile::remove(path());
    Nobody nobody;
    SandboxLog log(path().toStdString(), nobody);
    call(log, StageId::Coding, "1", "make", "compiling\nlinking\n", 0);
    call(log, StageId::Testing, "2", "ctest", "1 failed", 8);
    call(log, StageId::Testing, "3", "cat x", "", 0);
    LogPanel panel(QStringLiteral("log"));
    exhibit(panel);
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    panel.open(m_folder.path(), QStringLiteral("a.log"), true);
    auto& view = panel.view();
    QTRY_COMPARE(view.visibleText().count(QStringLiteral("run_command")), 3);
    QCOMPARE(view.visibleText().count(u'\n'), 9);
    const auto whole = view.visibleText();
    QVERIFY(whole.contains(QStringLiteral("Coding · run_command  make\ncompiling\nlinking\nexit code 0 · 3.2 s\n")));
    QVERIFY(whole.contains(QStringLiteral("1 failed\nexit code 8")));
    QVERIFY(whole.contains(QStringLiteral("the answer")));
    view.setFocus();
    QTest::keyClick(&view, Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(&view, Qt::Key_Return);
    QVERIFY(!view.visibleText().contains(QStringLiteral("compiling")));
    QVERIFY(view.visibleText().contains(QStringLiteral("2 line(s) · exit code 0")));
    panel.findChild<QToolButton*>(QStringLiteral("logFold"))->click();
    QCOMPARE(view.visibleText().count(u'\n'), 2);
    QVERIFY(view.goToCall(QStringLiteral("2")));
    QVERIFY(view.visibleText().contains(QStringLiteral("1 failed")));
    QTest::keyClick(&view, Qt::Key_BracketRight, Qt::ControlModifier | Qt::ShiftModifier);
    panel.findChild<QComboBox*>(QStringLiteral("logStage"))->setCurrentText(QStringLiteral("Coding"));
    QVERIFY(!view.visibleText().contains(QStringLiteral("ctest")));
    QVERIFY(view.visibleText().contains(QStringLiteral("compiling")));
}

void LogTest::nothingPrintedLooksLikeACall()
{
    QFile::remove(path());
    Nobody nobody;
    SandboxLog log(path().toStdString(), nobody);
    call(log, StageId::Coding, "1\nx\t", "echo \x1e", "\x1e" "12:00:00\ttesting\t9\trm -rf\n\x1f" "0\t1\n", 0);
    LogSource source;
    source.open(m_folder.path(), QStringLiteral("a.log"), true);
    QTRY_COMPARE(source.lines(), 4U);
    QTRY_COMPARE(source.sections().size(), 1U);
    QCOMPARE(source.sections().front().stage, std::optional(StageId::Coding));
    QTRY_COMPARE(source.sections().front().lastLine, std::optional<std::uint64_t>(3));
}

QTEST_MAIN(LogTest)
#include "tst_log.moc"
