#include <csignal>

#include <QDirIterator>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include "tests/e2e/program.h"

using namespace aap::e2e;

namespace {

const QString kRecording = QStringLiteral(AAP_SOURCE_DIR "/resources/demo/recording.json");

QString demoRequirements()
{
    QFile file(kRecording);
    return file.open(QIODevice::ReadOnly) ? parsed(file.readAll()).value(QStringLiteral("requirements")).toString() : QString();
}

/// Fast enough for a test: the service is watched for six seconds instead of thirty.
const QByteArray kQuickPipeline = R"({"monitoring_audit_seconds": 6})";

/// Every file below `folder` that contains `needle`.
QStringList filesWith(const QString& folder, const QByteArray& needle)
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(needle))
            found << file.fileName();
    }
    return found;
}

/// What a person reads when it failed: one line at the end that says what to do.
QByteArray lastLine(const QByteArray& text)
{
    return text.trimmed().split('\n').last();
}

} // namespace

/// The real programs, the real engine, a scripted model over real HTTP.
class ProgramTest : public QObject {
    Q_OBJECT

private slots:
    void versionAndHelp();
    void initWritesAConfigurationThatDoctorReads();
    void malformedConfigurationsAreExplained_data();
    void malformedConfigurationsAreExplained();
    void withoutAKeyNothingStarts();
    void aRefusedKeyIsSaid();
    void withoutAnEngineNothingStarts();
    void aPipeWithoutYesWaitsAtTheGate();
    void aDryRunSpendsNothing();
    void historyAndSettingsTravel();
    void aBudgetStopsBeforeTheFirstCall();
    void aFullRunTakesTheRepairLoopAndLeavesAVerifiedProject();
    void ctrlCStopsInOrder();
    void chosenStagesNeedTasksAndInputs();
    void aReviewFindsWhatIsPlantedAndChangesNothing();
    void theDemoRunsForRealAndPlaysBackWithoutAnEngine();
    void whatALostServerMeansIsSaid();

private:
    static void useFakeApi(Home& home, const FakeApi& api)
    {
        home.set(QStringLiteral("ANTHROPIC_BASE_URL"), api.url());
        home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
    }
};

void ProgramTest::versionAndHelp()
{
    const Home home;
    const auto version = home.run({QStringLiteral("--version")});
    QCOMPARE(version.exitCode, 0);
    QVERIFY(version.out.startsWith("agent-pipeline "));
    const auto help = home.run({QStringLiteral("--help")});
    QCOMPARE(help.exitCode, 0);
    for (const auto* command : {"init", "run", "run-stages", "review", "runs", "show", "export", "replay", "demo", "doctor", "sandbox"})
        QVERIFY2(help.out.contains(command), command);
    QCOMPARE(home.run({}).exitCode, 2);
    QCOMPARE(home.run({QStringLiteral("rum")}).exitCode, 2);
    QCOMPARE(home.run({QStringLiteral("run")}).exitCode, 2);
}

void ProgramTest::initWritesAConfigurationThatDoctorReads()
{
    const Home home;
    QCOMPARE(home.run({QStringLiteral("init")}).exitCode, 0);
    const auto written = home.read(QStringLiteral("config.json"));
    QVERIFY(parsed(written).contains(QStringLiteral("anthropic_model")));
    const auto again = home.run({QStringLiteral("init")});
    QCOMPARE(again.exitCode, 2);
    QVERIFY2(again.err.contains("--force"), again.err);
    QCOMPARE(home.run({QStringLiteral("init"), QStringLiteral("--force")}).exitCode, 0);
    const auto doctor = home.run({QStringLiteral("doctor"), QStringLiteral("--json")});
    const auto report = parsed(doctor.out);
    QVERIFY2(!report.value(QStringLiteral("findings")).toArray().isEmpty(), doctor.out + doctor.err);
    QVERIFY(doctor.out.contains("\"docker\""));
    QVERIFY(doctor.out.contains("max_iterations"));
}

