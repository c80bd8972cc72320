#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/llm/prices.h"

using namespace aap;

namespace {

Prices bundled()
{
    return *Prices::load();
}

constexpr std::string_view kOne = R"({"schema": "aap/prices/1", "date": "2027-01-01", "models": [
    {"id": "claude-opus-5-5", "usd": {"input": 1, "output": 2}}, {"id": "mine", "usd": {"input": 3, "output": 4}}]})";

} // namespace

class PricesTest : public QObject {
    Q_OBJECT

private slots:
    void callsCostWhatTheListSays_data();
    void callsCostWhatTheListSays();
    void aWrongFileIsExplained_data();
    void aWrongFileIsExplained();
    void retiredModelsHaveASuccessorThatIsKnown();
    void limitsAndPlainModelsAreKnown();
    void aFileOfTheUsersReplacesWhatItNames();
    void theCachesSavingsAreKnown();
};

void PricesTest::callsCostWhatTheListSays_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<Usage>("usage");
    QTest::addColumn<qint64>("microUsd");
    const Usage million{.inputTokens = 1'000'000, .outputTokens = 1'000'000, .cacheReadTokens = 1'000'000, .cacheWriteTokens = 1'000'000,
                        .cacheWrite1hTokens = 1'000'000, .calls = 100};
    QTest::newRow("all kinds of tokens") << QByteArray("claude-sonnet-5-5") << million << qint64(18'600'000);
    QTest::newRow("opus") << QByteArray("claude-opus-5-5") << Usage{.outputTokens = 1000, .calls = 1} << qint64(20'000);
    QTest::newRow("less than a millionth is rounded") << QByteArray("claude-haiku-5-5") << Usage{.inputTokens = 7, .calls = 1} << qint64(1);
    QTest::newRow("haiku up to 100K") << QByteArray("claude-haiku-5-5") << Usage{.inputTokens = 100'000, .calls = 1} << qint64(10'000);
    QTest::newRow("haiku above") << QByteArray("claude-haiku-5-5") << Usage{.inputTokens = 100'001, .calls = 1} << qint64(50'001);
    QTest::newRow("haiku, two attempts") << QByteArray("claude-haiku-5-5") << Usage{.inputTokens = 200'000, .calls = 2} << qint64(20'000);
    QTest::newRow("an alias") << QByteArray("claude-haiku-4-5") << Usage{.inputTokens = 1000, .calls = 1} << qint64(1000);
    QTest::newRow("nothing") << QByteArray("claude-opus-5") << Usage{} << qint64(0);
    QTest::newRow("unknown") << QByteArray("qwen3:30b") << million << qint64(-1);
}

void PricesTest::callsCostWhatTheListSays()
{
    QFETCH(const QByteArray, model);
    QFETCH(const Usage, usage);
    const auto cost = bundled().cost(model.toStdString(), usage);
    QTEST(qint64(cost ? cost->microUsd : -1), "microUsd");
}

void PricesTest::aWrongFileIsExplained_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    const auto withModel = [](const QByteArray& model) {
        return QByteArray("{\"schema\": \"aap/prices/1\", \"date\": \"2027-01-01\",\n\"models\": [" + model + "]}");
    };
    QTest::newRow("no JSON") << QByteArray("prices") << QByteArray("JSON");
    QTest::newRow("another schema") << QByteArray("{\"schema\": \"aap/prices/2\", \"date\": \"x\"}") << QByteArray("schema");
    QTest::newRow("no date") << QByteArray("{\"schema\": \"aap/prices/1\"}") << QByteArray("date");
    QTest::newRow("no prices") << withModel("{\"id\": \"a\"}") << QByteArray("models[0].usd is missing");
    QTest::newRow("a negative price") << withModel("{\"id\": \"a\", \"usd\": {\"input\": -1, \"output\": 1}}") << QByteArray("line 2");
    QTest::newRow("half the prices") << withModel("{\"id\": \"a\", \"usd\": {\"input\": 1}}") << QByteArray("usd.output");
    QTest::newRow("a typo") << withModel("{\"id\": \"a\", \"usd\": {\"input\": 1, \"outptu\": 1}}") << QByteArray("did you mean \"output\"");
    QTest::newRow("models are no list") << QByteArray("{\"schema\": \"aap/prices/1\", \"date\": \"x\", \"models\": 1}") << QByteArray("list");
    QTest::newRow("a successor that is a number")
        << QByteArray("{\"schema\": \"aap/prices/1\", \"date\": \"x\", \"successors\": {\"a\": 1}}") << QByteArray("successors.a");
}

