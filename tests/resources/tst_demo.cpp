#include <QTest>

#include "core/domain/contracts.h"
#include "core/domain/stage.h"
#include "core/llm/recording.h"
#include "core/pipeline/intake.h"

using namespace aap;

/// The bundled demo as the program carries it inside itself; check_demo.py tells whether the story in it holds.
class DemoTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void saysThatNoModelIsCalled();
    void theRequirementsAreTheTenMeant();
    void everyDocumentHandedInMeetsItsContract();
    void everyTurnHasItsTokens();

private:
    Recording m_demo;
};

void DemoTest::initTestCase()
{
    auto read = loadRecording(":/demo/recording.json");
    QVERIFY2(bool(read), read ? "" : read.error().text().c_str());
    m_demo = *std::move(read);
}

void DemoTest::saysThatNoModelIsCalled()
{
    QCOMPARE(m_demo.label.c_str(), "Recorded replies, no model is called");
}

void DemoTest::theRequirementsAreTheTenMeant()
{
    const auto intake = takeIn(m_demo.requirements);
    QVERIFY2(bool(intake), intake ? "" : intake.error().text().c_str());
    QVERIFY(!firstLostLine(m_demo.requirements, *intake));
    QCOMPARE(intake->requirements["kind"].get<std::string>().c_str(), "service");
    const Json& items = intake->requirements["items"];
    QCOMPARE(items.size(), 10U);
    for (std::size_t i = 0; i < items.size(); ++i) {
        QCOMPARE(items[i]["id"].get<std::string>(), "R" + std::to_string(i + 1));
        QCOMPARE(items[i]["priority"].get<std::string>().c_str(), i < 9 ? "must" : "should");
    }
    QVERIFY2(!intake->requirements.contains("questions") || intake->requirements["questions"].empty(),
             intake->requirements.dump(2).c_str());
}

void DemoTest::everyDocumentHandedInMeetsItsContract()
{
    int handedIn = 0;
    for (const auto& turn : m_demo.turns) {
        for (const auto& block : turn.content) {
            if (block.value("name", "") != "submit_result")
                continue;
            const auto stage = parseStage(turn.stage);
            QVERIFY(stage);
            const auto errors = contractErrors(block["input"], contractOf(*stage));
            QVERIFY2(errors.empty(), (turn.stage + ": " + (errors.empty() ? "" : errors.front())).c_str());
            ++handedIn;
        }
    }
    QCOMPARE(handedIn, 6); // five stages, and Coding's repair
}

void DemoTest::everyTurnHasItsTokens()
{
    for (const auto& turn : m_demo.turns) {
        QVERIFY(turn.usage.outputTokens > 0);
        QVERIFY(turn.usage.promptTokens() > 1000);
    }
}

QTEST_APPLESS_MAIN(DemoTest)
#include "tst_demo.moc"
