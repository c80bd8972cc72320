#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <thread>

#include <QScopeGuard>
#include <QTest>

#include "core/llm/anthropic_model.h"
#include "tests/support/fake_messages_api.h"

using namespace aap;

/// A server that misbehaves, a network that fails, a user who has had enough: each ends in time, with the right error.
class HttpFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void aStopIsObeyedAtOnce_data();
    void aStopIsObeyedAtOnce();
    void aStopBeforehandSendsNothing();
    void silenceEndsAfterTheIdleTime();
    void slowIsNotSilent();
    void aServerThatNeverEndsAFinishedReplyIsNotWaitedFor();
    void nobodyListens();
    void noConnectionInTime();
    void strangeAnswers_data();
    void strangeAnswers();
    void aCompressedReplyIsRead();
    void aFloodStaysOutOfMemory_data();
    void aFloodStaysOutOfMemory();
};

namespace {

ModelRequest request()
{
    return {.model = "m", .messages = {Message::user("hi")}};
}

RecordedTurn turn(const std::string& text = "Hello there, this is a reply.")
{
    return {.content = Json::array({Json{{"type", "text"}, {"text", text}}}), .stopReason = "end_turn", .usage = {.inputTokens = 3, .outputTokens = 2}};
}

AnthropicSettings settings(const std::string& baseUrl)
{
    AnthropicSettings made{.baseUrl = baseUrl, .apiKey = ApiKey("key")};
    made.limits = {.connect = Milliseconds(2000), .idle = Milliseconds(2000)};
    return made;
}

Step stalledAfter(std::size_t bytes)
{
    return Step::reply(turn()).ending(Step::End::Stall, bytes);
}

/// The most memory this process had since the last reset, in MiB.
std::size_t peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            return std::stoul(line.substr(6)) / 1024;
    return 0;
}

void resetPeakMemory()
{
    std::ofstream("/proc/self/clear_refs") << 5;
}

} // namespace

void HttpFaultsTest::aStopIsObeyedAtOnce_data()
{
    QTest::addColumn<int>("bytes"); // what the server says before it falls silent
    QTest::newRow("before the first byte of the body") << 0;
    QTest::newRow("in the middle of an event") << 40;
    QTest::newRow("in the middle of the text") << 700;
}

void HttpFaultsTest::aStopIsObeyedAtOnce()
{
    QFETCH(const int, bytes);
    FakeMessagesApi api;
    api.enqueue(stalledAfter(std::size_t(bytes)));
    AnthropicModel model(settings(api.baseUrl()));
    std::stop_source stop;
    Stopwatch sinceStop;
    std::string heard;
    std::atomic<bool> hasHeard = bytes < 700;
    ReplyListener listener;
    listener.text = [&](std::string_view piece) {
        heard += piece;
        hasHeard = true;
    };
    std::jthread user([&] {
        QVERIFY(api.waitForRequests(1));
        while (!hasHeard)
            std::this_thread::yield();
        sinceStop = {};
        stop.request_stop();
    });
    const auto outcome = model.attempt(request(), listener, stop.get_token());
    user.join();
    QVERIFY2(sinceStop.elapsed() < Milliseconds(300), std::to_string(sinceStop.elapsed().count()).c_str());
    const auto& failure = std::get<ApiFailure>(outcome);
    QCOMPARE(failure.error.code, ErrorCode::Stopped);
    QVERIFY(!failure.isRetryable);
    QCOMPARE(failure.partialText, heard);
    QVERIFY(api.waitForClosedConnections(1)); // the server notices, too

    api.enqueue(Step::reply(turn())); // and the next question is answered
    QVERIFY(std::holds_alternative<ModelReply>(model.attempt(request(), {}, {})));
}

void HttpFaultsTest::aStopBeforehandSendsNothing()
{
    FakeMessagesApi api;
    AnthropicModel model(settings(api.baseUrl()));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(std::get<ApiFailure>(model.attempt(request(), {}, stop.get_token())).error.code, ErrorCode::Stopped);
    QCOMPARE(model.listModels(stop.get_token()).error().code, ErrorCode::Stopped);
    QCOMPARE(api.connections(), 0);
}

void HttpFaultsTest::silenceEndsAfterTheIdleTime()
{
    for (const std::size_t bytes : {0U, 500U}) {
        FakeMessagesApi api;
        api.enqueue(stalledAfter(bytes));
        auto made = settings(api.baseUrl());
        made.limits.idle = Milliseconds(200);
        AnthropicModel model(made);
        const Stopwatch watch;
        const auto outcome = model.attempt(request(), {}, {});
        QVERIFY(watch.elapsed() >= Milliseconds(200));
        QVERIFY(watch.elapsed() < Milliseconds(1500));
        const auto& failure = std::get<ApiFailure>(outcome);
        QCOMPARE(failure.error.code, ErrorCode::Timeout);
        QVERIFY(failure.isRetryable);
        QVERIFY2(failure.error.text().find("silent for 0.2 s") != std::string::npos, failure.error.text().c_str());
        QCOMPARE(failure.spent.inputTokens, bytes == 0 ? 0 : 3);
    }
}

