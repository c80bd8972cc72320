#include <thread>

#include <QTest>

#include "core/llm/anthropic_model.h"
#include "core/llm/api_failure.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/golden_exchanges.h"

using namespace aap;

class AnthropicModelTest : public QObject {
    Q_OBJECT

private slots:
    void aRequestLooksAsTheApiWantsIt();
    void foreignServersGetNoExtras();
    void theKeyTravelsInTheRightHeader();
    void withoutAUsableKeyNothingIsSent();
    void oneConnectionServesManyTurns();
    void aRedirectNeverGetsTheKey_data();
    void aRedirectNeverGetsTheKey();
    void aSignatureMismatchIsMendedOnce();
    void invalidUtf8IsReplaced();
    void brokenDialoguesAreNotSent();
    void addressesAreChecked_data();
    void addressesAreChecked();
    void customHeaders();
};

namespace {

AnthropicSettings settings(const FakeMessagesApi& api)
{
    return {.baseUrl = api.baseUrl(), .apiKey = ApiKey("sk-ant-test-0123456789abcdef")};
}

ModelRequest request(std::string_view text = "hi")
{
    return {.model = "claude-sonnet-5-5", .system = "You are an agent.", .messages = {Message::user(text)}};
}

RecordedTurn turn(const std::string& text)
{
    return {.content = Json::array({Json{{"type", "text"}, {"text", text}}}), .stopReason = "end_turn", .usage = {.inputTokens = 3, .outputTokens = 2}};
}

std::string textOf(const Attempt& outcome)
{
    const auto* failure = std::get_if<ApiFailure>(&outcome);
    return failure ? failure->error.text() : std::get<ModelReply>(outcome).text();
}

} // namespace

void AnthropicModelTest::aRequestLooksAsTheApiWantsIt()
{
    FakeMessagesApi api;
    api.enqueue(Step::reply(turn("ok")));
    auto made = settings(api);
    made.extendedFields = true;
    AnthropicModel model(made);
    auto asked = request();
    asked.stage = "coding";
    asked.tools = {{"write_file", "Writes.", Json{{"type", "object"}}}, {"read_file", "Reads.", Json{{"type", "object"}}}};
    QCOMPARE(textOf(model.attempt(asked, {}, {})), std::string("ok"));

    const auto seen = api.requests().at(0);
    QCOMPARE(seen.method + " " + seen.path, std::string("POST /v1/messages"));
    QCOMPARE(seen.header("anthropic-version"), std::string("2026-10-21"));
    QCOMPARE(seen.header("content-type"), std::string("application/json"));
    QCOMPARE(seen.header("accept"), std::string("application/json"));
    QVERIFY(seen.header("user-agent").starts_with("agent-pipeline/"));
    const std::string body = R"({"model":"claude-sonnet-5-5","max_tokens":64000,"stream":true,)"
                             R"("thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"medium"},)"
                             R"("cache_control":{"type":"ephemeral"},)"
                             R"("system":[{"type":"text","text":"You are an agent.","cache_control":{"type":"ephemeral"}}],)"
                             R"("tools":[{"name":"read_file","description":"Reads.","input_schema":{"type":"object"}},)"
                             R"({"name":"write_file","description":"Writes.","input_schema":{"type":"object"}}],)"
                             R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})";
    QCOMPARE(seen.body, body);

    made.plainModels = {"claude-sonnet-5-5"};
    AnthropicModel plain(made);
    QVERIFY(std::holds_alternative<ApiFailure>(plain.attempt(asked, {}, {})));
    const auto plainBody = api.requests().at(1).json();
    QVERIFY(!plainBody.contains("thinking") && !plainBody.contains("output_config") && plainBody.contains("cache_control"));
}

void AnthropicModelTest::foreignServersGetNoExtras()
{
    FakeMessagesApi api;
    AnthropicModel model(settings(api)); // 127.0.0.1 is not Anthropic's host
    QVERIFY(std::holds_alternative<ApiFailure>(model.attempt(request(), {}, {})));
    const std::string body = R"({"model":"claude-sonnet-5-5","max_tokens":64000,"stream":true,)"
                             R"("system":[{"type":"text","text":"You are an agent."}],)"
                             R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})";
    QCOMPARE(api.requests().at(0).body, body);
}

