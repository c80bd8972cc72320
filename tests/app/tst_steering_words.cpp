#include <QTest>

#include "app/cli/steering_words.h"

using namespace aap;

/// What people type while a run goes.
class SteeringWordsTest : public QObject {
    Q_OBJECT

private slots:
    void limitsAreRead_data();
    void limitsAreRead();
    void stagesAreRead_data();
    void stagesAreRead();
};

void SteeringWordsTest::limitsAreRead_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("read"); // "stage limit number"; empty: none
    QTest::newRow("money") << QByteArray("usd 8.5") << QByteArray("- usd 8.5");
    QTest::newRow("blanks") << QByteArray("  turns \t 40 \r") << QByteArray("- turns 40");
    QTest::newRow("of a stage") << QByteArray("coding turns 40") << QByteArray("coding turns 40");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
    QTest::newRow("no number") << QByteArray("usd") << QByteArray("");
    QTest::newRow("a word") << QByteArray("usd many") << QByteArray("");
    QTest::newRow("a number and a bit") << QByteArray("usd 8x") << QByteArray("");
    QTest::newRow("nothing at all") << QByteArray("usd 0") << QByteArray("");
    QTest::newRow("less than nothing") << QByteArray("usd -1") << QByteArray("");
    QTest::newRow("without end") << QByteArray("usd inf") << QByteArray("");
    QTest::newRow("not a number") << QByteArray("usd nan") << QByteArray("");
    QTest::newRow("too many words") << QByteArray("usd 8 now") << QByteArray("");
    QTest::newRow("unknown limit") << QByteArray("euro 8") << QByteArray("");
    QTest::newRow("only a stage") << QByteArray("coding") << QByteArray("");
}

void SteeringWordsTest::limitsAreRead()
{
    QFETCH(const QByteArray, line);
    const auto typed = parseTypedLimit(line.toStdString());
    const auto read = typed ? fmt::format("{} {} {:g}", typed->stage ? slug(*typed->stage) : "-", typed->raised.limit, typed->raised.to) : std::string();
    QTEST(QByteArray::fromStdString(read), "read");
    QVERIFY(typed || !typed.error().remedy.empty());
}

void SteeringWordsTest::stagesAreRead_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("read"); // "stage|rest"
    QTest::newRow("a stage and words") << QByteArray("architecture use a map ") << QByteArray("architecture|use a map");
    QTest::newRow("words only") << QByteArray("use a map") << QByteArray("coding|use a map");
    QTest::newRow("nothing") << QByteArray(" ") << QByteArray("coding|");
}

void SteeringWordsTest::stagesAreRead()
{
    QFETCH(const QByteArray, line);
    const auto typed = parseTypedStage(line.toStdString(), StageId::Coding);
    QTEST(QByteArray::fromStdString(fmt::format("{}|{}", slug(*typed.stage), typed.rest)), "read");
}

QTEST_GUILESS_MAIN(SteeringWordsTest)
#include "tst_steering_words.moc"
