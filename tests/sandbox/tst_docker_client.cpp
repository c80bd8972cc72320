#include <chrono>
#include <stop_token>
#include <thread>

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <fmt/format.h>

#include "fake_engine.h"
#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/engine_call.h"

using namespace std::chrono_literals;

namespace aap {

class DockerClientTest : public QObject {
    Q_OBJECT

private slots:
    void errorsOfTheTransportSayWhatToDo_data();
    void errorsOfTheTransportSayWhatToDo();
    void versions_data();
    void versions();
    void statuses_data();
    void statuses();
    void streams_data();
    void streams();
    void aReplacedEngineIsAskedAgainOnce();
    void aStopEndsTheWaitAtOnce();
    void aSilentEngineTimesOut();
    void anErrorInMidUploadIsRead();
    void piecesOfABodyAreSentChunked();
    void anUpgradedStreamGoesBothWays();
    void aLongAnswerIsRefused();
    void theEngineOverTcp();
    void encodings();
};

namespace {

std::string chunked(const std::vector<std::string>& pieces, bool isWhole = true)
{
    std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const auto& piece : pieces)
        text += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    return isWhole ? text + "0\r\n\r\n" : text;
}

} // namespace

void DockerClientTest::errorsOfTheTransportSayWhatToDo_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("remedy");
    QTest::newRow("no socket") << QStringLiteral("/nonexistent/docker.sock") << int(ErrorCode::Unavailable)
                               << QStringLiteral("Install or start Docker");
    QTest::newRow("a socket nobody listens at") << QStringLiteral("stale") << int(ErrorCode::Unavailable)
                                                << QStringLiteral("systemctl start docker");
    QTest::newRow("a path too long") << QString(200, QLatin1Char('x')).prepend(QLatin1Char('/')) << int(ErrorCode::Invalid)
                                     << QStringLiteral("symbolic link");
}

void DockerClientTest::errorsOfTheTransportSayWhatToDo()
{
    QFETCH(const QString, path);
    QFETCH(const int, code);
    QFETCH(const QString, remedy);
    DockerEndpoint endpoint{.path = path.toStdString()};
    QTemporaryDir folder;
    std::unique_ptr<FakeEngine> gone;
    if (path == QLatin1String("stale")) {
        gone = std::make_unique<FakeEngine>(std::vector<FakeEngine::Answer>{});
        const auto link = folder.filePath(QStringLiteral("stale.sock")).toStdString();
        std::filesystem::create_hard_link(gone->endpoint().path, link); // outlives the listener
        gone.reset();
        endpoint.path = link;
    }
    DockerClient client(endpoint);
    const auto answer = client.call("GET", "/info", {}, {});
    QVERIFY(!answer);
    QCOMPARE(int(answer.error().code), code);
    QVERIFY2(answer.error().remedy.find(remedy.toStdString()) != std::string::npos, answer.error().remedy.c_str());
}

void DockerClientTest::versions_data()
{
    QTest::addColumn<QString>("engine");
    QTest::addColumn<QString>("used");
    const auto row = [](const char* name, const char* engine, const char* used) {
        QTest::newRow(name) << QString::fromUtf8(engine) << QString::fromUtf8(used);
    };
    row("the oldest we know", R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})", "1.41");
    row("newer than we know", R"({"ApiVersion":"1.56","MinAPIVersion":"1.44"})", "1.44");
    row("in between", R"({"ApiVersion":"1.43"})", "1.43");
    row("too old, though its text sorts behind", R"({"ApiVersion":"1.9"})", "");
    row("too new", R"({"ApiVersion":"1.60","MinAPIVersion":"1.45"})", "");
    row("beyond numbers", R"({"ApiVersion":"9999999999"})", "");
    row("beyond numbers with a point", R"({"ApiVersion":"1.9999999999999"})", "");
    row("no version", R"({})", "");
    row("no JSON", "<html>", "");
}

void DockerClientTest::versions()
{
    QFETCH(const QString, engine);
    QFETCH(const QString, used);
    FakeEngine fake({}, engine.toStdString());
    DockerClient client(fake.endpoint());
    const auto version = client.apiVersion({});
    QCOMPARE(QString::fromStdString(version.value_or("")), used);
    if (!version)
        QVERIFY(!version.error().remedy.empty());
}

