#include <QTest>

#include "core/llm/sse_parser.h"

using namespace aap;

class SseParserTest : public QObject {
    Q_OBJECT

private slots:
    void streams_data();
    void streams();
    void anEventThatNeverEndsIsCapped();
};

namespace {

/// "name|data" per event, joined by ";"
std::string eventsOf(SseParser& parser, std::string_view text, std::size_t pieceBytes)
{
    std::string all;
    while (!text.empty()) {
        const auto events = parser.push(text.substr(0, pieceBytes));
        if (!events)
            return events.error().text();
        for (const auto& event : *events)
            all += event.name + "|" + event.data + ";";
        text.remove_prefix(std::min(pieceBytes, text.size()));
    }
    return all;
}

} // namespace

void SseParserTest::streams_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("events");
    QTest::newRow("one event") << QByteArray("event: a\ndata: 1\n\n") << QByteArray("a|1;");
    QTest::newRow("CRLF") << QByteArray("event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n") << QByteArray("a|1;|2;");
    QTest::newRow("CR") << QByteArray("event: a\rdata: 1\r\rdata: 2\r\r") << QByteArray("a|1;|2;");
    QTest::newRow("all ends mixed") << QByteArray("data: 1\rdata: 2\r\ndata: 3\n\r\ndata: 4\n\r") << QByteArray("|1\n2\n3;|4;");
    QTest::newRow("a byte order mark") << QByteArray("\xef\xbb\xbf" "data: 1\n\n") << QByteArray("|1;");
    QTest::newRow("a byte order mark later is text") << QByteArray("data: 1\n\n\xef\xbb\xbf" "data: 2\n\n") << QByteArray("|1;");
    QTest::newRow("comments, id and retry") << QByteArray(": hi\nid: 7\nretry: 1\ndata: 1\n\n:\n\n") << QByteArray("|1;");
    QTest::newRow("only one space goes") << QByteArray("data:  1 \ndata:2\n\n") << QByteArray("| 1 \n2;");
    QTest::newRow("a value with colons") << QByteArray("data: {\"a\":1}\n\n") << QByteArray("|{\"a\":1};");
    QTest::newRow("a field without a colon") << QByteArray("data\n\n") << QByteArray("|;");
    QTest::newRow("an event without data is none") << QByteArray("event: a\n\ndata: 1\n\n") << QByteArray("|1;");
    QTest::newRow("the last name counts") << QByteArray("event: a\nevent: b\ndata: 1\n\n") << QByteArray("b|1;");
    QTest::newRow("half an event at the end") << QByteArray("data: 1\n\ndata: 2\n") << QByteArray("|1;");
    QTest::newRow("NUL bytes pass") << QByteArray("data: a\0b\n\n", 11) << QByteArray("|a\0b;", 5);
    QTest::newRow("empty lines only") << QByteArray("\n\r\n\r\n\n") << QByteArray();
}

void SseParserTest::streams()
{
    QFETCH(const QByteArray, stream);
    QFETCH(const QByteArray, events);
    for (const std::size_t pieceBytes : {std::size_t(1), std::size_t(2), std::size_t(7), std::size_t(stream.size())}) {
        SseParser parser;
        QCOMPARE(QByteArray::fromStdString(eventsOf(parser, stream.toStdString(), pieceBytes)), events);
    }
}

void SseParserTest::anEventThatNeverEndsIsCapped()
{
    const std::string line = "data: 0123456789\n";
    SseParser oneLine(1000);
    QVERIFY(oneLine.push(std::string(1000, 'x')));
    QCOMPARE(oneLine.push("x").error().code, ErrorCode::Protocol);
    SseParser manyLines(1000);
    std::string endless;
    for (int i = 0; i < 200; ++i)
        endless += line;
    QCOMPARE(manyLines.push(endless).error().code, ErrorCode::Protocol);
    SseParser manyEvents(1000); // the cap is one for each event
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(manyEvents.push(line + "\n")->size(), 1U);
}

QTEST_GUILESS_MAIN(SseParserTest)
#include "tst_sse_parser.moc"
