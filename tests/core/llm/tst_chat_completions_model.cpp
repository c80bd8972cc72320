#include "core/llm/bounded_json.h"
#include "core/llm/chat_assembler.h"
#include "core/llm/chat_completions_model.h"
#include "core/llm/sse_parser.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/golden_exchanges.h"

#include <QTest>

using namespace aap;

class ChatCompletionsModelTest : public QObject {
    Q_OBJECT

private slots:
    void goldenExchangesReplay_data();
    void goldenExchangesReplay();
    void goldenStreamsAreTheSameHoweverTheyAreCut();
    void aDialogueIsTranslated();
    void theKeyIsABearer();
    void deviations_data();
    void deviations();
    void inventedIdsAreUniqueInTheDialogue();
    void streamsThatFail_data();
    void streamsThatFail();
    void withoutFiguresTokensAreEstimated();
    void aSilentlyCutDialogueIsNoticedOnce();
    void turnsRoundTrip();
};

namespace {

ChatCompletionsSettings settings(const FakeMessagesApi& api)
{
    ChatCompletionsSettings made{.baseUrl = api.baseUrl() + "/v1", .apiKey = ApiKey("key")};
    made.limits.idle = Milliseconds(5000);
    return made;
}

ModelRequest request(std::string_view text = "hi")
{
    return {.model = "qwen3-coder:30b", .messages = {Message::user(text)}};
}

std::string chunk(const std::string& delta, const std::string& finish = "null")
{
    return R"({"model":"m","choices":[{"index":0,"delta":)" + delta + R"(,"finish_reason":)" + finish + "}]}";
}

std::string calls(const std::string& list)
{
    return chunk(R"({"tool_calls":[)" + list + "]}");
}

} // namespace

void ChatCompletionsModelTest::goldenExchangesReplay_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("pieceBytes");
    for (const char* name : {"o1", "o2", "o3", "o4"})
        for (const int pieceBytes : {1, 7, 1'000'000})
            QTest::addRow("%s in pieces of %d", name, pieceBytes) << QString::fromLatin1(name) << pieceBytes;
}

void ChatCompletionsModelTest::goldenExchangesReplay()
{
    QFETCH(const QString, name);
    QFETCH(const int, pieceBytes);
    const auto golden = goldenExchange(name.toStdString());
    const auto& expected = golden.expected;
    FakeMessagesApi api;
    api.enqueue(Step(golden.answer).inPieces(std::size_t(pieceBytes)));
    ChatCompletionsModel model(settings(api));
    auto asked = request("Read a.txt and run the tests.");
    for (const auto& tool : memberOf(golden.request, "tools"))
        asked.tools.push_back({tool["function"]["name"], tool["function"]["description"], tool["function"]["parameters"]});
    std::string thought;
    ReplyListener listener;
    listener.thinking = [&thought](std::string_view piece) { thought += piece; };
    const auto outcome = model.attempt(asked, listener, {});
    QCOMPARE(api.requests().at(0).path, golden.path);

    if (stringIn(expected, "kind") == "error") {
        const auto& failure = std::get<ApiFailure>(outcome);
        QCOMPARE(failure.httpStatus, expected["http_status"].get<int>());
        QCOMPARE(failure.type, stringIn(expected["error"], "type"));
        QCOMPARE(failure.message, stringIn(expected["error"], "message"));
        QCOMPARE(failure.isRetryable, expected["retryable"].get<bool>());
        QCOMPARE(failure.error.code, ErrorCode::NotFound);
        return;
    }
    const auto& reply = std::get<ModelReply>(outcome);
    QCOMPARE(reply.text(), stringIn(expected, "text"));
    QCOMPARE(thought, stringIn(expected, "reasoning"));
    QCOMPARE(reply.rawStopReason, stringIn(expected, "mapped_stop_reason"));
    Json made = Json::array();
    for (const auto& call : toolCalls(reply))
        made.push_back({{"id", call.id}, {"name", call.name}, {"arguments", call.input}});
    QCOMPARE(made.dump(), expected["tool_calls"].dump());
    QCOMPARE(reply.usage.promptTokens(), expected["usage"]["prompt_tokens"].get<std::int64_t>());
    QCOMPARE(reply.usage.outputTokens, expected["usage"]["completion_tokens"].get<std::int64_t>());
    QVERIFY(!reply.usage.estimated);
    const auto sent = api.requests().at(0).json();
    QCOMPARE(memberOf(sent, "tools").dump(), memberOf(golden.request, "tools").dump());
    QCOMPARE(sent["stream_options"].dump(), golden.request["stream_options"].dump());
}

