#include <QTest>

#include "sandbox/docker/exec_stream.h"
#include "sandbox/docker/output_record.h"

namespace aap {

class ExecStreamTest : public QObject {
    Q_OBJECT

private slots:
    void frames_data();
    void frames();
    void aLongOutputKeepsItsHeadAndTail();
    void standardOutputIsKeptAlone();
};

namespace {

QByteArray frame(char type, const QByteArray& payload)
{
    const auto size = quint32(payload.size());
    QByteArray bytes(1, type);
    bytes.append(3, '\0');
    for (const int shift : {24, 16, 8, 0})
        bytes.append(char(size >> shift & 0xFFU));
    return bytes + payload;
}

/// "o:text|e:text", with pieces of one source joined, then "?" for an open frame or "!" for an error.
std::string read(const std::string& bytes, std::size_t size)
{
    ExecStream stream;
    std::string text;
    char last = 0;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        const auto fed = stream.feed(std::string_view(bytes).substr(at, size), [&](ExecStream::Source source, std::string_view piece) {
            const char mark = source == ExecStream::Source::Output ? 'o' : 'e';
            if (mark != last)
                text += std::string(last == 0 ? "" : "|") + mark + ":";
            last = mark;
            text += piece;
        });
        if (!fed)
            return text + "!";
    }
    return stream.isBetweenFrames() ? text : text + "?";
}

} // namespace

void ExecStreamTest::frames_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("one") << frame(1, "out\n") << QByteArray("o:out\n");
    QTest::newRow("both") << frame(1, "out") + frame(2, "err") + frame(1, "more") << QByteArray("o:out|e:err|o:more");
    QTest::newRow("standard input counts as output") << frame(0, "in") << QByteArray("o:in");
    QTest::newRow("an empty frame") << frame(1, "a") + frame(1, "") + frame(1, "b") << QByteArray("o:ab");
    QTest::newRow("a character cut between frames") << frame(1, "\xc3") + frame(1, "\xa9") << QByteArray("o:\xc3\xa9");
    QTest::newRow("NUL and invalid UTF-8") << frame(2, QByteArray("\0\xff\xfe", 3)) << QByteArray("e:\0\xff\xfe", 5);
    QTest::newRow("a cut header") << frame(1, "a") + QByteArray("\1\0\0", 3) << QByteArray("o:a?");
    QTest::newRow("a cut payload") << frame(1, "abc").chopped(1) << QByteArray("o:ab?");
    QTest::newRow("type 9") << frame(9, "abc") << QByteArray("!");
    QTest::newRow("length 0xFFFFFFFF") << QByteArray("\1\0\0\0\xff\xff\xff\xff", 8) << QByteArray("!");
    QTest::newRow("16 MiB are the most") << QByteArray("\1\0\0\0\1\0\0\1", 8) << QByteArray("!");
    QTest::newRow("text instead of frames") << QByteArray("hello, world") << QByteArray("!");
}

void ExecStreamTest::frames()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, expected);
    for (const std::size_t size : {1U, 2U, 3U, 5U, 9U, 4096U})
        QCOMPARE(read(bytes.toStdString(), size), expected.toStdString());
}

void ExecStreamTest::aLongOutputKeepsItsHeadAndTail()
{
    OutputRecord record;
    const std::string piece(10'000, 'x');
    record.add(ExecStream::Source::Output, "first");
    for (int i = 0; i < 1000; ++i)
        record.add(ExecStream::Source::Error, piece);
    record.add(ExecStream::Source::Output, "last");
    CommandResult result;
    std::move(record).moveInto(result);
    QCOMPARE(result.totalBytes, 10'000'009U);
    QVERIFY(result.output.starts_with("firstxxx"));
    QVERIFY(result.output.ends_with("xxxlast"));
    QCOMPARE(result.output.size(), std::size_t(384) << 10U);
    QCOMPARE(result.omittedBytes, result.totalBytes - result.output.size());
    QCOMPARE(result.standardOutput, std::string("firstlast"));
}

void ExecStreamTest::standardOutputIsKeptAlone()
{
    OutputRecord record;
    record.add(ExecStream::Source::Output, std::string(3U << 20U, 'o'));
    CommandResult result;
    std::move(record).moveInto(result);
    QCOMPARE(result.standardOutput.size(), std::size_t(1) << 20U);
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::ExecStreamTest)
#include "tst_exec_stream.moc"
