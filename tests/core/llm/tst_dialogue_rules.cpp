#include <QTest>

#include "core/llm/dialogue_rules.h"

using namespace aap;

class DialogueRulesTest : public QObject {
    Q_OBJECT

private slots:
    void whatCanBeMendedIs_data();
    void whatCanBeMendedIs();
    void whatCannotIsRefused_data();
    void whatCannotIsRefused();
    void strippingTakesThinkingOfTheOldMessagesOnly();
};

namespace {

/// "u[…]" and "a[…]" lines: role and content.
std::vector<Message> messages(const QByteArray& lines)
{
    std::vector<Message> all;
    for (const auto& line : lines.split('\n'))
        all.push_back({line.startsWith('u') ? Message::Role::User : Message::Role::Assistant, Json::parse(line.mid(1).toStdString())});
    return all;
}

QByteArray lines(const std::vector<Message>& all)
{
    QByteArrayList text;
    for (const auto& message : all)
        text << (message.role == Message::Role::User ? "u" : "a") + QByteArray::fromStdString(message.content.dump());
    return text.join('\n');
}

const QByteArray kHi = R"(u[{"type":"text","text":"hi"}])";
const QByteArray kCall = R"(a[{"type":"tool_use","id":"t1","name":"x","input":{}}])";
const QByteArray kAnswer = R"(u[{"type":"tool_result","tool_use_id":"t1","content":"ok"}])";

} // namespace

void DialogueRulesTest::whatCanBeMendedIs_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("sent");
    const auto dialogue = QByteArray(kHi + "\n" + kCall + "\n" + kAnswer);
    QTest::newRow("nothing to mend") << dialogue << dialogue;
    QTest::newRow("neighbours are merged") << QByteArray(R"(u[{"type":"text","text":"a"}])" "\n" R"(u[{"type":"text","text":"b"}])")
                                           << QByteArray(R"(u[{"type":"text","text":"a"},{"type":"text","text":"b"}])");
    QTest::newRow("results come first") << QByteArray(kHi + "\n" + kCall + "\n" R"(u[{"type":"text","text":"also"},{"type":"tool_result","tool_use_id":"t1","content":"ok"}])")
                                        << QByteArray(kHi + "\n" + kCall + "\n" R"(u[{"type":"tool_result","tool_use_id":"t1","content":"ok"},{"type":"text","text":"also"}])");
    QTest::newRow("also after merging") << QByteArray(kHi + "\n" + kCall + "\n" R"(u[{"type":"text","text":"also"}])" "\n" + kAnswer)
                                        << QByteArray(kHi + "\n" + kCall + "\n" R"(u[{"type":"tool_result","tool_use_id":"t1","content":"ok"},{"type":"text","text":"also"}])");
    QTest::newRow("empty texts of the user go") << QByteArray(R"(u[{"type":"text","text":""},{"type":"text","text":"a"}])") << QByteArray(R"(u[{"type":"text","text":"a"}])");
    QTest::newRow("those of the assistant stay") << QByteArray(kHi + "\n" R"(a[{"type":"text","text":""}])" "\n" + kHi)
                                                 << QByteArray(kHi + "\n" R"(a[{"type":"text","text":""}])" "\n" + kHi);
    QTest::newRow("an empty turn is left out") << QByteArray(kHi + "\na[]\n" + kHi) << QByteArray(R"(u[{"type":"text","text":"hi"},{"type":"text","text":"hi"}])");
    for (const char* nothing : {"\"\"", "[]", "null"})
        QTest::addRow("empty result %s", nothing) << QByteArray(kHi + "\n" + kCall + "\n" R"(u[{"type":"tool_result","tool_use_id":"t1","content":)" + nothing + "}]")
                                                  << QByteArray(kHi + "\n" + kCall + "\n" R"x(u[{"type":"tool_result","tool_use_id":"t1","content":"(no output)"}])x");
    QTest::newRow("a result without content") << QByteArray(kHi + "\n" + kCall + "\n" R"(u[{"type":"tool_result","tool_use_id":"t1"}])")
                                              << QByteArray(kHi + "\n" + kCall + "\n" R"x(u[{"type":"tool_result","tool_use_id":"t1","content":"(no output)"}])x");
    QTest::newRow("signed thinking stays") << QByteArray(kHi + "\n" R"(a[{"type":"thinking","thinking":"","signature":"s"}])" "\n" + kHi)
                                           << QByteArray(kHi + "\n" R"(a[{"type":"thinking","thinking":"","signature":"s"}])" "\n" + kHi);
    QTest::newRow("another provider's thinking goes") << QByteArray(kHi + "\n" R"(a[{"type":"thinking","thinking":"x"},{"type":"text","text":"y"}])" "\n" + kHi)
                                                      << QByteArray(kHi + "\n" R"(a[{"type":"text","text":"y"}])" "\n" + kHi);
    const QByteArray paused(kHi + "\n" R"(a[{"type":"server_tool_use","id":"s1"}])");
    QTest::newRow("a paused turn may come last") << paused << paused;
}

