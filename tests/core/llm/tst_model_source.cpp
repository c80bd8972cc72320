#include <QProcess>
#include <QTest>

#include "core/llm/model_source.h"
#include "tests/support/fake_messages_api.h"

using namespace aap;

namespace {

RecordedTurn turn(std::string stage, std::string text)
{
    return {.stage = std::move(stage),
            .content = Json::array({Json{{"type", "text"}, {"text", std::move(text)}}}),
            .stopReason = "end_turn",
            .usage = {.inputTokens = 1000, .outputTokens = 100, .calls = 1},
            .model = "claude-sonnet-5-5"};
}

ModelRequest request(std::string stage = "coding")
{
    return {.model = "claude-sonnet-5-5", .messages = {Message::user("hi")}, .stage = std::move(stage)};
}

ApiModelSettings settings(const FakeMessagesApi& api)
{
    ApiModelSettings made;
    made.anthropic.baseUrl = made.chatCompletions.baseUrl = api.baseUrl();
    made.anthropic.apiKey = ApiKey("key");
    made.prices = *Prices::load();
    made.retry.wait = [](Milliseconds, const std::stop_token&) { return true; };
    return made;
}

std::string answer(LanguageModel& model, const ModelRequest& asked)
{
    const auto reply = model.reply(asked, {}, {});
    return reply ? reply->text() : reply.error().text();
}

} // namespace

class ModelSourceTest : public QObject {
    Q_OBJECT

private slots:
    void allStagesShareOneConnectionAndTheRunsBudget();
    void aStagesBudgetLastsOverItsVisits();
    void aResumedRunHasSpentAlready();
    void aRetiredModelIsReplacedWithAWarning();
    void failedAttemptsAreRepeatedAndPaidFor();
    void chatCompletionsServersWorkToo();
    void aRecordingServesStageByStage();
    void theFakeServerRunsAsAProgram_data();
    void theFakeServerRunsAsAProgram();
};

void ModelSourceTest::allStagesShareOneConnectionAndTheRunsBudget()
{
    FakeMessagesApi api;
    api.serveRecording({.turns = {turn("", "one"), turn("", "two"), turn("", "three")}});
    auto made = settings(api);
    made.runLimits.calls = 2;
    ApiModelSource source(std::move(made));
    std::vector<std::string> warnings;
    const auto warn = [&](const std::string& text) { warnings.push_back(text); };
    const auto reply = (*source.open({.id = StageId::Coding}, warn))->reply(request(), {}, {});
    QCOMPARE(reply->cost.microUsd, 3000);
    auto testing = source.open({.id = StageId::Testing}, warn);
    QCOMPARE(answer(**testing, request("testing")), std::string("two"));
    QCOMPARE(warnings.size(), 1U);
    const auto third = (*testing)->reply(request("testing"), {}, {});
    QCOMPARE(third.error().code, ErrorCode::Limit);
    QCOMPARE(api.requests().size(), 2U);
    QCOMPARE(api.connections(), 1);
}

void ModelSourceTest::aStagesBudgetLastsOverItsVisits()
{
    FakeMessagesApi api;
    api.serveRecording({.turns = {turn("", "one"), turn("", "two"), turn("", "three")}});
    ApiModelSource source(settings(api));
    const StageSpec coding{.id = StageId::Coding, .limits = {.calls = 1}};
    QCOMPARE(answer(**source.open(coding, {}), request()), std::string("one"));
    const auto again = (*source.open(coding, {}))->reply(request(), {}, {});
    QVERIFY2(again.error().remedy.find("budget.stage_calls") != std::string::npos, again.error().remedy.c_str());
    QCOMPARE(answer(**source.open({.id = StageId::Testing}, {}), request("testing")), std::string("two"));
}

void ModelSourceTest::aResumedRunHasSpentAlready()
{
    const FakeMessagesApi api;
    auto made = settings(api);
    made.runLimits.money = Money::usd(1);
    made.spentByRun.cost = Money::usd(1);
    ApiModelSource source(std::move(made));
    QCOMPARE((*source.open({.id = StageId::Coding}, {}))->reply(request(), {}, {}).error().code, ErrorCode::Limit);
    QVERIFY(api.requests().empty());
}

