#include <QRandomGenerator>
#include <QTest>

#include "core/agent/tool_text.h"

using namespace aap;

class ToolTextTest : public QObject {
    Q_OBJECT

private slots:
    void cleaning_data();
    void cleaning();
    void whateverBytesComeTheTextIsUtf8();
    void whatFitsIsNotTouched();
    void aLongTextKeepsAThirdOfItsHeadAndTwoOfItsTail();
    void charactersAreCountedNotBytes();
    void oneEndlessLineIsCutToo();
    void callIdsBecomeFileNames_data();
    void callIdsBecomeFileNames();
};

void ToolTextTest::cleaning_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* title, const QByteArray& bytes, const QByteArray& text) { QTest::newRow(title) << bytes << text; };
    row("plain", "a\tb\nc", "a\tb\nc");
    row("umlauts and emoji stay", "für 😀", "für 😀");
    row("colours", "\x1b[1;31mred\x1b[0m text", "red text");
    row("a window title", "\x1b]0;title\x07text", "text");
    row("a link ended by ST", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link");
    row("clipboard", "\x1b]52;c;ZXZpbA==\x07x", "x");
    row("two-character escapes", "\x1b(Ba\x1b=b\x1bMc", "abc");
    row("a sequence that never ends keeps the next line", "a\x1b[31;\nnext", "a\nnext");
    row("an unfinished title keeps the next line", "a\x1b]0;t\nnext", "a\nnext");
    row("a lone escape at the end", "a\x1b", "a");
    row("progress", "10%\r50%\r100%\ndone", "100%\ndone");
    row("progress without an end", "10%\r20%", "20%");
    row("a return that wrote nothing", "100%\r", "100%");
    row("DOS lines", "a\r\nb\r\n", "a\nb\n");
    row("NUL and bell", QByteArray("a\0b\x07" "c\x7f", 6), "abc");
    row("C1 controls", "a\xc2\x9b" "31mb", "a31mb");
    row("bad bytes", "a\xff\xfe" "b", "a\xEF\xBF\xBD\xEF\xBF\xBD" "b");
    row("overlong", "\xc0\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD");
    row("a surrogate", "\xed\xa0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    row("beyond Unicode", "\xf4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    row("a cut character", "a\xe2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

void ToolTextTest::cleaning()
{
    QFETCH(const QByteArray, bytes);
    QTEST(QByteArray::fromStdString(cleanText(bytes.toStdString())), "text");
}

void ToolTextTest::whateverBytesComeTheTextIsUtf8()
{
    QRandomGenerator random(4711);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes;
        for (int i = 0; i < 64; ++i)
            bytes += random.bounded(3) == 0 ? "\x1b[]\r\n;m\xc2\xe2\xf0"[random.bounded(10)] : char(random.bounded(256));
        const auto text = QByteArray::fromStdString(cleanText(bytes));
        QCOMPARE(QString::fromUtf8(text).toUtf8(), text);
        QVERIFY(!text.contains('\x1b') && !text.contains('\0') && !text.contains('\r'));
    }
}

void ToolTextTest::whatFitsIsNotTouched()
{
    const std::string text(30, 'x');
    QCOMPARE(cutText(text, 30, "/f"), text);
    QVERIFY(cutText(text, 29, "/f") != text);
}

void ToolTextTest::aLongTextKeepsAThirdOfItsHeadAndTwoOfItsTail()
{
    std::string text;
    for (int line = 1; line <= 10000; ++line)
        text += "line " + std::to_string(line) + "\n";
    const auto cut = cutText(text, 30000, "/workspace/.agent/out/x.txt");
    QVERIFY(cut.starts_with("line 1\nline 2\n"));
    QVERIFY(cut.ends_with("line 9999\nline 10000\n"));
    QVERIFY(cut.size() <= 30000 + 120);
    const auto notice = cut.find("[… ");
    QVERIFY(notice > 9900 && notice <= 10000);
    QCOMPARE(cut[notice - 1], '\n'); // whole lines before
    QVERIFY(cut.find("the full text is in /workspace/.agent/out/x.txt …]\nline ") != std::string::npos); // and behind
    const auto kept = std::ranges::count(cut, '\n') - 1;
    QVERIFY(cut.find("[… " + std::to_string(10000 - kept) + " lines (") != std::string::npos);
}

void ToolTextTest::charactersAreCountedNotBytes()
{
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "ü";
    QCOMPARE(cutText(text, 1000, "/f"), text);
    const auto cut = QString::fromStdString(cutText(text, 300, "/f"));
    QCOMPARE(cut.count(QStringLiteral("ü")), 300);
    QCOMPARE(QString::fromStdString(shortened(text, 3)), QStringLiteral("üüü…"));
}

void ToolTextTest::oneEndlessLineIsCutToo()
{
    const auto cut = cutText(std::string(1U << 20U, 'x'), 300, "/f");
    QCOMPARE(std::ranges::count(cut, 'x') - std::ranges::count(std::string("the full text is in"), 'x'), 300);
}

void ToolTextTest::callIdsBecomeFileNames_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("usual") << QByteArray("toolu_01A-b") << QByteArray("toolu_01A-b");
    QTest::newRow("a path") << QByteArray("../../etc/passwd") << QByteArray("______etc_passwd");
    QTest::newRow("nothing") << QByteArray() << QByteArray("call");
    QTest::newRow("endless") << QByteArray(5000, 'a') << QByteArray(100, 'a');
}

void ToolTextTest::callIdsBecomeFileNames()
{
    QFETCH(const QByteArray, id);
    QTEST(QByteArray::fromStdString(fileNameOf(id.toStdString())), "name");
}

QTEST_GUILESS_MAIN(ToolTextTest)
#include "tst_tool_text.moc"
