#include <thread>

#include <QTest>

#include "core/llm/anthropic_model.h"
#include "core/llm/api_failure.h"
#include "core/llm/retrying_model.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/golden_exchanges.h"

using namespace aap;

class RetryingModelTest : public QObject {
    Q_OBJECT

private slots:
    void everyStatusIsTreatedByTheTable_data();
    void everyStatusIsTreatedByTheTable();
    void waitsDoubleWithJitterUpToTheirLimit();
    void theServersOwnTimeCounts_data();
    void theServersOwnTimeCounts();
    void retryAfterIsReadInEverySpelling_data();
    void retryAfterIsReadInEverySpelling();
    void aTimeTooFarAwayIsAnErrorThatNamesIt();
    void aStreamThatBreaksOffIsRepeatedAndPaidFor();
    void tokensOfAFailureAreReported();
    void aStopEndsTheWait();
};

namespace {

ModelRequest request()
{
    return {.model = "claude-sonnet-5-5", .messages = {Message::user("hi")}};
}

RecordedTurn turn()
{
    return {.content = Json::array({Json{{"type", "text"}, {"text", "done"}}}), .stopReason = "end_turn", .usage = {.inputTokens = 40, .outputTokens = 2}};
}

/// The whole chain over a real socket; waits are written down instead of waited.
struct Chain {
    explicit Chain(RetryPolicy policy = {})
        : anthropic({.baseUrl = api.baseUrl(), .apiKey = ApiKey("key")}), retrying(anthropic, withoutSleep(std::move(policy)))
    {
    }
    RetryPolicy withoutSleep(RetryPolicy policy)
    {
        policy.wait = [this](Milliseconds wait, const std::stop_token&) {
            waits.push_back(int(wait.count()));
            return true;
        };
        if (!policy.random)
            policy.random = [] { return 0.0; };
        return policy;
    }
    FakeMessagesApi api;
    std::vector<int> waits;
    AnthropicModel anthropic;
    RetryingModel retrying;
};

} // namespace

void RetryingModelTest::everyStatusIsTreatedByTheTable_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("shouldRetry"); // the server's header, "" for none
    QTest::addColumn<bool>("isRepeated");
    QTest::addColumn<ErrorCode>("code");
    const auto row = [](int status, const char* type, bool isRepeated, ErrorCode code, const char* header = "") {
        QTest::addRow("%d %s", status, header) << status << QByteArray(type) << QByteArray(header) << isRepeated << code;
    };
    row(400, "invalid_request_error", false, ErrorCode::Invalid);
    row(401, "authentication_error", false, ErrorCode::Unauthorized);
    row(402, "billing_error", false, ErrorCode::Unauthorized);
    row(403, "permission_error", false, ErrorCode::Unauthorized);
    row(404, "not_found_error", false, ErrorCode::NotFound);
    row(408, "", true, ErrorCode::Timeout);
    row(409, "conflict_error", true, ErrorCode::Unavailable);
    row(413, "request_too_large", false, ErrorCode::Invalid);
    row(418, "", false, ErrorCode::Protocol);
    row(429, "rate_limit_error", true, ErrorCode::RateLimited);
    row(500, "api_error", true, ErrorCode::Unavailable);
    row(502, "", true, ErrorCode::Unavailable);
    row(503, "", true, ErrorCode::Unavailable);
    row(504, "timeout_error", true, ErrorCode::Timeout);
    row(529, "overloaded_error", true, ErrorCode::Unavailable);
    row(400, "invalid_request_error", true, ErrorCode::Invalid, "true");
    row(529, "overloaded_error", false, ErrorCode::Unavailable, "false");
    row(529, "overloaded_error", true, ErrorCode::Unavailable, "perhaps");
}