void HttpFaultsTest::slowIsNotSilent()
{
    FakeMessagesApi api;
    api.enqueue(Step::reply(turn()).inPieces(60, Milliseconds(30))); // takes longer than the idle time as a whole
    auto made = settings(api.baseUrl());
    made.limits.idle = Milliseconds(300);
    AnthropicModel model(made);
    const Stopwatch watch;
    QVERIFY(std::holds_alternative<ModelReply>(model.attempt(request(), {}, {})));
    QVERIFY(watch.elapsed() > Milliseconds(300));
}

void HttpFaultsTest::aServerThatNeverEndsAFinishedReplyIsNotWaitedFor()
{
    FakeMessagesApi api;
    api.enqueue(Step::reply(turn()).ending(Step::End::Stall));
    auto made = settings(api.baseUrl());
    made.limits.idle = Milliseconds(60'000);
    AnthropicModel model(made);
    const Stopwatch watch;
    const auto outcome = model.attempt(request(), {}, {});
    QVERIFY(std::holds_alternative<ModelReply>(outcome));
    QVERIFY(watch.elapsed() < Milliseconds(5000));
}

void HttpFaultsTest::nobodyListens()
{
    std::string freed;
    {
        const FakeMessagesApi gone;
        freed = gone.baseUrl();
    }
    AnthropicModel model(settings(freed));
    const auto outcome = model.attempt(request(), {}, {});
    const auto& failure = std::get<ApiFailure>(outcome);
    QCOMPARE(failure.error.code, ErrorCode::Unavailable);
    QVERIFY(failure.isRetryable);
    QCOMPARE(failure.httpStatus, 0);
    QVERIFY(!failure.error.remedy.empty());
}

void HttpFaultsTest::noConnectionInTime()
{
    // Nobody accepts, and when the queue is full the kernel answers no further SYN: connecting hangs.
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    ::socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<::sockaddr*>(&address);
    QVERIFY(::bind(listener, generic, length) == 0 && ::listen(listener, 0) == 0 && ::getsockname(listener, generic, &length) == 0);
    std::vector<int> callers;
    for (int i = 0; i < 4; ++i) {
        callers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
        (void)::connect(callers.back(), generic, length);
    }
    const auto closeAll = qScopeGuard([&] {
        for (const int socket : callers)
            ::close(socket);
        ::close(listener);
    });
    auto made = settings("http://127.0.0.1:" + std::to_string(::ntohs(address.sin_port)));
    made.limits.connect = Milliseconds(300);
    made.limits.idle = Milliseconds(30'000);
    AnthropicModel model(made);
    const Stopwatch watch;
    const auto outcome = model.attempt(request(), {}, {});
    QVERIFY(watch.elapsed() < Milliseconds(2000));
    const auto& failure = std::get<ApiFailure>(outcome);
    QCOMPARE(failure.error.code, ErrorCode::Timeout);
    QVERIFY2(failure.error.text().find("no connection within 0.3 s") != std::string::npos, failure.error.text().c_str());
}

void HttpFaultsTest::strangeAnswers_data()
{
    QTest::addColumn<QByteArray>("bytes"); // everything the server sends
    QTest::addColumn<bool>("isReply");
    const auto body = QByteArray::fromStdString(Step::reply(turn()).body);
    const QByteArray head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    QTest::newRow("to the end of the connection") << head + "\r\n" + body << true;
    QTest::newRow("HTTP/1.0") << "HTTP/1.0 200 OK\r\n\r\n" + body << true;
    QTest::newRow("100 before it") << "HTTP/1.1 100 Continue\r\n\r\n" + head + "\r\n" + body << true;
    QTest::newRow("102 before it") << "HTTP/1.1 102 Processing\r\n\r\n" + head + "\r\n" + body << false;
    QTest::newRow("no content type") << "HTTP/1.1 200 OK\r\n\r\n" + body << true;
    QTest::newRow("a shorter length") << head + "content-length: 100\r\n\r\n" + body << false;
    QTest::newRow("a longer length") << head + "content-length: 99999\r\n\r\n" + body.left(200) << false;
    QTest::newRow("a broken chunk") << head + "transfer-encoding: chunked\r\n\r\nzz\r\n" + body << false;
    QTest::newRow("nothing at all") << QByteArray() << false;
    QTest::newRow("garbage") << QByteArray(5000, '\xfe') << false;
    QTest::newRow("HTTP/0.9") << body << false;
    QTest::newRow("an HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << false;
    QTest::newRow("a head that stops") << head << false;
    QTest::newRow("HTML") << QByteArray("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>login</html>") << false;
    QTest::newRow("JSON that is no message") << QByteArray("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":1}") << false;
    QTest::newRow("JSON that is none") << QByteArray("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{") << false;
    QTest::newRow("no content") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << false;
    QTest::newRow("zeros in the events") << head + "\r\n" + QByteArrayLiteral("data: {\"type\":\0\"ping\"}\n\n") << false;
    QTest::newRow("not what it claims to be packed as") << head + "content-encoding: gzip\r\ncontent-length: 23\r\n\r\nthis is not gzip at all" << false;
}

void HttpFaultsTest::strangeAnswers()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const bool, isReply);
    FakeMessagesApi api;
    for (int i = 0; i < 4; ++i) // Qt asks again by itself when a connection dies without an answer
        api.enqueue({.body = bytes.toStdString(), .end = Step::End::Raw});
    AnthropicModel model(settings(api.baseUrl()));
    const Stopwatch watch;
    const auto outcome = model.attempt(request(), {}, {});
    QVERIFY(watch.elapsed() < Milliseconds(4000));
    const auto* failure = std::get_if<ApiFailure>(&outcome);
    QVERIFY2((failure == nullptr) == isReply, failure ? failure->error.text().c_str() : "");
    if (failure) {
        QVERIFY(!failure->error.detail.empty());
        QVERIFY(failure->error.code == ErrorCode::Unavailable || failure->error.code == ErrorCode::Protocol);
    }
}

void HttpFaultsTest::aCompressedReplyIsRead()
{
    FakeMessagesApi api;
    std::mt19937 random(1); // NOLINT: the same text every time
    std::string text(2'000'000, ' '); // as a stream larger than any buffer on the way
    std::ranges::generate(text, [&random] { return char('a' + random() % 26); });
    auto step = Step::reply(turn(text));
    step.body = qCompress(QByteArray::fromStdString(step.body)).mid(4).toStdString(); // zlib, which HTTP calls deflate
    api.enqueue(std::move(step).with("content-encoding", "deflate"));
    AnthropicModel model(settings(api.baseUrl()));
    const auto outcome = model.attempt(request(), {}, {});
    const auto* failure = std::get_if<ApiFailure>(&outcome);
    QVERIFY2(!failure, failure ? failure->error.text().c_str() : "");
    QVERIFY(std::get<ModelReply>(outcome).text() == text);
}

void HttpFaultsTest::aFloodStaysOutOfMemory_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("pings for ever") << 0;
    QTest::newRow("one event that never ends") << 1;
    QTest::newRow("a JSON body that never ends") << 2;
    QTest::newRow("an error body that never ends") << 3;
    QTest::newRow("a bomb") << 4;
    QTest::newRow("100 000 headers") << 5;
    QTest::newRow("a head without end") << 6;
}