void ProgramTest::malformedConfigurationsAreExplained_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("not JSON") << QByteArray("{") << QByteArray("line 1");
    QTest::newRow("a comma too much") << QByteArray("{\n\"max_iterations\": 20,\n}") << QByteArray("line 3");
    QTest::newRow("an array") << QByteArray("[]") << QByteArray("object");
    QTest::newRow("empty") << QByteArray("") << QByteArray("empty");
    QTest::newRow("text for a number") << QByteArray("{\"max_iterations\": \"many\"}") << QByteArray("max_iterations");
    QTest::newRow("fraction for a whole number") << QByteArray("{\"max_iterations\": 1.5}") << QByteArray("max_iterations");
    QTest::newRow("truth for a number") << QByteArray("{\"max_iterations\": true}") << QByteArray("max_iterations");
    QTest::newRow("null") << QByteArray("{\"docker_image\": null}") << QByteArray("docker_image");
    QTest::newRow("below the range") << QByteArray("{\"max_iterations\": 0}") << QByteArray("max_iterations");
    QTest::newRow("above the range") << QByteArray("{\"coverage_threshold\": 101}") << QByteArray("coverage_threshold");
    QTest::newRow("a typo, nearest named") << QByteArray("{\"max_iteration\": 5}") << QByteArray("max_iterations");
    QTest::newRow("a typo in a group") << QByteArray("{\"sandbox\": {\"memory\": 5}}") << QByteArray("memory_mb");
    QTest::newRow("group is no object") << QByteArray("{\"budget\": 5}") << QByteArray("budget");
    QTest::newRow("negative money") << QByteArray("{\"budget\": {\"run_usd\": -1}}") << QByteArray("run_usd");
    QTest::newRow("unknown provider") << QByteArray("{\"provider\": {\"name\": \"acme\"}}") << QByteArray("anthropic");
    QTest::newRow("list holds a number") << QByteArray("{\"deployment_environments\": [1]}") << QByteArray("deployment_environments");
    QTest::newRow("the same key twice") << QByteArray("{\"max_iterations\": 5, \"max_iterations\": 6}") << QByteArray("max_iterations");
    QTest::newRow("line of the fault") << QByteArray("{\n\n\"docker_image\": \"x\",\n\"log_analysis_lines\": -3}") << QByteArray("line 4");
    QTest::newRow("unknown stage") << QByteArray("{\"models\": {\"design\": \"x\"}}") << QByteArray("architecture");
    QTest::newRow("a network for agents") << QByteArray("{\"sandbox\": {\"network\": \"host\"}}") << QByteArray("network");
    QTest::newRow("depth bomb") << QByteArray(200'000, '[') << QByteArray("config.json");
}

void ProgramTest::malformedConfigurationsAreExplained()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, says);
    const Home home;
    home.write(QStringLiteral("config.json"), config);
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("x"), QStringLiteral("--yes")});
    QCOMPARE(ended.exitCode, 2);
    QVERIFY2(ended.err.contains(says), ended.err);
    QVERIFY2(ended.err.size() < 2000, "a message, not a dump");
}

void ProgramTest::withoutAKeyNothingStarts()
{
    const Home home;
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("A tool must sort files"), QStringLiteral("--yes")});
    QCOMPARE(ended.exitCode, 5);
    QVERIFY2(lastLine(ended.err).contains("ANTHROPIC_API_KEY"), ended.err);
}

void ProgramTest::aRefusedKeyIsSaid()
{
    const FakeApi api({QStringLiteral("--recording"), kRecording, QStringLiteral("--key"), QStringLiteral("another-key")});
    Home home;
    useFakeApi(home, api);
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("A tool must sort files"), QStringLiteral("--yes")});
    QCOMPARE(ended.exitCode, 5);
    QVERIFY2(lastLine(ended.err).contains("key"), ended.err);
    QVERIFY(!(ended.out + ended.err).contains(kKey));
}

void ProgramTest::withoutAnEngineNothingStarts()
{
    const FakeApi api({QStringLiteral("--recording"), kRecording});
    Home home;
    useFakeApi(home, api);
    home.set(QStringLiteral("DOCKER_HOST"), QStringLiteral("unix:///nonexistent/docker.sock"));
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("A tool must sort files"), QStringLiteral("--yes")});
    QCOMPARE(ended.exitCode, 5);
    QVERIFY2(ended.err.contains("/nonexistent/docker.sock"), ended.err);
}

