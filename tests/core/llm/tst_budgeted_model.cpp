#include <QTest>

#include "core/llm/budgeted_model.h"
#include "core/llm/priced_model.h"
#include "core/llm/token_estimate.h"
#include "tests/support/scripted_model.h"

using namespace aap;

namespace {

Prices prices()
{
    return *Prices::parse(R"({"schema": "aap/prices/1", "date": "2026-11-22", "models": [{"id": "paid", "usd":
        {"input": 2, "output": 10, "cache_write": 2.5, "cache_write_1h": 4, "cache_read": 0.1}}]})", "prices.json");
}

ModelReply replyCosting(Usage usage)
{
    auto reply = replyOf({said("ok")});
    reply.usage = usage;
    reply.usage.calls = std::max<std::int64_t>(1, usage.calls);
    return reply;
}

ModelRequest request(std::size_t characters = 300)
{
    return {.model = "paid", .messages = {Message::user(std::string(characters, 'x'))}};
}

/// Priced and budgeted, over a script.
struct Chain {
    explicit Chain(std::vector<Budget*> budgets) : budgeted(priced, std::move(budgets), list, [this](const std::string& text) { warnings.push_back(text); }) {}

    Prices list = prices();
    ScriptedModel model;
    PricedModel priced{model, list};
    std::vector<std::string> warnings;
    BudgetedModel budgeted;
};

} // namespace

class BudgetedModelTest : public QObject {
    Q_OBJECT

private slots:
    void aCallThatWouldGoBeyondIsNotMade_data();
    void aCallThatWouldGoBeyondIsNotMade();
    void repliesArePricedAndBooked();
    void lostTokensArePricedAndBooked();
    void eightyPerCentIsSaidOnce();
    void oneBudgetServesManyModels();
    void theEstimateKnowsTheLastPrompt();
    void picturesAreNotCountedByTheirEncoding();
    void aRaisedLimitLetsTheNextCallThrough_data();
    void aRaisedLimitLetsTheNextCallThrough();
    void timeStoodStillDoesNotCount();
};

