#include <QTest>

#include "sandbox/docker/http_reader.h"

namespace aap {

class HttpReaderTest : public QObject {
    Q_OBJECT

private slots:
    void answers_data();
    void answers();
    void aStreamOfChunksIsNoLongHeader();
    void anEndlessHeadEnds();
};

namespace {

struct Outcome {
    std::string text{}; ///< "200 body", or "error detail"
    std::string headers{};
};

/// Feeds the bytes in pieces of `size`, then closes the connection.
Outcome read(const std::string& bytes, std::size_t size, bool bodyless)
{
    HttpReader reader(bodyless);
    std::string body;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        const auto fed = reader.feed(std::string_view(bytes).substr(at, size), [&](std::string_view piece) { body += piece; });
        if (!fed)
            return {"error " + fed.error().detail, {}};
    }
    const auto closed = reader.close();
    if (!closed)
        return {"error " + closed.error().detail, {}};
    Outcome outcome{std::to_string(reader.head().status) + " " + body, {}};
    for (const auto& [name, value] : reader.head().headers)
        outcome.headers += name + "=" + value + ";";
    return outcome;
}

} // namespace

void HttpReaderTest::answers_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<bool>("bodyless");
    const auto row = [](const char* name, const QByteArray& bytes, const char* expected, bool bodyless = false) {
        QTest::newRow(name) << bytes << QByteArray(expected) << bodyless;
    };
    row("ping", "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK", "200 OK");
    row("until close", "HTTP/1.1 200 OK\r\n\r\nall of it", "200 all of it");
    row("upgraded, bytes in the same packet", "HTTP/1.1 101 UPGRADED\r\nContent-Length: 3\r\n\r\nmore than three", "101 more than three");
    row("chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\n\r\n", "200 abc0123456789");
    row("chunks win over a length", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "200 abc");
    row("trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n", "200 ");
    row("empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 ");
    row("no content", "HTTP/1.1 204 No Content\r\n\r\n", "204 ");
    row("not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304 ");
    row("HEAD with a length", "HTTP/1.1 404 Not Found\r\nContent-Length: 40\r\n\r\n", "404 ", true);
    row("interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "200 x");
    row("HTTP/1.0", "HTTP/1.0 400 Bad Request\r\n\r\nClient sent", "400 Client sent");
    row("no reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "200 x");
    row("bare newlines", "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", "200 x");
    row("raw bytes", QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\0\xff\n", 41), "200 \0\xff\n");
    row("same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", "200 x");

    row("nothing", "", "error the connection was closed without an answer");
    row("cut head", "HTTP/1.1 200 OK\r\nA: ", "error the connection was closed without an answer");
    row("only an interim answer", "HTTP/1.1 100 Continue\r\n\r\n", "error the connection was closed without an answer");
    row("cut body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx", "error the connection was closed in the middle of the answer");
    row("cut chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "error the connection was closed in the middle of the answer");
    row("no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "error the connection was closed in the middle of the answer");
    row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy", "error a Content-Length that makes no sense: '2'");
    row("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nxy", "error a Content-Length that makes no sense: '-1'");
    row("length beyond numbers", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "error a Content-Length that makes no sense: '99999999999999999999'");
    row("chunk beyond numbers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "error a chunk without a size");
    row("chunk without a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "error a chunk without a size");
    row("chunk longer than said", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", "error a chunk is longer than it said");
    row("too many bytes", "HTTP/1.1 204 No Content\r\n\r\nx", "error bytes after the end of the answer");
    row("folded header", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "error a header line that makes no sense");
    row("header without a name", "HTTP/1.1 200 OK\r\n: b\r\n\r\n", "error a header line that makes no sense");
    row("space before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "error a header line that makes no sense");
    row("NUL in a header", QByteArray("HTTP/1.1 200 OK\r\nA: \0b\r\n\r\n", 26), "error a header line that makes no sense");
    row("HTTP/2", "HTTP/2 200\r\n\r\n", "error the answer is not HTTP/1.1");
    row("HTTP/0.9", "<html>hello</html>\r\n", "error the answer is not HTTP/1.1");
    row("no number", "HTTP/1.1 2x0 OK\r\n\r\n", "error the answer is not HTTP/1.1");
    row("no such status", "HTTP/1.1 999 OK\r\n\r\n", "error the answer is not HTTP/1.1");
    row("header too long", "HTTP/1.1 200 OK\r\nA: " + QByteArray(70000, 'x') + "\r\n\r\n", "error more than 65536 bytes of headers");
    row("too many headers", "HTTP/1.1 200 OK\r\n" + QByteArray("A: b\r\n").repeated(12000) + "\r\n", "error more than 65536 bytes of headers");
    row("flood of interim answers", QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(3000), "error more than 65536 bytes of headers");
}

void HttpReaderTest::answers()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, expected);
    QFETCH(const bool, bodyless);
    const auto whole = read(bytes.toStdString(), std::size_t(bytes.size()) + 1, bodyless);
    QVERIFY2(QByteArray::fromStdString(whole.text).startsWith(expected.constData()), whole.text.c_str());
    for (const std::size_t size : {1U, 2U, 3U, 7U, 64U}) {
        const auto pieces = read(bytes.toStdString(), size, bodyless);
        QCOMPARE(pieces.text, whole.text);
        QCOMPARE(pieces.headers, whole.headers);
    }
}

void HttpReaderTest::aStreamOfChunksIsNoLongHeader()
{
    HttpReader reader;
    std::size_t bytes = 0;
    const auto count = [&](std::string_view piece) { bytes += piece.size(); };
    QVERIFY(reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", count).has_value());
    for (int chunk = 0; chunk < 50'000; ++chunk)
        QVERIFY(reader.feed("1\r\nx\r\n", count).has_value());
    QCOMPARE(bytes, 50'000U);
}

void HttpReaderTest::anEndlessHeadEnds()
{
    HttpReader reader;
    std::size_t fed = 0;
    while (reader.feed("x", [](std::string_view) {}))
        ++fed;
    QCOMPARE(fed, 65536U);
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::HttpReaderTest)
#include "tst_http_reader.moc"
