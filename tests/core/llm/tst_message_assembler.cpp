#include <QTest>

#include "core/llm/message_assembler.h"
#include "core/llm/sse_parser.h"
#include "tests/support/golden_exchanges.h"

using namespace aap;
using State = MessageAssembler::State;

class MessageAssemblerTest : public QObject {
    Q_OBJECT

private slots:
    void streamsThatMakeNoSenseFail_data();
    void streamsThatMakeNoSenseFail();
    void strayEventsAreIgnored();
    void unknownBlocksAreKeptAsTheyCame();
    void toolInputsThatAreNoObjects_data();
    void toolInputsThatAreNoObjects();
    void keysOfAnInputKeepTheirOrder();
    void aReplyCannotGrowForEver();
    void everyGoldenStreamIsTheSameHoweverItIsCut();
};

namespace {

const std::string kStart = R"({"type":"message_start","message":{"model":"m","usage":{"input_tokens":5}}})";
const std::string kText = R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})";
const std::string kStop = R"({"type":"message_stop"})";

std::string toolBlock(const std::string& input = "{}")
{
    return R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"run","input":)" + input + "}}";
}

std::string delta(const std::string& inner)
{
    return R"({"type":"content_block_delta","index":0,"delta":)" + inner + "}";
}

std::string inputDelta(const std::string& partial)
{
    return delta(Json{{"type", "input_json_delta"}, {"partial_json", partial}}.dump());
}

std::string ended(const std::string& reason = "end_turn")
{
    return R"({"type":"message_delta","delta":{"stop_reason":")" + reason + R"("},"usage":{"output_tokens":9}})";
}

State feed(MessageAssembler& assembler, const std::vector<std::string>& events)
{
    for (const auto& event : events)
        assembler.take(event);
    return assembler.state();
}

/// All that an assembler has to say, as text to compare.
std::string summary(MessageAssembler& assembler)
{
    const auto usage = assembler.usage();
    std::string text = std::to_string(int(assembler.state())) + assembler.partialText() + assembler.problem().type + assembler.problem().message;
    text += std::to_string(usage.promptTokens()) + "/" + std::to_string(usage.outputTokens);
    if (assembler.state() == State::Complete) {
        const auto reply = assembler.takeReply();
        text += reply.content.dump() + reply.rawStopReason + reply.refusal;
        for (const auto& [id, raw] : reply.invalidInputs)
            text += id + raw;
    }
    return text;
}

} // namespace

void MessageAssemblerTest::streamsThatMakeNoSenseFail_data()
{
    QTest::addColumn<QStringList>("events");
    QTest::addColumn<QString>("mention");
    const auto list = [](const std::vector<std::string>& events) {
        QStringList all;
        for (const auto& event : events)
            all << QString::fromStdString(event);
        return all;
    };
    QTest::newRow("two starts") << list({kStart, kStart}) << "a second message_start";
    QTest::newRow("a block before the start") << list({kText}) << "before message_start";
    QTest::newRow("a stop before the start") << list({kStop}) << "before message_start";
    QTest::newRow("no stop reason") << list({kStart, kText, kStop}) << "without a stop_reason";
    QTest::newRow("a null stop reason") << list({kStart, R"({"type":"message_delta","delta":{"stop_reason":null}})", kStop}) << "without a stop_reason";
    QTest::newRow("no JSON") << list({kStart, "{\"type\":"}) << "not valid JSON";
    QTest::newRow("an index twice") << list({kStart, kText, kText}) << "makes no sense";
    QTest::newRow("no index") << list({kStart, R"({"type":"content_block_start","content_block":{"type":"text"}})"}) << "makes no sense";
    QTest::newRow("a tool call without an id") << list({kStart, R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"x"}})"}) << "makes no sense";
    QTest::newRow("an error event") << list({kStart, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"}) << "Overloaded";
    QTest::newRow("an error event that says nothing") << list({kStart, R"({"type":"error"})"}) << "";
}

void MessageAssemblerTest::streamsThatMakeNoSenseFail()
{
    QFETCH(const QStringList, events);
    QFETCH(const QString, mention);
    const ReplyListener nobody;
    MessageAssembler assembler(nobody);
    for (const auto& event : events)
        assembler.take(event.toStdString());
    QCOMPARE(assembler.state(), State::Failed);
    QVERIFY2(assembler.problem().message.find(mention.toStdString()) != std::string::npos, assembler.problem().message.c_str());
}

void MessageAssemblerTest::strayEventsAreIgnored()
{
    std::string heard;
    ReplyListener listener;
    listener.text = [&heard](std::string_view piece) { heard += piece; };
    MessageAssembler assembler(listener);
    const std::string text = R"({"type":"text_delta","text":"a"})";
    QCOMPARE(feed(assembler, {R"({"type":"ping"})", "7", "[]", R"({"no":"type"})", kStart, kText, delta(text),
                              R"({"type":"content_block_delta","index":5,"delta":{"type":"text_delta","text":"x"}})", // unknown index
                              R"({"type":"content_block_delta","index":"0","delta":{"type":"text_delta","text":"x"}})",
                              delta(R"({"type":"future_delta","text":"x"})"), delta(R"({"type":"thinking_delta","thinking":"x"})"),
                              delta(R"({"type":"text_delta","text":7})"), delta("null"), R"({"type":"message_future"})",
                              R"({"type":"content_block_stop","index":3})", ended(), kStop, // content_block_stop was never sent
                              kStart, delta(text)}),                                        // after the end
             State::Complete);
    const auto reply = assembler.takeReply();
    QCOMPARE(reply.content.dump(), std::string(R"([{"type":"text","text":"a"}])"));
    QCOMPARE(heard, std::string("a"));
    QCOMPARE(reply.usage.outputTokens, 9);
    QCOMPARE(reply.usage.inputTokens, 5);
    QCOMPARE(reply.usage.calls, 1);
}

void MessageAssemblerTest::unknownBlocksAreKeptAsTheyCame()
{
    const std::string block = R"({"type":"hologram","zeta":[1,{"b":2,"a":1}],"alpha":null})";
    const ReplyListener nobody;
    MessageAssembler assembler(nobody);
    QCOMPARE(feed(assembler, {kStart, R"({"type":"content_block_start","index":0,"content_block":)" + block + "}", ended(), kStop}), State::Complete);
    QCOMPARE(assembler.takeReply().content.dump(), "[" + block + "]");
}

void MessageAssemblerTest::toolInputsThatAreNoObjects_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<bool>("isInvalid");
    QTest::newRow("cut") << QByteArray(R"({"a": 1, "b)") << true;
    QTest::newRow("a list") << QByteArray("[1]") << true;
    QTest::newRow("a string") << QByteArray("\"{}\"") << true;
    QTest::newRow("null") << QByteArray("null") << true;
    QTest::newRow("two objects") << QByteArray("{}{}") << true;
    QTest::newRow("too deep") << QByteArray("{\"a\":") + QByteArray(300, '[') + QByteArray(300, ']') + "}" << true;
    QTest::newRow("an object") << QByteArray(R"({"a": 1})") << false;
    QTest::newRow("white space around it") << QByteArray(" {} \n") << false;
}

