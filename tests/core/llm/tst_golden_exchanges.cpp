#include <set>

#include <QTest>

#include "core/llm/anthropic_model.h"
#include "core/llm/api_usage.h"
#include "core/llm/bounded_json.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/golden_exchanges.h"

using namespace aap;

/// Every golden exchange through the real client and a real socket, cut in four ways.
class GoldenExchangesTest : public QObject {
    Q_OBJECT

private slots:
    void replies_data();
    void replies();
    void failures_data();
    void failures();
    void tokensAreCounted();
    void modelsAreListed();
    void requestsCarryWhatTheExamplesCarry();

private:
    void rows(const char* kind);
};

namespace {

enum class Manner { Whole, Bytes, Sevens, Splits, ClosedEarly, CutEarly, Reset };

Step answerIn(const GoldenExchange& golden, Manner manner)
{
    auto step = golden.answer;
    switch (manner) {
    case Manner::Bytes:
        return std::move(step).inPieces(1);
    case Manner::Sevens:
        return std::move(step).inPieces(7);
    case Manner::Splits:
        step.cuts = golden.splits;
        step.betweenPieces = Milliseconds(5); // so that every packet travels alone
        return step;
    case Manner::ClosedEarly:
        return std::move(step).ending(Step::End::Close);
    case Manner::CutEarly:
        return std::move(step).ending(Step::End::Cut);
    case Manner::Reset:
        step.cuts = {step.body.size() - 1};
        step.betweenPieces = Milliseconds(50); // a reset overtakes what the reader has not taken yet
        return std::move(step).ending(Step::End::Reset);
    case Manner::Whole:
        break;
    }
    return step;
}

Json blocks(const Json& content)
{
    return content.is_string() ? Json::array({Json{{"type", "text"}, {"text", content}}}) : content;
}

ModelRequest requestOf(const Json& json)
{
    ModelRequest request{.model = stringIn(json, "model"), .maxTokens = json.value("max_tokens", 1000)};
    for (const auto& block : memberOf(json, "system"))
        request.system += stringIn(block, "text");
    for (const auto& tool : memberOf(json, "tools"))
        request.tools.push_back({stringIn(tool, "name"), stringIn(tool, "description"), memberOf(tool, "input_schema")});
    for (const auto& message : memberOf(json, "messages"))
        request.messages.push_back({stringIn(message, "role") == "user" ? Message::Role::User : Message::Role::Assistant, blocks(message.at("content"))});
    return request;
}

AnthropicSettings settings(const FakeMessagesApi& api)
{
    AnthropicSettings made{.baseUrl = api.baseUrl(), .apiKey = ApiKey("sk-ant-golden-0123456789")};
    made.limits.idle = Milliseconds(5000);
    return made;
}

/// Without the members that are null, and with sorted keys: two messages are the same when these are.
nlohmann::json comparable(const Json& json)
{
    auto plain = nlohmann::json::parse(json.dump());
    const auto dropNulls = [](auto& self, nlohmann::json& value) -> void {
        for (auto member = value.begin(); value.is_object() && member != value.end();)
            member = member->is_null() ? value.erase(member) : std::next(member);
        if (value.is_structured())
            for (auto& member : value)
                self(self, member);
    };
    dropNulls(dropNulls, plain);
    return plain;
}

std::string text(const nlohmann::json& json)
{
    return json.dump(1);
}

} // namespace

void GoldenExchangesTest::rows(const char* kind)
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("manner");
    for (const auto& golden : goldenExchanges()) {
        if (golden.api != "anthropic" || stringIn(golden.expected, "kind") != kind || golden.name.starts_with("16"))
            continue; // 16 answers a request that we refuse to send; see tst_dialogue_rules
        const auto add = [&](Manner manner, const char* how) {
            QTest::addRow("%s %s", golden.name.c_str(), how) << QString::fromStdString(golden.name) << int(manner);
        };
        add(Manner::Whole, "whole");
        add(Manner::Bytes, "byte by byte");
        add(Manner::Sevens, "in sevens");
        if (!golden.splits.empty())
            add(Manner::Splits, "at its splits");
        if (golden.name.starts_with("12")) {
            add(Manner::ClosedEarly, "closed");
            add(Manner::CutEarly, "cut in the chunked body");
            add(Manner::Reset, "reset");
        }
    }
}