void ChatCompletionsModelTest::goldenStreamsAreTheSameHoweverTheyAreCut()
{
    for (const char* name : {"o1", "o2", "o3"}) {
        const auto golden = goldenExchange(name);
        const std::string_view body = golden.answer.body;
        std::string whole;
        for (std::size_t cut = 0; cut < body.size(); ++cut) {
            const ReplyListener nobody;
            ChatAssembler assembler(nobody, {});
            SseParser parser;
            for (const auto part : {body.substr(0, cut), body.substr(cut)}) {
                const auto events = parser.push(part);
                QVERIFY(events);
                for (const auto& event : *events)
                    assembler.take(event.data);
            }
            QCOMPARE(assembler.state(), ReplyAssembler::State::Complete);
            const auto reply = assembler.takeReply();
            const auto result = reply.content.dump() + reply.rawStopReason + std::to_string(reply.usage.totalTokens());
            if (cut == 0)
                whole = result;
            QVERIFY2(result == whole, std::to_string(cut).c_str());
        }
    }
}

void ChatCompletionsModelTest::aDialogueIsTranslated()
{
    FakeMessagesApi api;
    ChatCompletionsModel model(settings(api));
    auto asked = request("Look.");
    asked.system = "You are an agent.";
    asked.stage = "coding";
    asked.tools = {{"b", "B.", Json{{"type", "object"}}}, {"a", "A.", Json{{"type", "object"}}}};
    asked.messages[0].content.push_back(Json::parse(R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}})"));
    asked.messages.push_back({Message::Role::Assistant, Json::parse(R"([
        {"type":"thinking","thinking":"hm"},{"type":"text","text":"I call."},
        {"type":"tool_use","id":"t1","name":"a","input":{"z":1,"b":"ü"}},{"type":"tool_use","id":"t2","name":"b","input":{}}])")});
    asked.messages.push_back({Message::Role::User, Json::parse(R"([
        {"type":"text","text":"And hurry."},
        {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"one"},{"type":"image"}]},
        {"type":"tool_result","tool_use_id":"t2","content":"two","is_error":true}])")});
    asked.messages.push_back({Message::Role::Assistant, Json::parse(R"([{"type":"tool_use","id":"t3","name":"a","input":{}}])")});
    asked.messages.push_back({Message::Role::User, Json::parse(R"([{"type":"tool_result","tool_use_id":"t3","content":""}])")});
    (void)model.attempt(asked, {}, {});

    const std::string body =
        R"({"model":"qwen3-coder:30b","max_completion_tokens":64000,"stream":true,"stream_options":{"include_usage":true},)"
        R"("tools":[{"type":"function","function":{"name":"a","description":"A.","parameters":{"type":"object"}}},)"
        R"({"type":"function","function":{"name":"b","description":"B.","parameters":{"type":"object"}}}],"parallel_tool_calls":true,)"
        R"("messages":[{"role":"system","content":"You are an agent."},)"
        R"({"role":"user","content":[{"type":"text","text":"Look."},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},)"
        R"({"role":"assistant","content":"I call.","tool_calls":[)"
        R"({"id":"t1","type":"function","function":{"name":"a","arguments":"{\"z\":1,\"b\":\"ü\"}"}},)"
        R"({"id":"t2","type":"function","function":{"name":"b","arguments":"{}"}}]},)"
        R"_({"role":"tool","tool_call_id":"t1","content":"one\n(image)"},)_"
        R"({"role":"tool","tool_call_id":"t2","content":"Error: two"},)"
        R"({"role":"user","content":"And hurry."},)"
        R"({"role":"assistant","content":null,"tool_calls":[{"id":"t3","type":"function","function":{"name":"a","arguments":"{}"}}]},)"
        R"_({"role":"tool","tool_call_id":"t3","content":"(no output)"}]})_";
    QCOMPARE(api.requests().at(0).body, body);
}