void DialogueRulesTest::whatCanBeMendedIs()
{
    QFETCH(const QByteArray, given);
    const auto sent = obeyDialogueRules(messages(given));
    QVERIFY2(sent, sent.has_value() ? "" : sent.error().text().c_str());
    QTEST(lines(*sent), "sent");
}

void DialogueRulesTest::whatCannotIsRefused_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("mention");
    QTest::newRow("the assistant begins") << QByteArray(R"(a[{"type":"text","text":"x"}])" "\n" + kHi) << QByteArray("begins with the user");
    QTest::newRow("nothing is said") << QByteArray(R"(u[{"type":"text","text":""}])") << QByteArray("begins with the user");
    QTest::newRow("a prefill") << QByteArray(kHi + "\n" R"(a[{"type":"text","text":"x"}])") << QByteArray("ends with the user");
    QTest::newRow("a call at the end") << QByteArray(kHi + "\n" + kCall) << QByteArray("t1 has no answer");
    QTest::newRow("a call that is passed over") << QByteArray(kHi + "\n" + kCall + "\n" + kHi) << QByteArray("messages[2]: the tool call t1 has no answer");
    QTest::newRow("an answer too late") << QByteArray(kHi + "\n" + kCall + "\n" + kHi + "\n" R"(a[{"type":"text","text":"x"}])" "\n" + kAnswer) << QByteArray("has no answer");
    QTest::newRow("an answer to nobody") << QByteArray(kHi + "\n" R"(a[{"type":"text","text":"x"}])" "\n" + kAnswer) << QByteArray("did not make");
    QTest::newRow("an id in two turns") << QByteArray(kHi + "\n" + kCall + "\n" + kAnswer + "\n" + kCall + "\n" + kAnswer) << QByteArray("t1 is used twice");
    QTest::newRow("an id twice in one turn") << QByteArray(kHi + "\n" R"(a[{"type":"tool_use","id":"t1"},{"type":"tool_use","id":"t1"}])" "\n" + kAnswer) << QByteArray("t1 is used twice");
}

void DialogueRulesTest::whatCannotIsRefused()
{
    QFETCH(const QByteArray, given);
    QFETCH(const QByteArray, mention);
    const auto sent = obeyDialogueRules(messages(given));
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, ErrorCode::Invalid);
    QVERIFY2(QByteArray::fromStdString(sent.error().text()).contains(mention), sent.error().text().c_str());
}

void DialogueRulesTest::strippingTakesThinkingOfTheOldMessagesOnly()
{
    const QByteArray thought = R"(a[{"type":"redacted_thinking","data":"d"},{"type":"thinking","thinking":"","signature":"s"},{"type":"text","text":"x"}])";
    auto dialogue = messages(kHi + "\n" + thought + "\n" + kHi + "\n" + thought + "\n" + kHi);
    stripThinking(dialogue, 3);
    QCOMPARE(lines(dialogue), QByteArray(kHi + "\n" R"(a[{"type":"text","text":"x"}])" "\n" + kHi + "\n" + thought + "\n" + kHi));
    stripThinking(dialogue, 99);
    QVERIFY(!lines(dialogue).contains("thinking"));
}

QTEST_GUILESS_MAIN(DialogueRulesTest)
#include "tst_dialogue_rules.moc"
