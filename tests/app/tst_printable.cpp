#include <QTest>

#include "app/cli/printable.h"
#include "app/cli/wording.h"

using namespace aap;

class PrintableTest : public QObject {
    Q_OBJECT

private slots:
    void nothingReachesTheTerminalButText_data();
    void nothingReachesTheTerminalButText();
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