void ProgramTest::aPipeWithoutYesWaitsAtTheGate()
{
    const FakeApi api({QStringLiteral("--recording"), kRecording});
    Home home;
    useFakeApi(home, api);
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("A tool must sort files")});
    QCOMPARE(ended.exitCode, 10);
    QVERIFY2(lastLine(ended.err).contains("--yes"), ended.err);
    const auto runs = [&] { return home.run({QStringLiteral("runs")}).out; };
    QVERIFY2(runs().contains("Waiting at a gate"), runs());
    QCOMPARE(home.run({QStringLiteral("reject"), QStringLiteral("last")}).exitCode, 2); // without words
    QCOMPARE(home.run({QStringLiteral("approve"), QStringLiteral("last"), QStringLiteral("--comment"), QStringLiteral("as I meant it")}).exitCode, 0);
    QCOMPARE(home.run({QStringLiteral("approve"), QStringLiteral("last")}).exitCode, 2); // once is enough
    QVERIFY(home.run({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--events")}).out.contains("as I meant it"));
}

void ProgramTest::aDryRunSpendsNothing()
{
    const FakeApi api({QStringLiteral("--recording"), kRecording});
    Home home;
    useFakeApi(home, api);
    const QStringList run{QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("A tool must sort files"), QStringLiteral("--dry-run"), QStringLiteral("--json")};
    const auto ended = home.run(run);
    QCOMPARE(ended.exitCode, 0);
    const auto told = parsed(ended.out);
    QVERIFY2(told.value(QStringLiteral("ready")).toBool() && told.value(QStringLiteral("forecast")).isNull(), ended.out);
    QVERIFY(home.run({QStringLiteral("runs")}).out.contains("no runs yet"));
    home.write(QStringLiteral("config.json"), R"({"policy": {"file": "policy.json"}})");
    home.write(QStringLiteral("policy.json"), R"({"rules": [{"action": "forbid"}]})");
    const auto wrong = home.run(run);
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY2(wrong.err.contains("rules[0].action"), wrong.err);
}

void ProgramTest::historyAndSettingsTravel()
{
    const Home home;
    QVERIFY(home.run({QStringLiteral("runs")}).out.contains("no runs yet"));
    QCOMPARE(home.run({QStringLiteral("backup"), QStringLiteral("history.backup")}).exitCode, 0);
    QCOMPARE(home.run({QStringLiteral("restore-backup"), QStringLiteral("history.backup")}).exitCode, 0);
    QCOMPARE(home.run({QStringLiteral("runs"), QStringLiteral("prune"), QStringLiteral("--older-than"), QStringLiteral("30d"), QStringLiteral("--dry-run")}).exitCode, 0);
    QCOMPARE(home.run({QStringLiteral("runs"), QStringLiteral("prune")}).exitCode, 2);
    QCOMPARE(home.run({QStringLiteral("compare"), QStringLiteral("a"), QStringLiteral("b")}).exitCode, 2);
    const auto set = home.run({QStringLiteral("config"), QStringLiteral("export"), QStringLiteral("-"), QStringLiteral("--max-iterations"), QStringLiteral("33")});
    QVERIFY2(set.out.contains("\"max_iterations\": 33"), set.out + set.err);
}

void ProgramTest::aBudgetStopsBeforeTheFirstCall()
{
    const FakeApi api({QStringLiteral("--recording"), kRecording});
    Home home;
    useFakeApi(home, api);
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("A tool must sort files"), QStringLiteral("--yes"),
                                 QStringLiteral("--budget-usd"), QStringLiteral("0.000001"), QStringLiteral("--json")});
    QCOMPARE(ended.exitCode, 4);
    QVERIFY(!ended.out.contains("\"turn_finished\""));
    QVERIFY2(ended.err.contains("budget"), ended.err);
}