void ChatCompletionsModelTest::theKeyIsABearer()
{
    FakeMessagesApi api;
    FakeMessagesApi other;
    ChatCompletionsModel withKey(settings(api));
    api.enqueue(Step::json(307, Json::object()).with("location", other.baseUrl()));
    QVERIFY(std::holds_alternative<ApiFailure>(withKey.attempt(request(), {}, {})));
    ChatCompletionsModel without({.baseUrl = api.baseUrl(), .maxTokensField = "max_tokens"});
    (void)without.attempt(request(), {}, {});
    const auto seen = api.requests();
    QCOMPARE(seen.size(), 2U);
    QCOMPARE(seen[0].header("authorization"), std::string("Bearer key"));
    QVERIFY(!seen[1].headers.contains("authorization"));
    QVERIFY(seen[1].json().contains("max_tokens"));
    QCOMPARE(other.connections(), 0);
}

void ChatCompletionsModelTest::deviations_data()
{
    QTest::addColumn<QStringList>("chunks");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("stopReason");
    const auto row = [](const char* name, const std::vector<std::string>& chunks, const char* content, const char* stopReason) {
        QStringList list;
        for (const auto& one : chunks)
            list << QString::fromStdString(one);
        QTest::newRow(name) << list << QByteArray(content) << QByteArray(stopReason);
    };
    const std::string stop = chunk("{}", "\"stop\"");
    const std::string done = "[DONE]";
    row("all calls at index 0", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":"{}"}})"), calls(R"({"index":0,"id":"b","function":{"name":"y","arguments":"{}"}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{}},{"type":"tool_use","id":"b","name":"y","input":{}}])", "tool_use");
    row("the second at index 0 comes in pieces", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":"{}"}})"), calls(R"({"index":0,"id":"b","function":{"name":"y","arguments":""}})"),
         calls(R"({"index":0,"function":{"arguments":"{\"k\":"}})"), calls(R"({"index":0,"function":{"arguments":"1}"}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{}},{"type":"tool_use","id":"b","name":"y","input":{"k":1}}])", "tool_use");
    row("no ids", {calls(R"({"index":0,"function":{"name":"x","arguments":"{}"}})"), calls(R"({"index":1,"function":{"name":"y","arguments":"{}"}})"), stop, done},
        R"([{"type":"tool_use","id":"call_1","name":"x","input":{}},{"type":"tool_use","id":"call_2","name":"y","input":{}}])", "tool_use");
    row("no ids and no indexes", {calls(R"({"function":{"name":"x","arguments":"{}"}},{"function":{"name":"x","arguments":"{}"}})"), stop, done},
        R"([{"type":"tool_use","id":"call_1","name":"x","input":{}},{"type":"tool_use","id":"call_2","name":"x","input":{}}])", "tool_use");
    row("the name in every piece", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":""}})"), calls(R"({"index":0,"function":{"name":"x","arguments":"{\"k\":"}})"), calls(R"({"index":0,"function":{"name":"x","arguments":"1}"}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{"k":1}}])", "tool_use");
    row("the same id in every piece", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":"{"}})"), calls(R"({"index":0,"id":"a","function":{"arguments":"}"}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{}}])", "tool_use");
    row("an id twice", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":"{}"}})"), calls(R"({"index":1,"id":"a","function":{"name":"y","arguments":"{}"}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{}},{"type":"tool_use","id":"call_2","name":"y","input":{}}])", "tool_use");
    row("arguments as an object", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":{"k":[1]}}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{"k":[1]}}])", "tool_use");
    row("empty and blank arguments", {calls(R"({"index":0,"id":"a","function":{"name":"x"}})"), calls(R"({"index":1,"id":"b","function":{"name":"y","arguments":" "}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{}},{"type":"tool_use","id":"b","name":"y","input":{}}])", "tool_use");
    row("arguments that are no JSON", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":"{k: 1}"}})"), stop, done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{}}])", "tool_use");
    row("both names of reasoning", {chunk(R"({"reasoning":"hm","reasoning_content":"hm","content":"x"})"), stop, done},
        R"([{"type":"thinking","thinking":"hm"},{"type":"text","text":"x"}])", "end_turn");
    row("no [DONE]", {chunk(R"({"content":"x"})"), stop}, R"([{"type":"text","text":"x"}])", "end_turn");
    row("chunks after [DONE]", {chunk(R"({"content":"x"})"), stop, done, chunk(R"({"content":"y"})")}, R"([{"type":"text","text":"x"}])", "end_turn");
    row("cut by the limit", {calls(R"({"index":0,"id":"a","function":{"name":"x","arguments":"{\"k"}})"), chunk("{}", "\"length\""), done},
        R"([{"type":"tool_use","id":"a","name":"x","input":{}}])", "max_tokens");
    row("filtered", {chunk(R"({"content":"x"})"), chunk("{}", "\"content_filter\""), done}, R"([{"type":"text","text":"x"}])", "refusal");
    row("a refusal", {chunk(R"({"refusal":"no"})"), stop, done}, "[]", "refusal");
    row("a reason nobody knows", {chunk(R"({"content":"x"})"), chunk("{}", "\"weird\""), done}, R"([{"type":"text","text":"x"}])", "weird");
    row("strange members", {chunk("null"), chunk(R"({"content":7,"tool_calls":{"a":1}})"), R"({"choices":"none"})", "[]", "7", chunk(R"({"content":"x"})"), stop, done},
        R"([{"type":"text","text":"x"}])", "end_turn");
}