void RetryingModelTest::everyStatusIsTreatedByTheTable()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, shouldRetry);
    QFETCH(const bool, isRepeated);
    Chain chain;
    const auto step = [&] {
        auto error = Step::error(status, type.toStdString(), "because");
        return shouldRetry.isEmpty() ? error : std::move(error).with("x-should-retry", shouldRetry.toStdString());
    };
    chain.api.enqueue(step());
    chain.api.enqueue(Step::reply(turn()));
    const auto reply = chain.retrying.reply(request(), {}, {});
    QCOMPARE(reply.has_value(), isRepeated);
    QCOMPARE(chain.api.requests().size(), isRepeated ? 2U : 1U);
    if (isRepeated)
        QCOMPARE(chain.api.requests()[0].body, chain.api.requests()[1].body); // the identical request

    Chain stubborn;
    for (int i = 0; i < 6; ++i)
        stubborn.api.enqueue(step());
    const auto failed = stubborn.retrying.reply(request(), {}, {});
    QVERIFY(!failed);
    QTEST(failed.error().code, "code");
    QVERIFY(!failed.error().remedy.empty());
    QCOMPARE(stubborn.api.requests().size(), isRepeated ? 6U : 1U);
    QCOMPARE(failed.error().text().find("gave up after 6 attempts") != std::string::npos, isRepeated);
}

void RetryingModelTest::waitsDoubleWithJitterUpToTheirLimit()
{
    for (const double share : {0.0, 0.5, 0.999}) {
        Chain chain({.retries = 6, .random = [share] { return share; }});
        for (int i = 0; i < 7; ++i)
            chain.api.enqueue(Step::error(529, "overloaded_error", "Overloaded"));
        QVERIFY(!chain.retrying.reply(request(), {}, {}));
        std::vector<int> expected;
        for (const double wait : {500.0, 1000.0, 2000.0, 4000.0, 8000.0, 8000.0})
            expected.push_back(int(wait * (1 - 0.25 * share)));
        QCOMPARE(chain.waits, expected);
    }
}

void RetryingModelTest::theServersOwnTimeCounts_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("waited");
    QTest::newRow("seconds") << QByteArray("retry-after") << QByteArray("2") << 2000;
    QTest::newRow("fractions") << QByteArray("Retry-After") << QByteArray("0.75") << 750;
    QTest::newRow("milliseconds") << QByteArray("retry-after-ms") << QByteArray("123") << 123;
    QTest::newRow("the longest") << QByteArray("retry-after") << QByteArray("120") << 120'000;
    QTest::newRow("at once") << QByteArray("retry-after") << QByteArray("0") << 0;
    QTest::newRow("nonsense") << QByteArray("retry-after") << QByteArray("soon") << 500;
}

void RetryingModelTest::theServersOwnTimeCounts()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QFETCH(const int, waited);
    Chain chain;
    chain.api.enqueue(Step::error(429, "rate_limit_error", "slow down").with(name.toStdString(), value.toStdString()));
    chain.api.enqueue(Step::reply(turn()));
    std::vector<int> announced;
    ReplyListener listener;
    listener.retrying = [&announced](const Error& why, Milliseconds wait, int attempt) {
        QCOMPARE(why.code, ErrorCode::RateLimited);
        QCOMPARE(attempt, 1);
        announced.push_back(int(wait.count()));
    };
    QVERIFY(chain.retrying.reply(request(), listener, {}));
    QCOMPARE(chain.waits, std::vector<int>{waited});
    QCOMPARE(announced, chain.waits);
}

void RetryingModelTest::retryAfterIsReadInEverySpelling_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("milliseconds"); // -1: none
    QTest::newRow("a date to come") << QByteArray("Sun, 22 Nov 2026 13:00:30 GMT") << 30'000;
    QTest::newRow("a date gone by") << QByteArray("Sun, 22 Nov 2026 12:00:00 GMT") << 0;
    QTest::newRow("seconds") << QByteArray("1.5") << 1500;
    QTest::newRow("negative") << QByteArray("-1") << -1;
    QTest::newRow("no number") << QByteArray("nan") << -1;
    QTest::newRow("words") << QByteArray("tomorrow") << -1;
    QTest::newRow("nothing") << QByteArray() << -1;
}