void ProgramTest::aFullRunTakesTheRepairLoopAndLeavesAVerifiedProject()
{
    const FakeApi api({QStringLiteral("--recording"), kRecording, QStringLiteral("--key"), QString::fromLatin1(kKey)});
    Home home;
    useFakeApi(home, api);
    home.write(QStringLiteral("requirements.md"), demoRequirements().toUtf8());
    home.write(QStringLiteral("pipeline.json"), kQuickPipeline);
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("requirements.md"), QStringLiteral("--pipeline"),
                                 QStringLiteral("pipeline.json"), QStringLiteral("--yes"), QStringLiteral("--json")});
    QVERIFY2(ended.exitCode == 0, ended.out.right(8000) + ended.err);
    QVERIFY(ended.out.contains("\"repair_started\""));

    const auto state = parsed(home.read(QStringLiteral("pipeline_output/pipeline_state.json")));
    const auto runId = state.value(QStringLiteral("run_id")).toString();
    QCOMPARE(state.value(QStringLiteral("status")).toString(), QStringLiteral("completed"));
    QCOMPARE(state.value(QStringLiteral("stages_completed")).toArray().size(), 5);
    QVERIFY(state.value(QStringLiteral("cost_usd")).toDouble() > 0);
    for (const auto* file : {"run.json", "journal.jsonl", "requirements.md", "requirements.json", "MANIFEST.json", "REPORT.html", "workspace/Dockerfile",
                             "reports/junit.xml", "reports/coverage.xml", "reports/traceability.csv", "reports/cost.csv", "deploy/image.json",
                             "monitoring/health.json", "stages/1-architecture/submit.json", "stages/3-testing/transcript.md"})
        QVERIFY2(QFile::exists(home.path(QStringLiteral("pipeline_output/latest/") + QLatin1String(file))), file);

    // The service stays up, and nothing else of the run does.
    QVERIFY(!containers(QStringLiteral("aap.run=") + runId).isEmpty());
    QCOMPARE(home.run({QStringLiteral("sandbox"), QStringLiteral("prune"), QStringLiteral("--run"), runId}).exitCode, 0);
    QCOMPARE(containers(QStringLiteral("aap.run=") + runId), QStringList{});

    QCOMPARE(filesWith(home.path(), kKey), QStringList{});
    QVERIFY(!(ended.out + ended.err).contains(kKey));

    // The history knows it, and a flipped byte is found.
    QVERIFY(home.run({QStringLiteral("runs"), QStringLiteral("--json")}).out.contains(runId.toUtf8()));
    QVERIFY(home.run({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--events")}).out.contains("repair"));
    QCOMPARE(home.run({QStringLiteral("export"), QStringLiteral("last"), QStringLiteral("--to"), QStringLiteral("run.zip")}).exitCode, 0);
    QVERIFY(home.read(QStringLiteral("run.zip")).startsWith("PK"));
    const auto folder = QStringLiteral("pipeline_output/") + runId;
    QCOMPARE(home.run({QStringLiteral("verify"), folder}).exitCode, 0);
    home.write(folder + QStringLiteral("/requirements.md"), "something else");
    QCOMPARE(home.run({QStringLiteral("verify"), folder}).exitCode, 1);

    // The same once more from the journal: replies recorded, tools for real, no request to anyone.
    home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QStringLiteral("http://127.0.0.1:1"));
    const auto replayed = home.run({QStringLiteral("replay"), runId, QStringLiteral("--yes"), QStringLiteral("--pipeline"), QStringLiteral("pipeline.json")});
    QVERIFY2(replayed.exitCode == 0, replayed.out.right(4000) + replayed.err);
    const auto replayId = parsed(home.read(QStringLiteral("pipeline_output/pipeline_state.json"))).value(QStringLiteral("run_id")).toString();
    QVERIFY(replayId != runId);
    QCOMPARE(home.run({QStringLiteral("sandbox"), QStringLiteral("prune"), QStringLiteral("--run"), replayId}).exitCode, 0);
}

void ProgramTest::ctrlCStopsInOrder()
{
    const FakeApi api({QStringLiteral("--recording"), kRecording, QStringLiteral("--fault"), QStringLiteral("stall:2")});
    Home home;
    useFakeApi(home, api);
    const auto program = home.start({QStringLiteral("run"), QStringLiteral("--requirements"), demoRequirements(), QStringLiteral("--yes"), QStringLiteral("--json")});
    QByteArray out;
    while (!out.contains("\"tool_finished\"") && program->waitForReadyRead(60'000))
        out += program->readAllStandardOutput();
    const auto runId = QRegularExpression(QStringLiteral("\\d{8}-\\d{6}-[0-9a-f]{6}")).match(QString::fromUtf8(out)).captured();
    QVERIFY2(!runId.isEmpty(), out + program->readAllStandardError());
    QVERIFY(!containers(QStringLiteral("aap.run=") + runId).isEmpty());
    QElapsedTimer sinceSignal;
    sinceSignal.start();
    ::kill(pid_t(program->processId()), SIGINT);
    QVERIFY(program->waitForFinished(20'000));
    QVERIFY2(sinceSignal.elapsed() < 5'000, qPrintable(QString::number(sinceSignal.elapsed()))); // two seconds on an idle machine
    QCOMPARE(program->exitCode(), 130);
    QCOMPARE(containers(QStringLiteral("aap.run=") + runId), QStringList{});
    QCOMPARE(parsed(home.read(QStringLiteral("pipeline_output/pipeline_state.json"))).value(QStringLiteral("status")).toString(), QStringLiteral("stopped"));
}

void ProgramTest::chosenStagesNeedTasksAndInputs()
{
    const FakeApi api({QStringLiteral("--recording"), QStringLiteral(AAP_TEST_DATA "/e2e/coding-only.json")});
    Home home;
    useFakeApi(home, api);
    home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
    const auto ended = home.run({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"),
                                 QStringLiteral("tasks.json"), QStringLiteral("--yes"), QStringLiteral("--json")});
    QVERIFY2(ended.exitCode == 0, ended.out.right(4000) + ended.err);
    QCOMPARE(home.read(QStringLiteral("pipeline_output/latest/workspace/hello.py")), QByteArray("print(\"it's $HOME `hello`\")\n# EOF\n"));

    home.write(QStringLiteral("tasks.json"), R"({"codding": "x"})");
    const auto typo = home.run({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"),
                                QStringLiteral("tasks.json"), QStringLiteral("--yes")});
    QCOMPARE(typo.exitCode, 2);
    QVERIFY2(typo.err.contains("codding"), typo.err);
    home.write(QStringLiteral("tasks.json"), R"({"deployment": "Deploy it."})");
    const auto missing = home.run({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("deployment"), QStringLiteral("--tasks"),
                                   QStringLiteral("tasks.json"), QStringLiteral("--yes")});
    QCOMPARE(missing.exitCode, 2);
}

void ProgramTest::aReviewFindsWhatIsPlantedAndChangesNothing()
{
    const FakeApi api({QStringLiteral("--recording"), QStringLiteral(AAP_TEST_DATA "/e2e/review.json")});
    Home home;
    useFakeApi(home, api);
    home.write(QStringLiteral("planted/app.py"), "import os\n\n\ndef run(name):\n    os.system('echo ' + name)\n");
    const auto before = home.read(QStringLiteral("planted/app.py"));
    const auto ended = home.run({QStringLiteral("review"), QStringLiteral("--repo-url"), QStringLiteral("planted"), QStringLiteral("--focus"), QStringLiteral("security"), QStringLiteral("--json")});
    QVERIFY2(ended.exitCode == 0, ended.out.right(4000) + ended.err);
    QCOMPARE(home.read(QStringLiteral("planted/app.py")), before);
    const auto findings = home.read(QStringLiteral("review_output/latest/reports/findings.json"));
    QVERIFY2(findings.contains("CWE-78"), findings);
    QVERIFY(home.read(QStringLiteral("review_output/latest/reports/findings.md")).contains("app.py:5"));
}

void ProgramTest::theDemoRunsForRealAndPlaysBackWithoutAnEngine()
{
    Home home;
    const auto ended = home.run({QStringLiteral("demo"), QStringLiteral("--yes"), QStringLiteral("--json")});
    QVERIFY2(ended.exitCode == 0, ended.out.right(8000) + ended.err);
    QVERIFY(ended.out.contains("\"repair_started\""));
    const auto runId = parsed(home.read(QStringLiteral("pipeline_output/pipeline_state.json"))).value(QStringLiteral("run_id")).toString();
    QCOMPARE(home.run({QStringLiteral("sandbox"), QStringLiteral("prune"), QStringLiteral("--run"), runId}).exitCode, 0);

    home.set(QStringLiteral("DOCKER_HOST"), QStringLiteral("unix:///nonexistent/docker.sock"));
    const auto playback = home.run({QStringLiteral("demo"), QStringLiteral("--yes")});
    QCOMPARE(playback.exitCode, 5); // nothing was run: this must not look like a success
    QVERIFY2(playback.err.contains("playback"), playback.err);
    QVERIFY2(playback.out.contains("Repair 1"), playback.out);
}

void ProgramTest::whatALostServerMeansIsSaid()
{
    Home home;
    home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QStringLiteral("http://127.0.0.1:1"));
    home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
    home.write(QStringLiteral("config.json"), R"({"provider": {"max_retries": 0}})");
    const auto ended = home.run({QStringLiteral("run"), QStringLiteral("--requirements"), QStringLiteral("A tool must sort files"), QStringLiteral("--yes")});
    QCOMPARE(ended.exitCode, 6);
    QVERIFY2(ended.err.contains("127.0.0.1"), ended.err);
}

QTEST_GUILESS_MAIN(ProgramTest)
#include "tst_program.moc"