void DockerClientTest::statuses_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<int>("code"); // -1: success
    QTest::addColumn<QString>("detail");
    const auto row = [](const char* name, const std::string& answer, int code, const char* detail) {
        QTest::newRow(name) << QString::fromStdString(answer) << code << QString::fromUtf8(detail);
    };
    row("JSON", httpAnswer("200 OK", R"({"a":1})"), -1, R"({"a":1})");
    row("nothing", "HTTP/1.1 204 No Content\r\n\r\n", -1, "null");
    row("already so", "HTTP/1.1 304 Not Modified\r\n\r\n", -1, "null");
    row("not there", httpAnswer("404 Not Found", R"({"message":"No such image: nope:1"})"), int(ErrorCode::NotFound),
        "Docker: No such image: nope:1");
    row("Podman's error", httpAnswer("500 Oops", R"({"cause":"name in use","message":"","response":500})"),
        int(ErrorCode::Unavailable), "Docker: name in use");
    row("conflict", httpAnswer("409 Conflict", R"({"message":"is already in use"})"), int(ErrorCode::Invalid),
        "Docker: is already in use");
    row("plain text", httpAnswer("500 Oops", "it broke\n"), int(ErrorCode::Unavailable), "Docker: it broke");
    row("TLS port", "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
        int(ErrorCode::Invalid), "Docker: Client sent an HTTP request to an HTTPS server.");
    row("no JSON", httpAnswer("200 OK", "<html>"), int(ErrorCode::Protocol), "Docker's answer to GET /x is no JSON");
    row("closed at once", "", int(ErrorCode::Unavailable), "the connection was closed without an answer");
    row("cut chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"Err", int(ErrorCode::Protocol),
        "the connection was closed in the middle of the answer");
}

void DockerClientTest::statuses()
{
    QFETCH(const QString, answer);
    QFETCH(const int, code);
    QFETCH(const QString, detail);
    for (const bool oneByOne : {false, true}) {
        FakeEngine fake({{.bytes = answer.toStdString(), .oneByOne = oneByOne}});
        DockerClient client(fake.endpoint());
        const auto result = client.call("GET", "/x", {}, {});
        QCOMPARE(result ? -1 : int(result.error().code), code);
        QCOMPARE(QString::fromStdString(result ? result->dump() : result.error().text()), detail);
        QCOMPARE(fake.requests().back().substr(0, 25), std::string("GET /v1.41/x HTTP/1.1\r\nHo"));
    }
}

void DockerClientTest::streams_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<int>("objects");
    QTest::addColumn<QString>("failure");
    const auto row = [](const char* name, const std::string& answer, int objects, const char* failure) {
        QTest::newRow(name) << QString::fromStdString(answer) << objects << QString::fromUtf8(failure);
    };
    row("objects cut anywhere", chunked({R"({"stream":"St)", "ep 1\"}\r\n{\"aux\":{", "\"ID\":\"x\"}}\n"}), 2, "");
    row("the last line without an end", chunked({R"({"a":1})"}), 1, "");
    row("a failed build", chunked({"{\"stream\":\"x\"}\n{\"errorDetail\":{\"code\":7,\"message\":\"code: 7\"},\"error\":\"e\"}\n"}), 1,
        "Docker: code: 7");
    row("a failed load", httpAnswer("200 OK", R"({"error":"unexpected EOF"})"), 0, "Docker: unexpected EOF");
    row("no JSON", chunked({"<html>\n"}), 0, "the engine's stream holds something that is no JSON object");
    row("refused", httpAnswer("400 Bad", R"({"message":"parse error"})"), 0, "Docker: parse error");
    row("cut", chunked({"{\"a\":1}\n"}, false), 1, "the connection was closed in the middle of the answer");
}

void DockerClientTest::streams()
{
    QFETCH(const QString, answer);
    QFETCH(const int, objects);
    QFETCH(const QString, failure);
    FakeEngine fake({{.bytes = answer.toStdString(), .oneByOne = true}});
    DockerClient client(fake.endpoint());
    int seen = 0;
    const auto done = client.stream({.method = "POST", .path = "/build"}, [&](const Json&) { ++seen; }, {});
    QCOMPARE(seen, objects);
    QCOMPARE(QString::fromStdString(done ? "" : done.error().text()), failure);
}

void DockerClientTest::aReplacedEngineIsAskedAgainOnce()
{
    const auto refusal = httpAnswer("400 Bad Request", R"({"message":"client version 1.41 is too old. Minimum is 1.44"})");
    FakeEngine fake({{.bytes = refusal}, {.bytes = httpAnswer("200 OK", "[]")}, {.bytes = refusal}});
    DockerClient client(fake.endpoint());
    QVERIFY(client.call("GET", "/containers/json", {}, {}).has_value());
    QVERIFY(!client.call("POST", "/containers/create", Json::object(), {}).has_value());
    QCOMPARE(fake.requests().size(), 5U); // version, GET, version, GET, POST: what changes something is not repeated
}