void HttpFaultsTest::aFloodStaysOutOfMemory()
{
    QFETCH(const int, kind);
    Step step;
    std::string ping;
    for (int i = 0; i < 2000; ++i)
        ping += "data: {\"type\":\"ping\"}\n\n";
    switch (kind) {
    case 0:
        step = {.body = ping, .end = Step::End::Endless};
        break;
    case 1:
        step = {.body = "data: " + std::string(100'000, 'x'), .end = Step::End::Endless};
        std::ranges::replace(step.body, '\n', ' ');
        break;
    case 2:
        step = {.headers = {{"content-type", "application/json"}}, .body = std::string(100'000, '['), .end = Step::End::Endless};
        break;
    case 3:
        step = {.status = 500, .body = std::string(100'000, 'e'), .end = Step::End::Endless};
        break;
    case 4:
        step = {.body = qCompress(QByteArray(300'000'000, ' '), 9).mid(4).toStdString()};
        step.headers.emplace_back("content-encoding", "deflate");
        break;
    default:
        step = {.body = "HTTP/1.1 200 OK\r\n", .end = Step::End::Raw};
        for (int i = 0; i < 100'000; ++i)
            step.body += "x-header-" + std::to_string(i) + ": some value\r\n";
        if (kind == 5)
            step.body += "\r\n";
    }
    FakeMessagesApi api;
    for (int i = 0; i < 4; ++i)
        api.enqueue(step);
    AnthropicModel model(settings(api.baseUrl()));
    resetPeakMemory();
    const auto before = peakMemory();
    const Stopwatch watch;
    const auto outcome = model.attempt(request(), {}, {});
    QVERIFY(std::holds_alternative<ApiFailure>(outcome));
    QVERIFY2(watch.elapsed() < Milliseconds(20'000), std::to_string(watch.elapsed().count()).c_str());
    const auto grown = peakMemory() - before;
    QVERIFY2(grown <= 64, std::to_string(grown).c_str()); // the server's own buffers are in this process, too
}

QTEST_GUILESS_MAIN(HttpFaultsTest)
#include "tst_http_faults.moc"