void ModelSourceTest::aRetiredModelIsReplacedWithAWarning()
{
    FakeMessagesApi api;
    api.serveRecording({.turns = {turn("", "one"), turn("", "two")}});
    ApiModelSource source(settings(api));
    std::vector<std::string> warnings;
    auto model = source.open({.id = StageId::Coding}, [&](const std::string& text) { warnings.push_back(text); });
    auto asked = request();
    asked.model = "claude-sonnet-4-20250514";
    QCOMPARE(answer(**model, asked), std::string("one"));
    QCOMPARE(answer(**model, asked), std::string("two"));
    QCOMPARE(api.requests().back().json().at("model").get<std::string>(), std::string("claude-sonnet-5-5"));
    QCOMPARE(warnings.size(), 1U);
}

void ModelSourceTest::failedAttemptsAreRepeatedAndPaidFor()
{
    FakeMessagesApi api;
    api.serveRecording({.turns = {turn("", "one")}});
    api.spoil(1, [](Step step) {
        const auto bytes = step.body.size() / 2;
        return std::move(step).ending(Step::End::Cut, bytes);
    });
    ApiModelSource source(settings(api));
    auto model = source.open({.id = StageId::Coding}, {});
    const auto reply = (*model)->reply(request(), {}, {});
    QVERIFY2(reply, reply ? "" : reply.error().text().c_str());
    QCOMPARE(reply->usage.calls, 2);
    QCOMPARE(reply->usage.inputTokens, 2000);
    QVERIFY(reply->cost.microUsd >= 5000);
}

void ModelSourceTest::chatCompletionsServersWorkToo()
{
    FakeMessagesApi api;
    api.serveRecording({.turns = {turn("", "one")}});
    auto made = settings(api);
    made.provider = ApiModelSettings::Provider::ChatCompletions;
    ApiModelSource source(std::move(made));
    QCOMPARE(answer(**source.open({.id = StageId::Coding}, {}), request()), std::string("one"));
    QCOMPARE(api.requests().front().path, std::string("/v1/chat/completions"));
}

void ModelSourceTest::aRecordingServesStageByStage()
{
    ReplayModelSource source({.turns = {turn("coding", "c1"), turn("testing", "t1"), turn("coding", "c2")}});
    QCOMPARE(answer(**source.open({.id = StageId::Coding}, {}), request("coding")), std::string("c1"));
    QCOMPARE(answer(**source.open({.id = StageId::Testing}, {}), request("testing")), std::string("t1"));
    auto again = source.open({.id = StageId::Coding}, {});
    QCOMPARE(answer(**again, request("coding")), std::string("c2"));
    QCOMPARE((*again)->reply(request("coding"), {}, {}).error().code, ErrorCode::NotFound);
}

void ModelSourceTest::theFakeServerRunsAsAProgram_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<int>("calls"); // attempts the server begins to answer
    for (const auto& [fault, calls] : {std::pair{"", 1}, {"429:1", 1}, {"529:1", 1}, {"slow:1", 1}, {"cut:1", 2}})
        QTest::newRow(*fault ? fault : "none") << QString::fromLatin1(fault) << calls;
}

void ModelSourceTest::theFakeServerRunsAsAProgram()
{
    QFETCH(const QString, fault);
    QStringList arguments{QStringLiteral("--recording"), QStringLiteral(AAP_SOURCE_DIR "/resources/demo/recording.json"), QStringLiteral("--key"),
                          QStringLiteral("key")};
    if (!fault.isEmpty())
        arguments << QStringLiteral("--fault") << fault;
    QProcess server;
    server.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    server.start(QStringLiteral(AAP_BINARY_DIR "/tests/fake-messages-api"), arguments);
    while (!server.canReadLine() && server.waitForReadyRead(10'000)) { }
    ApiModelSettings made;
    made.anthropic.baseUrl = server.readLine().trimmed().toStdString();
    made.anthropic.apiKey = ApiKey("key");
    made.prices = *Prices::load();
    made.retry.wait = [](Milliseconds, const std::stop_token&) { return true; };
    ApiModelSource source(std::move(made));
    const auto reply = (*source.open({.id = StageId::Architecture}, {}))->reply(request("architecture"), {}, {});
    QVERIFY2(reply, reply ? "" : reply.error().text().c_str());
    QVERIFY(!reply->content.empty());
    QTEST(int(reply->usage.calls), "calls");
    server.closeWriteChannel();
    QVERIFY(server.waitForFinished(10'000));
    QCOMPARE(server.exitCode(), 0);
}

QTEST_GUILESS_MAIN(ModelSourceTest)
#include "tst_model_source.moc"