void ChatCompletionsModelTest::deviations()
{
    QFETCH(const QStringList, chunks);
    const ReplyListener nobody;
    ChatAssembler assembler(nobody, {});
    for (const auto& one : chunks)
        assembler.take(one.toStdString());
    QCOMPARE(assembler.end(), ReplyAssembler::State::Complete);
    const auto reply = assembler.takeReply();
    QTEST(QByteArray::fromStdString(reply.content.dump()), "content");
    QTEST(QByteArray::fromStdString(reply.rawStopReason), "stopReason");
    if (qstrcmp(QTest::currentDataTag(), "arguments that are no JSON") == 0)
        QCOMPARE(reply.invalidInputs.at(0), (std::pair<std::string, std::string>("a", "{k: 1}")));
}

void ChatCompletionsModelTest::inventedIdsAreUniqueInTheDialogue()
{
    const ReplyListener nobody;
    ChatAssembler assembler(nobody, {"call_1", "call_3", "same"});
    assembler.take(calls(R"({"index":0,"function":{"name":"x"}},{"index":1,"id":"same","function":{"name":"y"}})"));
    assembler.take(chunk("{}", "\"tool_calls\""));
    QCOMPARE(assembler.end(), ReplyAssembler::State::Complete);
    std::set<std::string> ids{"call_1", "call_3", "same"};
    for (const auto& call : toolCalls(assembler.takeReply()))
        QVERIFY2(ids.insert(call.id).second, call.id.c_str());
    QCOMPARE(ids.size(), 5U);
}

void ChatCompletionsModelTest::streamsThatFail_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isJson");
    QTest::addColumn<QByteArray>("mention");
    QTest::newRow("cut") << "data: " + QByteArray::fromStdString(chunk(R"({"content":"x"})")) + "\n\n" << false << QByteArray("finish_reason");
    QTest::newRow("[DONE] at once") << QByteArray("data: [DONE]\n\n") << false << QByteArray("finish_reason");
    QTest::newRow("an error in the stream") << QByteArray("data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}\n\n") << false << QByteArray("out of memory");
    QTest::newRow("an error that is a string") << QByteArray("data: {\"error\":\"model crashed\"}\n\n") << false << QByteArray("model crashed");
    QTest::newRow("no JSON") << QByteArray("data: {\n\n") << false << QByteArray("not valid JSON");
    QTest::newRow("nothing") << QByteArray() << false << QByteArray("finish_reason");
    QTest::newRow("a call without a name") << "data: " + QByteArray::fromStdString(calls(R"({"index":0,"id":"a"})")) + "\n\ndata: " + QByteArray::fromStdString(chunk("{}", "\"stop\"")) + "\n\n" << false << QByteArray("without a name");
    QTest::newRow("a JSON list") << QByteArray("[]") << true << QByteArray("finish_reason");
    QTest::newRow("broken JSON") << QByteArray("{") << true << QByteArray("finish_reason");
}

