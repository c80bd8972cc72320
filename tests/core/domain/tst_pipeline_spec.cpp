#include <QFile>
#include <QTest>

#include "core/domain/pipeline_spec.h"

using namespace aap;

class PipelineSpecTest : public QObject {
    Q_OBJECT

private slots:
    void theStandardPipelinesHaveTheirStages();
    void theTemplateIsTheStandard();
    void whatIsPrintedReadsBack_data();
    void whatIsPrintedReadsBack();
    void everyMemberArrives();
    void whatIsLeftOutComesFromTheDefaults();
    void mistakesAreNamedWithPathAndLine_data();
    void mistakesAreNamedWithPathAndLine();
};

void PipelineSpecTest::theStandardPipelinesHaveTheirStages()
{
    QCOMPARE(PipelineSpec::standard(RunMode::Full).stages.size(), kPipelineStages.size());
    QCOMPARE(PipelineSpec::standard(RunMode::Stages).stages.size(), kPipelineStages.size());
    const auto review = PipelineSpec::standard(RunMode::Review);
    QCOMPARE(review.stages.size(), kReviewStages.size());
    QCOMPARE(review.stages.front().id, StageId::ArchitectureReview);
    QVERIFY(review.stage(StageId::QualityReview) != nullptr);
    QVERIFY(review.stage(StageId::Coding) == nullptr);
}

void PipelineSpecTest::theTemplateIsTheStandard()
{
    QFile file(QStringLiteral(":/pipelines/standard.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto spec = parsePipelineSpec(file.readAll().toStdString());
    QVERIFY2(spec, spec ? "" : spec.error().text().c_str());
    QCOMPARE(toJson(*spec).dump(), toJson(PipelineSpec::standard(RunMode::Full)).dump());
}

void PipelineSpecTest::whatIsPrintedReadsBack_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing said") << QByteArray("{}");
    QTest::newRow("review") << QByteArray(R"({"mode": "review", "stages": [{"id": "qa", "enabled": false}]})");
    QTest::newRow("two stages") << QByteArray(R"({"mode": "stages", "stages": [{"id": "testing"}, {"id": "coding", "task": "ä \"quote\""}]})");
    QTest::newRow("limits") << QByteArray(R"({"limits": {"usd": 2.5, "tokens": 1000, "calls": 7, "wall_time_minutes": 1.5}})");
}

void PipelineSpecTest::whatIsPrintedReadsBack()
{
    QFETCH(const QByteArray, text);
    const auto spec = parsePipelineSpec(text.toStdString());
    QVERIFY2(spec, spec ? "" : spec.error().text().c_str());
    const auto printed = toJson(*spec).dump(2);
    QCOMPARE(toJson(*parsePipelineSpec(printed)).dump(2), printed);
}

