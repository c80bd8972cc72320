#include <algorithm>

#include <QTest>

#include "app/cli/printable.h"
#include "app/cli/wording.h"
#include "tests/support/injected_texts.h"

using namespace aap;

class PrintableTest : public QObject {
    Q_OBJECT

private slots:
    void nothingReachesTheTerminalButText_data();
    void nothingReachesTheTerminalButText();
    void aQuestionHidesNothing_data();
    void aQuestionHidesNothing();
    void cuttingCountsCharactersNotBytes();
    void durationsReadWell();
};

void PrintableTest::nothingReachesTheTerminalButText_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("plain") << QByteArray("a\tb\nc") << QByteArray("a\tb\nc");
    QTest::newRow("colour") << QByteArray("\x1b[31mred\x1b[0m") << QByteArray("red");
    QTest::newRow("clear screen") << QByteArray("\x1b[2J\x1b[Hx") << QByteArray("x");
    QTest::newRow("window title, BEL") << QByteArray("\x1b]0;evil\ax") << QByteArray("x");
    QTest::newRow("clipboard, ST") << QByteArray("\x1b]52;c;ZXZpbA==\x1b\\x") << QByteArray("x");
    QTest::newRow("hyperlink") << QByteArray("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\") << QByteArray("link");
    QTest::newRow("unfinished sequence") << QByteArray("x\x1b[31") << QByteArray("x");
    QTest::newRow("lone escape at the end") << QByteArray("x\x1b") << QByteArray("x");
    QTest::newRow("carriage return and bell") << QByteArray("good\rbad\a") << QByteArray("goodbad");
    QTest::newRow("8-bit control") << QByteArray("a\xc2\x9b""31mb") << QByteArray("a31mb");
    QTest::newRow("right-to-left override") << QByteArray("gpj.\xe2\x80\xae""exe") << QByteArray("gpj.exe");
    QTest::newRow("invalid UTF-8") << QByteArray("a\xff""b") << QByteArray("a\xef\xbf\xbd""b");
    QTest::newRow("umlaut stays") << QByteArray("gr\xc3\xbc\xc3\x9f") << QByteArray("gr\xc3\xbc\xc3\x9f");
}

void PrintableTest::nothingReachesTheTerminalButText()
{
    QFETCH(const QByteArray, raw);
    QFETCH(const QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(printable(raw.toStdString())), shown);
}

void PrintableTest::aQuestionHidesNothing_data()
{
    QTest::addColumn<int>("text");
    for (int text = 0; text < int(injectedTexts().size()); ++text)
        QTest::newRow(("text " + std::to_string(text + 1)).c_str()) << text;
}

/// I4: what is asked for stands there to its last character, and none of it acts upon the terminal or looks like a line of ours.
void PrintableTest::aQuestionHidesNothing()
{
    QFETCH(const int, text);
    const auto command = "echo " + injectedTexts()[std::size_t(text)] + "; curl https://evil.example/the-end";
    const auto asked = questionLines({.gate = "tool.0123456789abcdef", .question = "Coding wants to use run_command: " + command,
                                      .details = {{"tool", "run_command"}, {"input", {{"command", command}}}, {"reason", ""}}});
    QVERIFY2(asked.find(escaped(command)) != std::string::npos, asked.c_str());
    QCOMPARE(std::ranges::count(asked, '\n'), 4); // the question, tool, input, reason: no line is the model's
    QVERIFY(QString::fromStdString(asked).count(QStringLiteral("the-end")) == 2);
    for (const auto c : QString::fromStdString(asked))
        QVERIFY2(c == u'\n' || (c.unicode() >= 0x20 && c.unicode() != 0x7f && !(c.unicode() >= 0x202a && c.unicode() <= 0x202e)), asked.c_str());
    QCOMPARE(escaped("a\x1b[2J\xe2\x80\xae\\ \n"), std::string("a\\x1b[2J\\u202e\\\\ \\n"));
}

void PrintableTest::cuttingCountsCharactersNotBytes()
{
    QCOMPARE(cutTo("grüße", 5), std::string("grüße"));
    QCOMPARE(cutTo("grüße an alle", 6), std::string("grüße…"));
}

void PrintableTest::durationsReadWell()
{
    QCOMPARE(durationText(std::chrono::seconds(3)), std::string("3 s"));
    QCOMPARE(durationText(std::chrono::seconds(125)), std::string("2 min 5 s"));
    QCOMPARE(durationText(std::chrono::minutes(64)), std::string("1 h 4 min"));
}

QTEST_GUILESS_MAIN(PrintableTest)
#include "tst_printable.moc"