void GoldenExchangesTest::replies_data()
{
    rows("message");
}

void GoldenExchangesTest::replies()
{
    QFETCH(const QString, name);
    QFETCH(const int, manner);
    const auto golden = goldenExchange(name.toStdString());
    FakeMessagesApi api;
    api.enqueue(answerIn(golden, Manner(manner)));
    AnthropicModel model(settings(api));
    std::string heard;
    std::string thought;
    ReplyListener listener;
    listener.text = [&heard](std::string_view piece) { heard += piece; };
    listener.thinking = [&thought](std::string_view piece) { thought += piece; };

    auto outcome = model.attempt(requestOf(golden.request), listener, {});
    const auto* failure = std::get_if<ApiFailure>(&outcome);
    QVERIFY2(!failure, failure ? failure->error.text().c_str() : "");
    const auto& reply = std::get<ModelReply>(outcome);

    auto expected = golden.expected.at("message");
    const auto unfinished = stringIn(golden.expected, "truncated_tool_use");
    for (auto& block : expected["content"])
        if (!unfinished.empty() && stringIn(block, "id") == unfinished)
            block["input"] = Json::object(); // half an input is none: the raw text is put aside instead
    QCOMPARE(text(comparable(reply.content)), text(comparable(expected["content"])));
    QCOMPARE(reply.rawStopReason, stringIn(expected, "stop_reason"));
    QCOMPARE(apiName(reply.stopReason), std::string_view(reply.rawStopReason));
    QCOMPARE(reply.model, stringIn(expected, "model"));
    QCOMPARE(reply.requestId, headerValue(golden.answer.headers, "request-id"));
    Usage usage{.calls = 1};
    updateFromApi(usage, expected["usage"]);
    QVERIFY(reply.usage == usage);
    if (golden.expected.contains("total_input_tokens"))
        QCOMPARE(reply.usage.promptTokens(), golden.expected["total_input_tokens"].get<std::int64_t>());
    if (reply.stopReason == StopReason::Refusal)
        QCOMPARE(reply.refusal, std::string("cyber: Example explanation text; wording is not stable."));

    const auto invalid = unfinished + stringIn(golden.expected, "invalid_tool_use");
    if (!invalid.empty()) {
        QCOMPARE(reply.invalidInputs.size(), 1U);
        QCOMPARE(reply.invalidInputs[0].first, invalid);
        QCOMPARE(reply.invalidInputs[0].second, stringIn(golden.expected, "raw_input"));
    }
    if (!name.startsWith(QLatin1String("21"))) { // what was not streamed is not heard either
        QCOMPARE(heard, reply.text());
        QCOMPARE(thought, name.startsWith(QLatin1String("05")) ? stringIn(reply.content[0], "thinking") : std::string());
    }
}

void GoldenExchangesTest::failures_data()
{
    rows("error");
}

