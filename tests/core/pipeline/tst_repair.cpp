#include <QTest>

#include "core/domain/contracts.h"
#include "core/pipeline/repair.h"

using namespace aap;

namespace {

TestEvidence failing(const std::vector<std::pair<std::string, std::string>>& tests)
{
    TestEvidence evidence{.argv = {"python3", "-m", "pytest"}, .exitCode = 1, .log = "stages/3-testing/checks/tests.log"};
    evidence.cases.push_back({.id = "t::good", .passed = true});
    for (const auto& [id, message] : tests)
        evidence.cases.push_back({.id = id, .message = message, .excerpt = "E   " + message, .frames = {"todo/storage.py:12"}});
    return evidence;
}

} // namespace

/// What a repair round is told, and when the rounds end.
class RepairTest : public QObject {
    Q_OBJECT

private slots:
    void aSignatureForgetsWhatDiffersByChance_data();
    void aSignatureForgetsWhatDiffersByChance();
    void theDocumentFulfilsItsContract();
    void aLongOutputKeepsItsEnd();
    void roundsEndWhenTheyDoNotHelp();
};

void RepairTest::aSignatureForgetsWhatDiffersByChance_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::addColumn<bool>("same");
    QTest::newRow("another port") << QByteArray("refused on port 40123") << QByteArray("refused on port 51234") << true;
    QTest::newRow("another address") << QByteArray("<Todo at 0x7f00aa>") << QByteArray("<Todo at 0x7fffbb>") << true;
    QTest::newRow("another temporary folder") << QByteArray("no file '/tmp/pytest-1/a.db'") << QByteArray("no file '/tmp/pytest-22/b.db'") << true;
    QTest::newRow("only the first line counts") << QByteArray("assert a\nmore") << QByteArray("assert a\nless") << true;
    QTest::newRow("another failure") << QByteArray("assert a == b") << QByteArray("KeyError: a") << false;
}

void RepairTest::aSignatureForgetsWhatDiffersByChance()
{
    QFETCH(const QByteArray, one);
    QFETCH(const QByteArray, other);
    const auto signature = [](const char* id, const QByteArray& message) { return failureSignature({.id = id, .message = message.toStdString()}); };
    QTEST(signature("t::a", one) == signature("t::a", other), "same");
    QVERIFY(signature("t::a", one) != signature("t::b", one));
}

void RepairTest::theDocumentFulfilsItsContract()
{
    const Json report = {{"covers", Json::array({{{"requirement", "R6"}, {"tests", {"t::a", "t::c"}}}})},
                         {"failures", Json::array({{{"test", "t::a"}, {"blame", "code"}, {"why", "x"}, {"requirements", {"R7"}}}})}};
    const auto document = repairDocument(failing({{"t::a[1]", "assert 200 == 404"}}), report,
                                         {.round = 2, .maxRounds = 3, .frozen = {"tests"}, .since = "M todo/storage.py", .tried = {"round 1: changed nothing that helped"}});
    const auto errors = contractErrors(document, "repair");
    QVERIFY2(errors.empty(), errors.empty() ? "" : errors.front().c_str());
    QCOMPARE(document.at("failures").size(), 1U);
    QCOMPARE(document.at("failures").at(0).at("requirements").dump(), std::string(R"(["R6","R7"])"));
}

void RepairTest::aLongOutputKeepsItsEnd()
{
    auto evidence = failing({{"t::a", "boom"}});
    evidence.cases.back().excerpt.clear();
    for (int i = 0; i < 5000; ++i)
        evidence.cases.back().excerpt += "ä";
    evidence.cases.back().excerpt += " the end";
    const auto document = repairDocument(evidence, Json::object(), {.frozen = {}});
    const auto excerpt = document.at("failures").at(0).at("excerpt").get<std::string>();
    QVERIFY(excerpt.size() <= 8192);
    QVERIFY(excerpt.ends_with(" the end"));
    QVERIFY(excerpt.starts_with("ä"));
}

void RepairTest::roundsEndWhenTheyDoNotHelp()
{
    RepairHistory history;
    history.add(failing({{"t::a", "x"}, {"t::b", "y"}}), "c1");
    QVERIFY(!history.whyStop());
    history.add(failing({{"t::a", "x"}}), "c2");
    QVERIFY(!history.whyStop());
    QCOMPARE(history.bestCommit(), std::string("c2"));
    history.add(failing({{"t::a", "x"}}), "c3");
    QVERIFY(history.whyStop()->find("same tests") != std::string::npos);

    RepairHistory worse;
    worse.add(failing({{"t::a", "x"}}), "c1");
    worse.add(failing({{"t::a", "x"}, {"t::b", "y"}}), "c2");
    QVERIFY(!worse.whyStop());
    worse.add(failing({{"t::a", "x"}, {"t::b", "y"}, {"t::c", "z"}}), "c3");
    QVERIFY(worse.whyStop()->find("more tests") != std::string::npos);
    QCOMPARE(worse.bestCommit(), std::string("c1"));

    RepairHistory idle;
    idle.add(failing({{"t::a", "x"}}), "c1");
    idle.add(failing({{"t::a", "other"}}), "c1");
    QVERIFY(idle.whyStop()->find("no file") != std::string::npos);
}

QTEST_GUILESS_MAIN(RepairTest)
#include "tst_repair.moc"
