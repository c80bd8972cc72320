#include <QTest>

#include "core/pipeline/test_blame.h"

using namespace aap;

/// Who has to act when tests fail.
class TestBlameTest : public QObject {
    Q_OBJECT

private slots:
    void theRightOneHasToAct_data();
    void theRightOneHasToAct();
    void onlyWhatFailedIsFailing();
    void anAcceptedReportHasNothingFailing();
};

namespace {

TestEvidence evidenceOf(const std::vector<std::string>& failing)
{
    TestEvidence evidence;
    evidence.cases.push_back({.id = "tests/test_a.py::test_good", .passed = true});
    evidence.cases.push_back({.id = "tests/test_a.py::test_later", .skipped = true});
    for (const auto& id : failing)
        evidence.cases.push_back({.id = id});
    return evidence;
}

Json reportWith(const std::vector<std::pair<std::string, std::string>>& blames, const std::string& verdict = "repair")
{
    Json failures = Json::array();
    for (const auto& [test, blame] : blames)
        failures.push_back({{"test", test}, {"blame", blame}, {"why", "expected 404, saw 200"}});
    return {{"schema", "aap/testreport/1"}, {"verdict", verdict}, {"covers", Json::array()}, {"failures", failures}};
}

const Check kTestsFail{.id = "testing.tests-pass", .status = CheckStatus::Failed};
const Check kHashesDiffer{.id = "testing.only-tests-changed", .status = CheckStatus::Failed};
const Check kShouldOnly{.id = "testing.mutants", .must = false, .status = CheckStatus::Failed};

} // namespace

using Failing = std::vector<std::string>;
using Blames = std::vector<std::pair<std::string, std::string>>;
using Checks = std::vector<Check>;
using Kind = TestBlame::Kind;

void TestBlameTest::theRightOneHasToAct_data()
{
    QTest::addColumn<Failing>("failing");
    QTest::addColumn<Blames>("blames");
    QTest::addColumn<Checks>("checks");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("nothing fails, something else is wrong") << Failing{} << Blames{} << Checks{kHashesDiffer} << Kind::Testing;
    QTest::newRow("the code") << Failing{"t::a"} << Blames{{"t::a", "code"}} << Checks{kTestsFail} << Kind::Code;
    QTest::newRow("the code, and a should failed too") << Failing{"t::a"} << Blames{{"t::a", "code"}} << Checks{kTestsFail, kShouldOnly} << Kind::Code;
    QTest::newRow("the code, but Testing broke a rule itself") << Failing{"t::a"} << Blames{{"t::a", "code"}} << Checks{kTestsFail, kHashesDiffer} << Kind::Testing;
    QTest::newRow("a parametrized test, named as a whole") << Failing{"t::a[1]", "t::a[2]"} << Blames{{"t::a", "code"}} << Checks{kTestsFail} << Kind::Code;
    QTest::newRow("another test that only begins alike") << Failing{"t::ab"} << Blames{{"t::a", "code"}} << Checks{kTestsFail} << Kind::Testing;
    QTest::newRow("blamed on nobody") << Failing{"t::a", "t::b"} << Blames{{"t::a", "code"}} << Checks{kTestsFail} << Kind::Testing;
    QTest::newRow("the test itself") << Failing{"t::a", "t::b"} << Blames{{"t::a", "code"}, {"t::b", "test"}} << Checks{kTestsFail} << Kind::Testing;
    QTest::newRow("the environment") << Failing{"t::a"} << Blames{{"t::a", "environment"}} << Checks{kTestsFail} << Kind::Environment;
    QTest::newRow("an unclear requirement counts as the test reads it") << Failing{"t::a"} << Blames{{"t::a", "requirement"}} << Checks{kTestsFail} << Kind::Code;
}

void TestBlameTest::theRightOneHasToAct()
{
    QFETCH(const Failing, failing);
    QFETCH(const Blames, blames);
    QFETCH(const Checks, checks);
    QTEST(blameFor(evidenceOf(failing), reportWith(blames), checks).kind, "kind");
    QCOMPARE(blameFor(evidenceOf(failing), reportWith(blames, "redesign"), checks).kind, Kind::Redesign);
}

void TestBlameTest::onlyWhatFailedIsFailing()
{
    QCOMPARE(failingTests(evidenceOf({"t::a"})), Failing{"t::a"});
}

void TestBlameTest::anAcceptedReportHasNothingFailing()
{
    const auto report = acceptedReport(reportWith({{"t::a", "code"}}));
    QCOMPARE(report.at("verdict").get<std::string>(), std::string("accept"));
    QVERIFY(report.at("failures").empty());
    QCOMPARE(report.at("schema").get<std::string>(), std::string("aap/testreport/1"));
}

QTEST_GUILESS_MAIN(TestBlameTest)
#include "tst_test_blame.moc"
