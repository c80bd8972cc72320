#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/project/project_file.h"

using namespace aap;

namespace {

PipelineSpec settingsSay()
{
    auto spec = PipelineSpec::standard(RunMode::Full);
    spec.limits.money = Money::usd(10);
    spec.stages[1].model = "claude-opus-4-8";
    return spec;
}

} // namespace

/// What is authored comes back as it was, and what the project says nothing of follows the settings.
class ProjectFileTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsRead();
    void refused_data();
    void refused();
    void aFileOfANewerProgramIsLeftAlone();
    void onlyDifferencesAreKept();
    void differencesMakeTheSamePipelineAgain_data();
    void differencesMakeTheSamePipelineAgain();
    void whatDoesNotDifferFollowsTheSettings();
};

void ProjectFileTest::whatIsWrittenIsRead()
{
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("photo sorter.agentpipeline")).toStdString();
    auto spec = settingsSay();
    spec.stages[4].enabled = false;
    const AuthoredProject project{.requirements = "# Photos\n- \"Umlauts\" \xc3\xa4 and \\ stay\n", .repository = "../old", .attachments = {{"docs/mockup.png"}, {"/data/big.csv", false}}, .pipeline = pipelineDifference(spec, settingsSay())};
    QVERIFY(writeProject(file, project));
    const auto read = readProject(file);
    QVERIFY2(bool(read), read ? "" : read.error().text().c_str());
    QVERIFY(*read == project);
}

void ProjectFileTest::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    const QByteArray head = R"({"kind": "agent-pipeline project", "version": 1)";
    QTest::newRow("nothing") << QByteArray() << QByteArray("empty");
    QTest::newRow("no JSON") << QByteArray("# Requirements") << QByteArray("line 1");
    QTest::newRow("another kind of file") << QByteArray(R"({"max_iterations": 3})") << QByteArray("not known");
    QTest::newRow("no kind") << QByteArray("{}") << QByteArray("no project");
    QTest::newRow("a member that is not ours") << head + R"(, "requirments": "x"})" << QByteArray("did you mean");
    QTest::newRow("requirements are no text") << head + R"(, "requirements": 7})" << QByteArray("must be a text");
    QTest::newRow("attachments are no list") << head + R"(, "attachments": {}})" << QByteArray("must be a list");
    QTest::newRow("an attachment without a path") << head + R"(, "attachments": [{"to_agents": true}]})" << QByteArray("has no path");
    QTest::newRow("an attachment that is not ours") << head + R"(, "attachments": [{"path": "a", "to": 1}]})" << QByteArray("to_agents");
    QTest::newRow("pipeline is no object") << head + R"(, "pipeline": []})" << QByteArray("must be an object");
    QTest::newRow("a stage that is none") << head + R"(, "pipeline": {"stages": [{"id": "cooking"}]}})" << QByteArray("names no stage");
    QTest::newRow("a limit out of range") << head + R"(, "pipeline": {"limits": {"usd": -1}}})" << QByteArray("usd");
    QTest::newRow("no stage left") << head + R"(, "pipeline": {"stages": [{"id": "architecture", "enabled": false}, {"id": "coding", "enabled": false}, {"id": "testing", "enabled": false}, {"id": "deployment", "enabled": false}, {"id": "monitoring", "enabled": false}]}})"
                                   << QByteArray("at least one stage");
}

void ProjectFileTest::refused()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, says);
    const auto project = parseProject(text.toStdString(), "p.agentpipeline");
    QVERIFY(!project);
    QVERIFY2(project.error().text().find(says.toStdString()) != std::string::npos, project.error().text().c_str());
    QVERIFY(!project.error().remedy.empty());
}

void ProjectFileTest::aFileOfANewerProgramIsLeftAlone()
{
    const auto project = parseProject(R"({"kind": "agent-pipeline project", "version": 2})", "p.agentpipeline");
    QVERIFY(!project);
    QVERIFY(project.error().text().find("newer") != std::string::npos);
}

void ProjectFileTest::onlyDifferencesAreKept()
{
    QVERIFY(pipelineDifference(settingsSay(), settingsSay()).empty());
    auto spec = settingsSay();
    spec.coverageThreshold = 70;
    spec.stages[2].gateBefore = true;
    const auto difference = pipelineDifference(spec, settingsSay());
    QCOMPARE(difference.size(), 2U);
    QCOMPARE(difference.at("stages").dump(), std::string(R"([{"gate_before":true,"id":"testing","enabled":true}])"));
}

void ProjectFileTest::differencesMakeTheSamePipelineAgain_data()
{
    QTest::addColumn<int>("change");
    QTest::newRow("nothing") << 0;
    QTest::newRow("a stage off") << 1;
    QTest::newRow("a model taken back to the run's") << 2;
    QTest::newRow("a limit taken away") << 3;
    QTest::newRow("a task and limits of a stage") << 4;
    QTest::newRow("everything else") << 5;
}

void ProjectFileTest::differencesMakeTheSamePipelineAgain()
{
    QFETCH(const int, change);
    auto spec = settingsSay();
    if (change == 1)
        spec.stages[0].enabled = false;
    if (change == 2)
        spec.stages[1].model.clear();
    if (change == 3)
        spec.limits.money.reset();
    if (change == 4) {
        spec.stages[3].task = "Only files";
        spec.stages[3].limits = {.money = Money::usd(0.5), .tokens = 7000, .wallTime = std::chrono::minutes(3)};
        spec.stages[3].effort = "low";
        spec.stages[3].maxTurns = 3;
    }
    if (change == 5) {
        spec.platform = "kubernetes";
        spec.environment = "staging";
        spec.securityScan = false;
        spec.maxRepairRounds = 0;
        spec.maxResubmits = 1;
        spec.monitoringAuditSeconds = 5;
        spec.healthTimeout = std::chrono::seconds(7);
    }
    const auto again = pipelineOf(pipelineDifference(spec, settingsSay()), settingsSay());
    QVERIFY2(bool(again), again ? "" : again.error().text().c_str());
    QCOMPARE(toJson(*again).dump(), toJson(spec).dump());
}

void ProjectFileTest::whatDoesNotDifferFollowsTheSettings()
{
    auto spec = settingsSay();
    spec.coverageThreshold = 70;
    const auto difference = pipelineDifference(spec, settingsSay());
    auto cheaper = settingsSay();
    cheaper.limits.money = Money::usd(2);
    QCOMPARE(pipelineOf(difference, cheaper)->limits.money->inUsd(), 2.0);
    QCOMPARE(pipelineOf(difference, cheaper)->coverageThreshold, 70.0);
}

QTEST_GUILESS_MAIN(ProjectFileTest)
#include "tst_project_file.moc"