void RetryingModelTest::retryAfterIsReadInEverySpelling()
{
    QFETCH(const QByteArray, value);
    QFETCH(const int, milliseconds);
    const auto wait = retryAfter({{"retry-after", value.toStdString()}}, *parseIso8601("2026-11-22T13:00:00.000Z"));
    QCOMPARE(wait ? int(wait->count()) : -1, milliseconds);
    QVERIFY(retryAfter({{"retry-after", "1e300"}}, now())->count() > 0); // no overflow
}

void RetryingModelTest::aTimeTooFarAwayIsAnErrorThatNamesIt()
{
    Chain chain;
    chain.api.enqueue(Step::error(429, "rate_limit_error", "slow down").with("retry-after", "121"));
    const auto reply = chain.retrying.reply(request(), {}, {});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::RateLimited);
    QVERIFY(reply.error().text().find("rate limited until 20") != std::string::npos);
    QVERIFY(reply.error().remedy.find("Resume the run after 20") != std::string::npos);
    QVERIFY(chain.waits.empty());
}

void RetryingModelTest::aStreamThatBreaksOffIsRepeatedAndPaidFor()
{
    Chain chain;
    chain.api.enqueue(goldenExchange("11").answer);
    chain.api.enqueue(Step::reply(turn()));
    std::string shown;
    ReplyListener listener;
    listener.text = [&shown](std::string_view piece) { shown += piece; };
    listener.retrying = [&shown](const Error& why, Milliseconds, int) {
        QCOMPARE(shown, std::string("The architecture has five"));
        QVERIFY(why.text().find("overloaded_error") != std::string::npos);
        shown.clear(); // as a window withdraws it
    };
    listener.lost = [](const Usage&, Money) { QFAIL("there was a reply"); };
    const auto reply = chain.retrying.reply(request(), listener, {});
    QVERIFY(reply);
    QCOMPARE(shown, std::string("done"));
    QCOMPARE(reply->text(), std::string("done"));
    QCOMPARE(reply->usage.inputTokens, 33 + 40);
    QCOMPARE(reply->usage.calls, 2);
}

void RetryingModelTest::tokensOfAFailureAreReported()
{
    Chain chain({.retries = 1});
    chain.api.enqueue(goldenExchange("11").answer);
    chain.api.enqueue(goldenExchange("11").answer);
    std::vector<Usage> lost;
    ReplyListener listener;
    listener.lost = [&lost](const Usage& usage, Money) { lost.push_back(usage); };
    QVERIFY(!chain.retrying.reply(request(), listener, {}));
    QCOMPARE(lost.size(), 1U);
    QCOMPARE(lost[0].inputTokens, 66);
    QCOMPARE(lost[0].calls, 2);

    chain.api.enqueue(Step::error(401, "authentication_error", "no")); // costs nothing
    QVERIFY(!chain.retrying.reply(request(), listener, {}));
    QCOMPARE(lost.size(), 1U);
}

void RetryingModelTest::aStopEndsTheWait()
{
    FakeMessagesApi api;
    api.enqueue(Step::error(429, "rate_limit_error", "slow down").with("retry-after", "100"));
    AnthropicModel anthropic({.baseUrl = api.baseUrl(), .apiKey = ApiKey("key")});
    RetryingModel model(anthropic);
    std::stop_source stop;
    Stopwatch sinceStop;
    std::jthread stopper;
    ReplyListener listener;
    listener.retrying = [&](const Error&, Milliseconds wait, int) {
        QCOMPARE(wait.count(), 100'000);
        stopper = std::jthread([&] {
            sinceStop = {};
            stop.request_stop();
        });
    };
    const auto reply = model.reply(request(), listener, stop.get_token());
    QVERIFY(sinceStop.elapsed() < Milliseconds(300));
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Stopped);
    QCOMPARE(api.requests().size(), 1U);
}

QTEST_GUILESS_MAIN(RetryingModelTest)
#include "tst_retrying_model.moc"