void MessageAssemblerTest::toolInputsThatAreNoObjects()
{
    QFETCH(const QByteArray, written);
    QFETCH(const bool, isInvalid);
    const ReplyListener nobody;
    MessageAssembler assembler(nobody);
    QCOMPARE(feed(assembler, {kStart, toolBlock(), inputDelta(written.toStdString()), ended("tool_use"), kStop}), State::Complete);
    const auto reply = assembler.takeReply();
    const auto calls = toolCalls(reply);
    QCOMPARE(calls.size(), 1U);
    QVERIFY(calls[0].input.is_object());
    QCOMPARE(reply.invalidInputs.size(), isInvalid ? 1U : 0U);
    if (isInvalid) {
        QVERIFY(calls[0].input.empty());
        QCOMPARE(reply.invalidInputs[0].first, std::string("t1"));
        QCOMPARE(reply.invalidInputs[0].second, written.toStdString());
    }
}

void MessageAssemblerTest::keysOfAnInputKeepTheirOrder()
{
    const std::string input = R"({"zeta":1,"alpha":{"y":1.5,"x":[]},"mid":"\n"})";
    const ReplyListener nobody;
    MessageAssembler assembler(nobody);
    QCOMPARE(feed(assembler, {kStart, toolBlock(), inputDelta(input), ended("tool_use"), kStop}), State::Complete);
    QCOMPARE(assembler.takeReply().content[0]["input"].dump(), input);
}

void MessageAssemblerTest::aReplyCannotGrowForEver()
{
    const ReplyListener nobody;
    const auto piece = delta(Json{{"type", "text_delta"}, {"text", std::string(1 << 20, 'x')}}.dump());
    MessageAssembler text(nobody);
    feed(text, {kStart, kText});
    int pieces = 0;
    while (text.take(piece) == State::Open && pieces < 100)
        ++pieces;
    QCOMPARE(pieces, 15); // 16 MiB with what the blocks themselves take
    MessageAssembler blocks(nobody);
    feed(blocks, {kStart});
    int started = 0;
    while (started < 10'000 && blocks.take(R"({"type":"content_block_start","index":)" + std::to_string(started) + R"(,"content_block":{"type":"text"}})") == State::Open)
        ++started;
    QCOMPARE(started, 5000);
}

void MessageAssemblerTest::everyGoldenStreamIsTheSameHoweverItIsCut()
{
    int streams = 0;
    for (const auto& golden : goldenExchanges()) {
        if (golden.api != "anthropic" || golden.answer.status != 200 || golden.answer.body.find("event:") == std::string::npos)
            continue;
        ++streams;
        const std::string_view body = golden.answer.body;
        std::string whole;
        for (std::size_t cut = 0; cut < body.size(); ++cut) {
            const ReplyListener nobody;
            MessageAssembler assembler(nobody);
            SseParser parser;
            for (const auto part : {body.substr(0, cut), body.substr(cut)}) {
                const auto events = parser.push(part);
                QVERIFY(events);
                for (const auto& event : *events)
                    assembler.take(event.data);
            }
            const auto result = summary(assembler);
            if (cut == 0)
                whole = result;
            QVERIFY2(result == whole, (golden.name + " cut at " + std::to_string(cut)).c_str());
        }
    }
    QCOMPARE(streams, 16);
}

QTEST_GUILESS_MAIN(MessageAssemblerTest)
#include "tst_message_assembler.moc"