void GoldenExchangesTest::failures()
{
    QFETCH(const QString, name);
    QFETCH(const int, manner);
    const auto golden = goldenExchange(name.toStdString());
    const auto& expected = golden.expected;
    FakeMessagesApi api;
    api.enqueue(answerIn(golden, Manner(manner)));
    if (name.startsWith(QLatin1String("25")))
        api.enqueue(golden.answer); // the recovery fails in the same way
    AnthropicModel model(settings(api));
    std::string heard;
    ReplyListener listener;
    listener.text = [&heard](std::string_view piece) { heard += piece; };

    const auto outcome = model.attempt(requestOf(golden.request), listener, {});
    const auto* failure = std::get_if<ApiFailure>(&outcome);
    QVERIFY(failure);
    QCOMPARE(failure->httpStatus, expected.at("http_status").get<int>());
    QCOMPARE(failure->type, stringIn(expected.at("error"), "type"));
    if (expected.at("error").contains("message"))
        QCOMPARE(failure->message, stringIn(expected.at("error"), "message"));
    QCOMPARE(failure->requestId, stringIn(expected, "request_id"));
    QCOMPARE(failure->isRetryable, expected.at("retryable").get<bool>());
    QCOMPARE(failure->retryAfter.has_value(), expected.contains("retry_after_ms"));
    if (failure->retryAfter)
        QCOMPARE(failure->retryAfter->count(), expected["retry_after_ms"].get<std::int64_t>());
    QCOMPARE(failure->partialText, stringIn(expected, "partial_text"));
    QCOMPARE(heard, failure->partialText);
    QVERIFY(!failure->error.remedy.empty());
    QVERIFY(failure->error.text().find(stringIn(expected, "request_id")) != std::string::npos); // for the provider's support
    if (name.startsWith(QLatin1String("11")))
        QCOMPARE(failure->spent.inputTokens, 33);
    QCOMPARE(api.requests().size(), expected.contains("recover_once") ? 2U : 1U);
}

void GoldenExchangesTest::tokensAreCounted()
{
    const auto golden = goldenExchange("22");
    FakeMessagesApi api;
    api.enqueue(golden.answer);
    AnthropicModel model(settings(api));
    const auto tokens = model.countTokens(requestOf(golden.request), {});
    QVERIFY(tokens);
    QCOMPARE(*tokens, golden.expected.at("body").at("input_tokens").get<std::int64_t>());
    QCOMPARE(api.requests()[0].path, golden.path);
    const auto body = api.requests()[0].json();
    for (const char* member : {"max_tokens", "stream", "cache_control", "output_config"}) // the endpoint takes none of these
        QVERIFY(!body.contains(member));
}

void GoldenExchangesTest::modelsAreListed()
{
    const auto golden = goldenExchange("23");
    FakeMessagesApi api;
    api.enqueue(golden.answer);
    AnthropicModel model(settings(api));
    const auto models = model.listModels({});
    QVERIFY(models);
    QCOMPARE(models->size(), 2U);
    QCOMPARE(models->at(0).id, std::string("claude-sonnet-5-5"));
    QCOMPARE(models->at(0).displayName, std::string("Claude Sonnet 5.5"));
    QCOMPARE(models->at(0).maxInputTokens, 1'000'000);
    QCOMPARE(models->at(0).maxOutputTokens, 128'000);
    QCOMPARE(models->at(1).lifecycle, std::string("deprecated"));
    QCOMPARE(models->at(1).retiresAt, std::string("2026-11-30T00:00:00Z"));
    QCOMPARE(api.requests()[0].method, std::string("GET"));
    QVERIFY(api.requests()[0].path.starts_with("/v1/models?"));
}

void GoldenExchangesTest::requestsCarryWhatTheExamplesCarry()
{
    for (const auto& golden : goldenExchanges()) {
        if (golden.api != "anthropic" || golden.path != "/v1/messages" || golden.name.starts_with("16"))
            continue;
        FakeMessagesApi api;
        AnthropicModel model(settings(api));
        const auto request = requestOf(golden.request);
        const auto outcome = model.attempt(request, {}, {}); // the script is empty; only the request matters
        QVERIFY(std::holds_alternative<ApiFailure>(outcome));
        const auto sent = api.requests().at(0).json();
        QCOMPARE(stringIn(sent, "model"), stringIn(golden.request, "model"));
        QVERIFY(sent.at("stream") == true);
        auto messages = golden.request.at("messages");
        for (auto& message : messages)
            message["content"] = blocks(message["content"]);
        QCOMPARE(text(comparable(sent.at("messages"))), text(comparable(messages)));
        for (std::size_t i = 0; i < request.tools.size(); ++i)
            QCOMPARE(sent.at("tools").at(i).dump(), (Json{{"name", request.tools[i].name}, {"description", request.tools[i].description},
                                                          {"input_schema", request.tools[i].inputSchema}}.dump()));
    }
}

QTEST_GUILESS_MAIN(GoldenExchangesTest)
#include "tst_golden_exchanges.moc"
