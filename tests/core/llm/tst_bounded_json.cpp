#include <QTest>

#include "core/base/secret.h"
#include "core/llm/api_usage.h"
#include "core/llm/bounded_json.h"

using namespace aap;

class BoundedJsonTest : public QObject {
    Q_OBJECT

private slots:
    void strangersJson_data();
    void strangersJson();
    void membersThatAreNotThereAreNull();
    void usageFiguresReplaceAndNullsDoNot();
    void keysAreTrimmedMaskedAndChecked();
};

namespace {

QByteArray object(int members)
{
    QByteArray text = "{";
    for (int i = 0; i < members; ++i)
        text += (i ? ",\"k" : "\"k") + QByteArray::number(i) + "\":0";
    return text + "}";
}

} // namespace

void BoundedJsonTest::strangersJson_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("an object") << QByteArray(R"({"a": [1, "}]{[", 2.5]})") << true;
    QTest::newRow("200 levels") << QByteArray(200, '[') + QByteArray(200, ']') << true;
    QTest::newRow("201 levels") << QByteArray(201, '[') + QByteArray(201, ']') << false;
    QTest::newRow("100 000 levels, never closed") << QByteArray(100'000, '[') << false;
    QTest::newRow("brackets inside a string") << '"' + QByteArray(1000, '[') + '"' << true;
    QTest::newRow("brackets after an escaped quote") << "\"\\\"" + QByteArray(1000, '{') + '"' << true;
    QTest::newRow("many members") << object(10'000) << true;
    QTest::newRow("too many members") << object(10'001) << false;
    QTest::newRow("a long list is fine") << '[' + QByteArray("0,").repeated(50'000) + "0]" << true;
    QTest::newRow("a number out of range") << QByteArray("1e9999") << false;
    QTest::newRow("a lone surrogate") << QByteArray(R"("\ud83d")") << false;
    QTest::newRow("invalid UTF-8") << QByteArray("\"\xff\"") << false;
    QTest::newRow("text after the value") << QByteArray("{} {}") << false;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("only closing brackets") << QByteArray("]]}}") << false;
}

void BoundedJsonTest::strangersJson()
{
    QFETCH(const QByteArray, text);
    QTEST(!parseBounded(text.toStdString()).is_discarded(), "accepted");
}

void BoundedJsonTest::membersThatAreNotThereAreNull()
{
    const auto json = parseBounded(R"({"name": "x", "n": 1})");
    QCOMPARE(stringIn(json, "name"), std::string("x"));
    QCOMPARE(stringIn(json, "n"), std::string());
    QVERIFY(memberOf(memberOf(json, "absent"), "deeper").is_null());
}

void BoundedJsonTest::usageFiguresReplaceAndNullsDoNot()
{
    Usage usage;
    updateFromApi(usage, parseBounded(R"({"input_tokens": 3, "cache_creation_input_tokens": 812, "cache_read_input_tokens": 5120,
        "cache_creation": {"ephemeral_5m_input_tokens": 800, "ephemeral_1h_input_tokens": 12}, "output_tokens": 1})"));
    updateFromApi(usage, parseBounded(R"({"output_tokens": 71, "input_tokens": null, "cache_read_input_tokens": -4})"));
    QVERIFY((usage == Usage{.inputTokens = 3, .outputTokens = 71, .cacheReadTokens = 5120, .cacheWriteTokens = 800, .cacheWrite1hTokens = 12}));
    Usage again;
    updateFromApi(again, toApi(usage));
    QVERIFY(again == usage);
    updateFromApi(usage, parseBounded(R"({"output_tokens": 18446744073709551615})"));
    QVERIFY(usage.totalTokens() > 0); // a server's nonsense does not overflow our sums
}

void BoundedJsonTest::keysAreTrimmedMaskedAndChecked()
{
    const ApiKey key(" sk-ant-api03-abcdefgh\r\n");
    QCOMPARE(key.reveal(), std::string("sk-ant-api03-abcdefgh"));
    QCOMPARE(key.masked(), std::string("…efgh"));
    QVERIFY(key.isUsable());
    QCOMPARE(ApiKey("short").masked(), std::string("…"));
    QVERIFY(!ApiKey("two\r\nx-injected: lines").isUsable());
    QVERIFY(ApiKey(" \n").isEmpty());
    ApiKey moved = key;
    ApiKey target("another");
    target = std::move(moved);
    QCOMPARE(target.reveal(), key.reveal());
}

QTEST_GUILESS_MAIN(BoundedJsonTest)
#include "tst_bounded_json.moc"