void BudgetedModelTest::aCallThatWouldGoBeyondIsNotMade_data()
{
    QTest::addColumn<Limits>("limits");
    QTest::addColumn<Spending>("before");
    QTest::addColumn<QByteArray>("setting"); // empty: allowed
    QTest::newRow("no limits") << Limits{} << Spending{.cost = Money::usd(1000)} << QByteArray();
    QTest::newRow("money") << Limits{.money = Money::usd(1)} << Spending{.cost = Money::usd(0.995)} << QByteArray("budget.run_usd");
    QTest::newRow("money enough") << Limits{.money = Money::usd(1)} << Spending{.cost = Money::usd(0.98)} << QByteArray();
    QTest::newRow("no money at all") << Limits{.money = Money()} << Spending{} << QByteArray("budget.run_usd");
    QTest::newRow("tokens") << Limits{.tokens = 10'000} << Spending{.usage = {.inputTokens = 9500}} << QByteArray("budget.run_tokens");
    QTest::newRow("tokens enough") << Limits{.tokens = 10'000} << Spending{.usage = {.inputTokens = 8500}} << QByteArray();
    QTest::newRow("calls") << Limits{.calls = 3} << Spending{.usage = {.calls = 3}} << QByteArray("budget.run_calls");
    QTest::newRow("the last call") << Limits{.calls = 3} << Spending{.usage = {.calls = 2}} << QByteArray();
    QTest::newRow("time") << Limits{.wallTime = Milliseconds(60'000)} << Spending{.time = Milliseconds(60'000)} << QByteArray("budget.run_minutes");
    QTest::newRow("time enough") << Limits{.wallTime = Milliseconds(3'600'000)} << Spending{.time = Milliseconds(60'000)} << QByteArray();
}

void BudgetedModelTest::aCallThatWouldGoBeyondIsNotMade()
{
    QFETCH(const Limits, limits);
    QFETCH(const Spending, before);
    QFETCH(const QByteArray, setting);
    Budget budget("run", limits, before);
    Chain chain({&budget});
    chain.model.add(replyCosting({.inputTokens = 100}));
    const auto reply = chain.budgeted.reply(request(), {}, {});
    QCOMPARE(bool(reply), setting.isEmpty());
    QCOMPARE(chain.model.asked.size(), setting.isEmpty() ? 1U : 0U);
    if (reply)
        return;
    QCOMPARE(reply.error().code, ErrorCode::Limit);
    QVERIFY2(reply.error().remedy.find(setting.toStdString()) != std::string::npos, reply.error().remedy.c_str());
    QVERIFY2(reply.error().detail.find("budget of the run") != std::string::npos, reply.error().detail.c_str());
}

void BudgetedModelTest::repliesArePricedAndBooked()
{
    Budget run("run", {});
    Budget stage("stage", {});
    Chain chain({&run, &stage});
    chain.model.add(replyCosting({.inputTokens = 1000, .outputTokens = 100, .cacheReadTokens = 10'000}));
    const auto reply = chain.budgeted.reply(request(), {}, {});
    QCOMPARE(reply->cost.microUsd, 4000);
    QCOMPARE(run.cost().microUsd, 4000);
    QCOMPARE(stage.usage().totalTokens(), 11'100);

    auto local = replyCosting({.inputTokens = 1000});
    local.model = "qwen3:30b";
    chain.model.add(std::move(local));
    auto asked = request();
    asked.model = "qwen3:30b";
    QCOMPARE(chain.budgeted.reply(asked, {}, {})->cost.microUsd, 0);
}

void BudgetedModelTest::lostTokensArePricedAndBooked()
{
    Budget run("run", {});
    Chain chain({&run});
    const auto fails = [](const ModelRequest&, const ReplyListener& listener) -> Result<ModelReply> {
        listener.lost(Usage{.inputTokens = 500, .calls = 1}, {});
        return Error{ErrorCode::Unavailable, "cut"};
    };
    chain.model.add(ScriptedModel::Line(fails));
    chain.model.add(ScriptedModel::Line(fails));
    Money told;
    ReplyListener listener;
    listener.lost = [&](const Usage&, Money cost) { told += cost; };
    QCOMPARE(chain.budgeted.reply(request(), listener, {}).error().code, ErrorCode::Unavailable);
    QCOMPARE(told.microUsd, 1000);
    QCOMPARE(run.usage().inputTokens, 500);
    QVERIFY(!chain.budgeted.reply(request(), {}, {})); // nobody listens: booked all the same
    QCOMPARE(run.usage().inputTokens, 1000);
}

void BudgetedModelTest::eightyPerCentIsSaidOnce()
{
    Budget run("run", {.money = Money::usd(10), .calls = 5});
    Chain chain({&run});
    for (int call = 0; call < 5; ++call)
        chain.model.add(replyCosting({.outputTokens = 100}));
    for (int call = 0; call < 3; ++call)
        QVERIFY(chain.budgeted.reply(request(), {}, {}));
    QVERIFY(chain.warnings.empty());
    QVERIFY(chain.budgeted.reply(request(), {}, {}));
    QCOMPARE(chain.warnings, std::vector<std::string>{"The run has used 4 calls of its 5 calls (budget.run_calls)."});
    QVERIFY(chain.budgeted.reply(request(), {}, {}));
    QCOMPARE(chain.warnings.size(), 1U);

    Budget resumed("run", {.calls = 5}, {.usage = {.calls = 4}});
    QVERIFY(resumed.newWarnings().empty());
}

void BudgetedModelTest::oneBudgetServesManyModels()
{
    Budget run("run", {.calls = 2});
    Budget coding("stage", {});
    Budget testing("stage", {.calls = 1});
    Chain first({&run, &coding});
    first.model.add(replyCosting({}));
    QVERIFY(first.budgeted.reply(request(), {}, {}));
    Chain second({&run, &testing});
    second.model.add(replyCosting({}));
    QVERIFY(second.budgeted.reply(request(), {}, {}));
    const auto third = second.budgeted.reply(request(), {}, {});
    QVERIFY(third.error().remedy.find("budget.run_calls") != std::string::npos); // the first that says no
    QCOMPARE(run.usage().calls, 2);
    QCOMPARE(coding.usage().calls, 1);
}

void BudgetedModelTest::theEstimateKnowsTheLastPrompt()
{
    // 100 000 tokens of prompt come from the cache: 0.01 $, not 0.20 $.
    Budget run("run", {.money = Money::usd(0.1)});
    Chain chain({&run});
    chain.model.add(replyCosting({.outputTokens = 10, .cacheReadTokens = 100'000}));
    chain.model.add(replyCosting({.outputTokens = 10, .cacheReadTokens = 100'000}));
    auto asked = request();
    QVERIFY(chain.budgeted.reply(asked, {}, {}));
    asked.messages.push_back({Message::Role::Assistant, Json::array({said("ok")})});
    asked.messages.push_back(Message::user("go on"));
    QVERIFY(chain.budgeted.reply(asked, {}, {}));

    Budget tokens("run", {.tokens = 150'000});
    Chain growing({&tokens});
    growing.model.add(replyCosting({.inputTokens = 100'000}));
    growing.model.add(replyCosting({.inputTokens = 100}));
    QVERIFY(growing.budgeted.reply(request(), {}, {}));
    QCOMPARE(growing.budgeted.reply(asked, {}, {}).error().code, ErrorCode::Limit); // the same prompt once more is too much
    QVERIFY(growing.budgeted.reply(request(), {}, {}));                            // a new conversation is not
}

void BudgetedModelTest::picturesAreNotCountedByTheirEncoding()
{
    const Json picture{{"type", "image"}, {"source", {{"type", "base64"}, {"data", std::string(1'000'000, 'A')}}}};
    QVERIFY(estimatedTokens(picture) < 2000);
    QVERIFY(estimatedTokens(Json(std::string(3000, 'x'))) >= 1000);
    auto asked = request(30);
    asked.system = std::string(3000, 's');
    QVERIFY(estimatedTokens(asked) > 1000);
    QVERIFY(estimatedTokens(asked, 1) == 0);
}

void BudgetedModelTest::aRaisedLimitLetsTheNextCallThrough_data()
{
    QTest::addColumn<QByteArray>("limit");
    QTest::addColumn<double>("to");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("money") << QByteArray("usd") << 5.0 << true;
    QTest::newRow("tokens") << QByteArray("tokens") << 1e6 << true;
    QTest::newRow("calls") << QByteArray("calls") << 9.0 << true;
    QTest::newRow("time") << QByteArray("minutes") << 60.0 << true;
    QTest::newRow("not enough") << QByteArray("calls") << 1.0 << false;
    QTest::newRow("another word") << QByteArray("turns") << 99.0 << false;
}

void BudgetedModelTest::aRaisedLimitLetsTheNextCallThrough()
{
    QFETCH(const QByteArray, limit);
    QFETCH(const double, to);
    QFETCH(const bool, allowed);
    Limits limits;
    if (limit == "usd")
        limits.money = Money::usd(1);
    else if (limit == "tokens")
        limits.tokens = 10;
    else if (limit == "minutes")
        limits.wallTime = Milliseconds(1000);
    else
        limits.calls = 1;
    Budget budget("run", limits, {.usage = {.inputTokens = 10, .calls = 1}, .cost = Money::usd(1), .time = Milliseconds(2000)});
    const Usage next{.inputTokens = 100, .calls = 1};
    QVERIFY(!budget.allows(next, Money::usd(0.5)));
    budget.raise(limit.toStdString(), to);
    QCOMPARE(bool(budget.allows(next, Money::usd(0.5))), allowed);
}

void BudgetedModelTest::timeStoodStillDoesNotCount()
{
    Budget budget("run", {.wallTime = Milliseconds(60'000)}, {.time = Milliseconds(60'000)});
    QVERIFY(!budget.allows({}, {}));
    budget.pardon(Milliseconds(30'000));
    QVERIFY(budget.allows({}, {}));
}

QTEST_GUILESS_MAIN(BudgetedModelTest)
#include "tst_budgeted_model.moc"