void ChatCompletionsModelTest::streamsThatFail()
{
    QFETCH(const QByteArray, body);
    QFETCH(const bool, isJson);
    QFETCH(const QByteArray, mention);
    FakeMessagesApi api;
    Step step{.body = body.toStdString()};
    if (isJson)
        step.headers = {{"content-type", "application/json"}};
    api.enqueue(step);
    ChatCompletionsModel model(settings(api));
    const auto outcome = model.attempt(request(), {}, {});
    const auto& failure = std::get<ApiFailure>(outcome);
    QVERIFY(failure.isRetryable);
    QVERIFY2(QByteArray::fromStdString(failure.error.text()).contains(mention), failure.error.text().c_str());
}

void ChatCompletionsModelTest::withoutFiguresTokensAreEstimated()
{
    FakeMessagesApi api;
    api.enqueue(Step::json(200, Json::parse(R"({"model":"m","choices":[{"message":{"role":"assistant","content":"whole"},"finish_reason":"stop"}]})")));
    ChatCompletionsModel model(settings(api));
    const auto outcome = model.attempt(request(std::string(3000, 'x')), {}, {});
    const auto& reply = std::get<ModelReply>(outcome);
    QCOMPARE(reply.text(), std::string("whole"));
    QVERIFY(reply.usage.estimated);
    QVERIFY(reply.usage.inputTokens > 1000 && reply.usage.inputTokens < 1200);
    QVERIFY(reply.usage.outputTokens > 0);
    QCOMPARE(reply.usage.calls, 1);
}

void ChatCompletionsModelTest::aSilentlyCutDialogueIsNoticedOnce()
{
    FakeMessagesApi api;
    std::vector<std::string> warnings;
    auto made = settings(api);
    made.warn = [&warnings](const std::string& text) { warnings.push_back(text); };
    ChatCompletionsModel model(made);
    std::size_t length = 1000;
    for (const int prompt : {1000, 2000, 4096, 4096, 4096}) {
        RecordedTurn turn{.content = Json::array({Json{{"type", "text"}, {"text", "x"}}}), .stopReason = "end_turn"};
        turn.usage.inputTokens = prompt;
        api.enqueue(Step::chatReply(turn));
        QVERIFY(std::holds_alternative<ModelReply>(model.attempt(request(std::string(length, 'x')), {}, {})));
        QCOMPARE(warnings.size(), length >= 16'000 ? 1U : 0U);
        length += 5000;
    }
}

void ChatCompletionsModelTest::turnsRoundTrip()
{
    RecordedTurn turn{.content = Json::parse(R"([{"type":"text","text":"Grüße 日本 🚀"},
                          {"type":"tool_use","id":"t1","name":"write_file","input":{"z":"\"q\" \\ \n","a":[1,{"b":null}]}},
                          {"type":"tool_use","id":"t2","name":"run","input":{}}])"),
                      .stopReason = "tool_use",
                      .usage = {.inputTokens = 70, .outputTokens = 9, .cacheReadTokens = 30},
                      .model = "local"};
    FakeMessagesApi api;
    api.serveRecording({.turns = {turn}});
    ChatCompletionsModel model(settings(api));
    const auto outcome = model.attempt(request(), {}, {});
    const auto& reply = std::get<ModelReply>(outcome);
    QCOMPARE(reply.content.dump(), turn.content.dump());
    QCOMPARE(reply.rawStopReason, turn.stopReason);
    QCOMPARE(reply.model, turn.model);
    QCOMPARE(reply.usage.inputTokens, 70);
    QCOMPARE(reply.usage.cacheReadTokens, 30);
}

QTEST_GUILESS_MAIN(ChatCompletionsModelTest)
#include "tst_chat_completions_model.moc"