void PricesTest::aWrongFileIsExplained()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, says);
    const auto prices = Prices::parse(text.toStdString(), "prices.json");
    QVERIFY(!prices);
    QVERIFY2(prices.error().detail.find(says.toStdString()) != std::string::npos, prices.error().detail.c_str());
}

void PricesTest::retiredModelsHaveASuccessorThatIsKnown()
{
    const auto prices = bundled();
    QCOMPARE(prices.successorOf("claude-sonnet-4-20250514"), std::optional<std::string>("claude-sonnet-5-5"));
    QVERIFY(!prices.successorOf("claude-sonnet-5-5"));
    for (const auto* id : {"claude-sonnet-4-20250514", "claude-opus-4-20250514", "claude-3-haiku-20240307"})
        QVERIFY2(prices.find(*prices.successorOf(id)), id);
}

void PricesTest::limitsAndPlainModelsAreKnown()
{
    const auto prices = bundled();
    QCOMPARE(prices.contextTokens("claude-sonnet-5-5"), 1'000'000);
    QCOMPARE(prices.contextTokens("claude-sonnet-4-5"), 200'000);
    QCOMPARE(prices.contextTokens("qwen3:30b"), 0);
    QCOMPARE(prices.find("claude-haiku-5-5")->maxOutputTokens, 128'000);
    QVERIFY(prices.plainModels().contains("claude-haiku-4-5"));
    QVERIFY(!prices.plainModels().contains("claude-opus-4-6"));
    QCOMPARE(prices.models().size(), 13U);
}

void PricesTest::aFileOfTheUsersReplacesWhatItNames()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("prices.json")).toStdString();
    QVERIFY(Prices::load(path)); // not there: no error
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kOne.data(), qint64(kOne.size()));
    file.close();
    const auto prices = Prices::load(path);
    QVERIFY(prices);
    QCOMPARE(prices->cost("claude-opus-5-5", {.cacheReadTokens = 10})->microUsd, 10); // no cache price: as input
    QCOMPARE(prices->cost("mine", {.outputTokens = 10})->microUsd, 40);
    QCOMPARE(prices->cost("claude-sonnet-5-5", {.outputTokens = 10})->microUsd, 100);
    QCOMPARE(prices->date(), std::string("2027-01-01"));
    file.resize(5);
    QVERIFY(!Prices::load(path));
}

void PricesTest::theCachesSavingsAreKnown()
{
    const auto prices = Prices::parse(R"({"schema": "aap/prices/1", "date": "2026-11-22", "models": [{"id": "m", "usd":
        {"input": 2, "output": 10, "cache_write": 2.5, "cache_write_1h": 4, "cache_read": 0.1}}]})", "prices.json");
    QVERIFY(prices);
    QCOMPARE(prices->savedByCache("m", {.inputTokens = 5, .outputTokens = 7, .cacheReadTokens = 1000, .calls = 1})->microUsd, 1900);
    QCOMPARE(prices->savedByCache("m", {.cacheWriteTokens = 1000, .calls = 1})->microUsd, -500); // written and never read
    QVERIFY(!prices->savedByCache("unknown", {.cacheReadTokens = 1}));
}

QTEST_GUILESS_MAIN(PricesTest)
#include "tst_prices.moc"