void AnthropicModelTest::theKeyTravelsInTheRightHeader()
{
    FakeMessagesApi api;
    const auto headersWith = [&api](AnthropicSettings made) {
        AnthropicModel model(std::move(made));
        (void)model.attempt(request(), {}, {});
        return api.requests().back();
    };
    const auto withKey = headersWith(settings(api));
    QCOMPARE(withKey.header("authorization"), std::string("Bearer sk-ant-test-0123456789abcdef"));
    QVERIFY(!withKey.headers.contains("x-api-key"));
    const auto withToken = headersWith({.baseUrl = api.baseUrl(), .authToken = ApiKey("token")});
    QCOMPARE(withToken.header("authorization"), std::string("Bearer token"));
    const auto withBoth = headersWith({.baseUrl = api.baseUrl(), .apiKey = ApiKey("key"), .authToken = ApiKey("token")});
    QCOMPARE(withBoth.header("authorization"), std::string("Bearer key"));
    const auto withNone = headersWith({.baseUrl = api.baseUrl()});
    QVERIFY(!withNone.headers.contains("authorization") && !withNone.headers.contains("x-api-key"));
    const auto withCustom = headersWith({.baseUrl = api.baseUrl(), .customHeaders = {{"x-team", "blue"}}});
    QCOMPARE(withCustom.header("x-team"), std::string("blue"));

    const AnthropicSettings own{.apiKey = ApiKey("key"), .authToken = ApiKey("token")};
    const auto toAnthropic = requestHeaders(own, *ApiEndpoint::parse("https://api.anthropic.com"));
    QCOMPARE(headerValue(toAnthropic, "x-api-key"), std::string("key"));
    QVERIFY(headerValue(toAnthropic, "authorization").empty());
    const auto lookAlike = requestHeaders(own, *ApiEndpoint::parse("https://api.anthropic.com.example.org"));
    QVERIFY(headerValue(lookAlike, "x-api-key").empty());
    const auto tokenOnly = requestHeaders({.authToken = ApiKey("token")}, *ApiEndpoint::parse("https://api.anthropic.com"));
    QCOMPARE(headerValue(tokenOnly, "authorization"), std::string("Bearer token"));
    QVERIFY(headerValue(tokenOnly, "x-api-key").empty());
}

void AnthropicModelTest::withoutAUsableKeyNothingIsSent()
{
    FakeMessagesApi api;
    AnthropicModel injecting({.baseUrl = api.baseUrl(), .apiKey = ApiKey("key\r\nx-evil: 1")});
    const auto outcome = injecting.attempt(request(), {}, {});
    QCOMPARE(std::get<ApiFailure>(outcome).error.code, ErrorCode::Unauthorized);
    QVERIFY(api.requests().empty());
    AnthropicModel none({}); // the real address; no key, so nobody is asked
    const auto refused = none.attempt(request(), {}, {});
    QCOMPARE(std::get<ApiFailure>(refused).error.text(), std::string("there is no API key"));
    QVERIFY(!std::get<ApiFailure>(refused).error.remedy.empty());
    QVERIFY(!std::get<ApiFailure>(refused).isRetryable);
}

void AnthropicModelTest::oneConnectionServesManyTurns()
{
    FakeMessagesApi api;
    AnthropicModel model(settings(api));
    for (int i = 0; i < 3; ++i) {
        api.enqueue(Step::reply(turn("ok")));
        QCOMPARE(textOf(model.attempt(request(), {}, {})), std::string("ok"));
    }
    api.enqueue(Step::error(529, "overloaded_error", "Overloaded")); // an error does not cost the connection either
    QVERIFY(std::holds_alternative<ApiFailure>(model.attempt(request(), {}, {})));
    QVERIFY(model.listModels({}));
    QCOMPARE(api.requests().size(), 5U);
    QCOMPARE(api.connections(), 1);
}

void AnthropicModelTest::aRedirectNeverGetsTheKey_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 303, 307, 308})
        QTest::addRow("%d", status) << status;
}

void AnthropicModelTest::aRedirectNeverGetsTheKey()
{
    QFETCH(const int, status);
    FakeMessagesApi api;
    FakeMessagesApi other;
    for (int i = 0; i < 2; ++i)
        api.enqueue(Step::json(status, Json::object()).with("location", other.baseUrl() + "/v1/messages?token=x"));
    AnthropicModel model(settings(api));
    const auto outcome = model.attempt(request(), {}, {});
    const auto& failure = std::get<ApiFailure>(outcome);
    QCOMPARE(failure.error.code, ErrorCode::Protocol);
    QVERIFY2(failure.error.text().find(other.baseUrl() + "/v1/messages'") != std::string::npos, failure.error.text().c_str());
    QVERIFY(!failure.isRetryable);
    QVERIFY(!model.listModels({}));
    QCOMPARE(api.requests().size(), 2U);
    QCOMPARE(other.requests().size(), 0U);
    QCOMPARE(other.connections(), 0);
}

void AnthropicModelTest::aSignatureMismatchIsMendedOnce()
{
    const auto golden = goldenExchange("25");
    FakeMessagesApi api;
    AnthropicModel model(settings(api));
    ModelRequest asked{.model = "claude-sonnet-5-5"};
    const Json thought = Json::parse(R"([{"type":"thinking","thinking":"t","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"x"}])");
    asked.messages = {Message::user("a"), {Message::Role::Assistant, thought}, Message::user("b")};

    api.enqueue(golden.answer);
    api.enqueue(Step::reply(turn("mended")));
    QCOMPARE(textOf(model.attempt(asked, {}, {})), std::string("mended"));
    QCOMPARE(api.requests().at(0).json()["messages"][1]["content"].size(), 3U);
    QCOMPARE(api.requests().at(1).json()["messages"][1]["content"].dump(), std::string(R"([{"type":"text","text":"x"}])"));
    QCOMPARE(asked.messages[1].content.dump(), thought.dump()); // the caller's history is as it was

    // The dialogue goes on: the old thinking stays away, the new one fits and is sent.
    asked.messages.push_back({Message::Role::Assistant, thought});
    asked.messages.push_back(Message::user("c"));
    api.enqueue(Step::reply(turn("on")));
    QCOMPARE(textOf(model.attempt(asked, {}, {})), std::string("on"));
    QCOMPARE(api.requests().at(2).json()["messages"][1]["content"].size(), 1U);
    QCOMPARE(api.requests().at(2).json()["messages"][3]["content"].size(), 3U);

    // Another dialogue begins with all it has.
    asked.messages.resize(1);
    api.enqueue(Step::reply(turn("fresh")));
    QCOMPARE(textOf(model.attempt(asked, {}, {})), std::string("fresh"));
    QCOMPARE(api.requests().size(), 4U);
}