void PipelineSpecTest::everyMemberArrives()
{
    const auto spec = *parsePipelineSpec(R"({
        "_note": {"anything": ["goes"]},
        "mode": "stages",
        "stages": [{"id": "test", "task": "cover it", "model": "m", "effort": "high", "max_turns": 7, "gate_before": true,
                    "limits": {"usd": 0.25, "tokens": 5, "calls": 6, "wall_time_minutes": 2}}],
        "repair": {"max_rounds": 0}, "verify": {"max_resubmits": 9, "must_proven": true}, "coverage_threshold": 66.5, "security_scan": false, "security_threshold": "low",
        "monitoring_audit_seconds": 5, "health_timeout_seconds": 9, "environment": "staging", "platform": "kubernetes",
        "limits": {"usd": 3}})");
    QCOMPARE(spec.mode, RunMode::Stages);
    const auto& testing = *spec.stage(StageId::Testing);
    QVERIFY(testing.enabled);
    QCOMPARE(testing.task, std::string("cover it"));
    QCOMPARE(testing.model, std::string("m"));
    QCOMPARE(testing.effort, std::string("high"));
    QCOMPARE(testing.maxTurns, 7);
    QVERIFY(testing.gateBefore);
    QCOMPARE(testing.limits.money->microUsd, 250'000);
    QCOMPARE(*testing.limits.tokens, 5);
    QCOMPARE(*testing.limits.calls, 6);
    QCOMPARE(*testing.limits.wallTime, Milliseconds(120'000));
    QVERIFY(!spec.stage(StageId::Coding)->enabled);
    QCOMPARE(spec.maxRepairRounds, 0);
    QCOMPARE(spec.maxResubmits, 9);
    QVERIFY(spec.mustProven);
    QCOMPARE(spec.coverageThreshold, 66.5);
    QVERIFY(!spec.securityScan);
    QCOMPARE(spec.securityThreshold, std::string("low"));
    QCOMPARE(spec.monitoringAuditSeconds, 5);
    QCOMPARE(spec.healthTimeout, Milliseconds(9000));
    QCOMPARE(spec.environment, std::string("staging"));
    QCOMPARE(spec.platform, std::string("kubernetes"));
    QCOMPARE(spec.limits.money->microUsd, 3'000'000);
    QVERIFY(!spec.limits.tokens);
}

void PipelineSpecTest::whatIsLeftOutComesFromTheDefaults()
{
    const auto defaults = [](RunMode mode) {
        auto spec = PipelineSpec::standard(mode);
        spec.coverageThreshold = 55;
        for (auto& stage : spec.stages)
            stage.maxTurns = 9;
        return spec;
    };
    const auto spec = *parsePipelineSpec(R"({"stages": [{"id": "coding", "model": "m"}, {"id": "testing", "max_turns": 3}]})", defaults);
    QCOMPARE(spec.coverageThreshold, 55.0);
    QCOMPARE(spec.stage(StageId::Coding)->maxTurns, 9);
    QCOMPARE(spec.stage(StageId::Testing)->maxTurns, 3);
    QVERIFY(spec.stage(StageId::Monitoring)->enabled); // full: not listed still runs
}

void PipelineSpecTest::mistakesAreNamedWithPathAndLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char* name, const char* text, const char* message) {
        QTest::newRow(name) << QByteArray(text) << QByteArray("pipeline, line " + QByteArray(message));
    };
    row("empty", "", "1, column 1: it is empty");
    row("no object", "[]", "1: the document must be an object, not a list");
    row("mode", "{\n\"mode\": \"fast\"}", "2: mode must be one of \"full\", \"stages\", \"review\", not \"fast\"");
    row("typo", "{\n\n\"coverage_treshold\": 1}", "3: coverage_treshold is not known; did you mean \"coverage_threshold\"?");
    row("stages no list", "{\"stages\": {}}", "1: stages must be a list of stages");
    row("stage no object", "{\"stages\": [1]}", "1: stages[0] must be an object, not 1");
    row("stage without id", "{\"stages\": [\n{}]}", "2: stages[0].id is missing: it names the stage");
    row("unknown stage", "{\"stages\": [\n{\n\"id\": \"cook\"}]}", "3: stages[0].id names no stage of the mode \"full\"");
    row("stage of another mode", "{\"mode\": \"review\", \"stages\": [{\"id\": \"coding\"}]}", "1: stages[0].id names no stage of the mode \"review\"");
    row("stage twice", "{\"stages\": [{\"id\": \"coding\"},\n{\"id\": \"code\"}]}", "2: stages[1] names the stage \"coding\" a second time");
    row("stage typo", "{\"stages\": [{\"id\": \"coding\", \"maxTurns\": 3}]}", "1: stages[0].maxTurns is not known; did you mean \"max_turns\"?");
    row("turns too many", "{\"stages\": [{\"id\": \"coding\",\n\"max_turns\": 201}]}", "2: stages[0].max_turns must be a whole number from 1 to 200, not 201");
    row("turns no number", "{\"stages\": [{\"id\": \"coding\", \"max_turns\": \"7\"}]}", "1: stages[0].max_turns must be a whole number from 1 to 200, not \"7\"");
    row("turns a fraction", "{\"stages\": [{\"id\": \"coding\", \"max_turns\": 1.5}]}", "1: stages[0].max_turns must be a whole number from 1 to 200, not 1.5");
    row("effort", "{\"stages\": [{\"id\": \"coding\", \"effort\": \"huge\"}]}", "1: stages[0].effort must be one of");
    row("stage limit", "{\"stages\": [{\"id\": \"coding\", \"limits\": {\n\"usd\": -1}}]}", "2: stages[0].limits.usd must be a number from 0 to 100000, not -1");
    row("nothing left", "{\"mode\": \"stages\", \"stages\": []}", "1: stages must leave at least one stage enabled");
    row("repair rounds", "{\"repair\": {\"max_rounds\": 11}}", "1: repair.max_rounds must be a whole number from 0 to 10, not 11");
    row("repair no object", "{\"repair\": 3}", "1: repair must be an object, not 3");
    row("repair typo", "{\"repair\": {\"rounds\": 3}}", "1: repair.rounds is not known");
    row("resubmits", "{\"verify\": {\"max_resubmits\": null}}", "1: verify.max_resubmits must be a whole number from 0 to 10, not null");
    row("coverage", "{\"coverage_threshold\": 101}", "1: coverage_threshold must be a number from 0 to 100, not 101");
    row("scan", "{\"security_scan\": 1}", "1: security_scan must be true or false, not 1");
    row("platform", "{\"platform\": \"moon\"}", "1: platform must be one of \"docker\", \"kubernetes\", not \"moon\"");
    row("environment", "{\"environment\": \"\"}", "1: environment must be a text that is not empty, not \"\"");
    row("limits typo", "{\"limits\": {\"dollars\": 1}}", "1: limits.dollars is not known");
    row("twice", "{\"mode\": \"full\",\n\"mode\": \"full\"}", "2, column 6: the key \"mode\" stands twice in the same object");
    row("cut", "{\"mode\": \"full\"", "1, column 16: not valid JSON: syntax error while parsing object - unexpected end of input");
}

void PipelineSpecTest::mistakesAreNamedWithPathAndLine()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, message);
    const auto spec = parsePipelineSpec(text.toStdString());
    QVERIFY(!spec);
    QCOMPARE(spec.error().code, ErrorCode::Invalid);
    QVERIFY2(spec.error().text().starts_with(message.toStdString()), spec.error().text().c_str());
    QVERIFY(!spec.error().remedy.empty());
}

QTEST_GUILESS_MAIN(PipelineSpecTest)
#include "tst_pipeline_spec.moc"