void DockerClientTest::aStopEndsTheWaitAtOnce()
{
    FakeEngine fake({{.bytes = "HTTP/1.1 200 OK\r\n\r\n", .staysOpen = true}});
    DockerClient client(fake.endpoint());
    QVERIFY(client.apiVersion({}).has_value());
    std::stop_source stop;
    Stopwatch asked;
    std::jthread stopper([&] {
        while (fake.requests().size() < 2)
            std::this_thread::yield();
        asked = Stopwatch();
        stop.request_stop();
    });
    const auto answer = client.send({.path = "/events"}, stop.get_token(), [](std::string_view) {});
    stopper.join();
    QVERIFY(asked.elapsed() <= 150ms);
    QVERIFY(!answer);
    QCOMPARE(int(answer.error().code), int(ErrorCode::Stopped));
}

void DockerClientTest::aSilentEngineTimesOut()
{
    FakeEngine fake({FakeEngine::Answer{.staysOpen = true}});
    DockerClient client(fake.endpoint());
    QVERIFY(client.apiVersion({}).has_value());
    const auto answer = client.send({.path = "/info", .headTimeout = 150ms}, {});
    QVERIFY(!answer);
    QCOMPARE(int(answer.error().code), int(ErrorCode::Timeout));
}

void DockerClientTest::anErrorInMidUploadIsRead()
{
    FakeEngine fake({{.bytes = httpAnswer("500 Oops", R"({"message":"not a tar"})"), .beforeBody = true}});
    DockerClient client(fake.endpoint());
    DockerRequest request{.method = "POST", .path = "/build", .contentType = "application/x-tar"};
    request.body = std::string(8U << 20U, 'x');
    const auto answer = client.send(request, {});
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().text().c_str());
    QCOMPARE(answer->status, 500);
    QCOMPARE(engineMessage(*answer), std::string("not a tar"));
}

void DockerClientTest::piecesOfABodyAreSentChunked()
{
    FakeEngine fake({{.bytes = httpAnswer("200 OK", "")}});
    DockerClient client(fake.endpoint());
    DockerRequest request{.method = "PUT", .path = "/x"};
    int piece = 0;
    request.bodyPieces = [&]() -> Result<std::string> { return piece++ < 2 ? std::string("abc") : std::string(); };
    QVERIFY(client.send(request, {}).has_value());
    QVERIFY(fake.requests().back().ends_with("\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n"));

    request.bodyPieces = [] { return Result<std::string>(Error{ErrorCode::Io, "the file is gone"}); };
    QCOMPARE(client.send(request, {}).error().text(), std::string("the file is gone"));
}

void DockerClientTest::anUpgradedStreamGoesBothWays()
{
    FakeEngine fake({{.bytes = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n\r\nearly ",
                      .oneByOne = true,
                      .afterInput = "late",
                      .input = "ping"}});
    DockerClient client(fake.endpoint());
    auto call = client.begin({.method = "POST", .path = "/exec/1/start", .headers = {{"Connection", "Upgrade"}}}, {});
    QVERIFY(call.has_value());
    QCOMPARE((*call)->head().status, 101);
    std::string received;
    std::string_view input = "ping";
    while (!(*call)->hasEnded())
        QVERIFY((*call)->step(input, 50ms, [&](std::string_view bytes) { received += bytes; }).has_value());
    QCOMPARE(received, std::string("early late"));
}

void DockerClientTest::aLongAnswerIsRefused()
{
    FakeEngine fake({{.bytes = httpAnswer("200 OK", std::string(2000, 'x'))}});
    DockerClient client(fake.endpoint());
    const auto answer = client.send({.path = "/x", .bodyLimit = 1999}, {});
    QCOMPARE(int(answer.error().code), int(ErrorCode::Limit));
}

void DockerClientTest::theEngineOverTcp()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto endpoint = DockerEndpoint::parse(fmt::format("tcp://127.0.0.1:{}", server.serverPort()));
    QVERIFY(endpoint.has_value());
    std::string answer;
    std::jthread asking([&] {
        DockerClient client(*endpoint);
        answer = client.apiVersion({}).value_or("no answer");
    });
    QVERIFY(server.waitForNewConnection(5000));
    auto* connection = server.nextPendingConnection();
    QVERIFY(connection->waitForReadyRead(5000));
    QVERIFY(connection->readAll().startsWith("GET /version HTTP/1.1\r\nHost: docker\r\n"));
    connection->write(QByteArray::fromStdString(httpAnswer("200 OK", R"({"ApiVersion":"1.42"})")));
    connection->flush();
    asking.join();
    QCOMPARE(answer, std::string("1.42"));
}

void DockerClientTest::encodings()
{
    QCOMPARE(percentEncoded("a b&c;+/é"), std::string("a%20b%26c%3B%2B%2F%C3%A9"));
    QCOMPARE(encodedFilters(Json{{"label", {"aap.app=1"}}}), std::string("%7B%22label%22%3A%5B%22aap.app%3D1%22%5D%7D"));
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::DockerClientTest)
#include "tst_docker_client.moc"