void AnthropicModelTest::invalidUtf8IsReplaced()
{
    FakeMessagesApi api;
    api.enqueue(Step::reply(turn("ok")));
    AnthropicModel model(settings(api));
    QCOMPARE(textOf(model.attempt(request("a\xff\xc3(\xed\xa0\x80z"), {}, {})), std::string("ok"));
    const auto sent = api.requests().at(0).body;
    QCOMPARE(QString::fromStdString(sent).toUtf8().toStdString(), sent);
    QVERIFY(sent.find("a\xef\xbf\xbd") != std::string::npos);
}

void AnthropicModelTest::brokenDialoguesAreNotSent()
{
    FakeMessagesApi api;
    AnthropicModel model(settings(api));
    auto asked = request();
    asked.messages.push_back({Message::Role::Assistant, Json::parse(R"([{"type":"tool_use","id":"t1","name":"x","input":{}}])")});
    asked.messages.push_back(Message::user("what?"));
    const auto outcome = model.attempt(asked, {}, {});
    QCOMPARE(std::get<ApiFailure>(outcome).error.code, ErrorCode::Invalid);
    QVERIFY(!std::get<ApiFailure>(outcome).isRetryable);
    QVERIFY(model.countTokens(asked, {}).error().text().find("t1 has no answer") != std::string::npos);

    auto huge = request(std::string(33'000'000, 'x'));
    const auto tooLong = model.attempt(huge, {}, {});
    QCOMPARE(std::get<ApiFailure>(tooLong).error.code, ErrorCode::Invalid);
    QVERIFY(api.requests().empty());
}

void AnthropicModelTest::addressesAreChecked_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QByteArray>("url"); // empty: refused
    QTest::newRow("Anthropic") << QByteArray("https://api.anthropic.com") << QByteArray("https://api.anthropic.com/v1/messages");
    QTest::newRow("a slash at the end") << QByteArray("http://127.0.0.1:11434/") << QByteArray("http://127.0.0.1:11434/v1/messages");
    QTest::newRow("with /v1") << QByteArray("https://example.org/v1/") << QByteArray("https://example.org/v1/messages");
    QTest::newRow("below a path") << QByteArray("https://example.org/proxy") << QByteArray("https://example.org/proxy/v1/messages");
    QTest::newRow("white space") << QByteArray(" https://example.org\n") << QByteArray("https://example.org/v1/messages");
    QTest::newRow("IPv6") << QByteArray("http://[::1]:8080") << QByteArray("http://[::1]:8080/v1/messages");
    QTest::newRow("the key in the clear") << QByteArray("http://api.anthropic.com") << QByteArray();
    QTest::newRow("no scheme") << QByteArray("api.anthropic.com") << QByteArray();
    QTest::newRow("a file") << QByteArray("file:///etc/passwd") << QByteArray();
    QTest::newRow("no host") << QByteArray("https://") << QByteArray();
    QTest::newRow("a query") << QByteArray("https://example.org/?a=b") << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray();
}

void AnthropicModelTest::addressesAreChecked()
{
    QFETCH(const QByteArray, base);
    QFETCH(const QByteArray, url);
    const auto endpoint = ApiEndpoint::parse(base.toStdString());
    QCOMPARE(endpoint ? QByteArray::fromStdString(endpoint->url("/v1/messages")) : QByteArray(), url);
    if (!endpoint) {
        AnthropicModel model({.baseUrl = base.toStdString(), .apiKey = ApiKey("key")});
        QCOMPARE(std::get<ApiFailure>(model.attempt(request(), {}, {})).error.code, ErrorCode::Invalid);
    }
}

void AnthropicModelTest::customHeaders()
{
    const auto headers = parseHeaderLines("X-One: 1\r\n\n  X-Two :  a: b \n");
    QVERIFY(headers);
    QCOMPARE(headers->size(), 2U);
    QCOMPARE(headerValue(*headers, "x-one"), std::string("1"));
    QCOMPARE(headerValue(*headers, "x-two"), std::string("a: b"));
    QVERIFY(!parseHeaderLines("no colon"));
    QVERIFY(!parseHeaderLines("bad name: x"));
}

QTEST_GUILESS_MAIN(AnthropicModelTest)
#include "tst_anthropic_model.moc"
