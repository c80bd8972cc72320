#include <csignal>
#include <future>
#include <set>

#include <QDirIterator>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include "core/domain/run_state.h"
#include "core/store/journal.h"
#include "tests/e2e/program.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/interlocutor.h"

using namespace aap;
using namespace aap::e2e;

namespace {

/// What is left of a run, to compare it with another one.
struct Remains {
    QMap<QString, QByteArray> workspace{};
    QByteArray state{};
    friend bool operator==(const Remains&, const Remains&) = default;
};

/// The journal, read as another program would.
std::vector<RunEvent> journalOf(const Home& home, QString& runId)
{
    const auto file = home.path(QStringLiteral("data/agent-pipeline/journal.sqlite"));
    if (!QFile::exists(file))
        return {};
    const auto journal = openSqliteJournal(file.toStdString());
    const auto id = journal ? (*journal)->findRun("last") : Error{ErrorCode::Io, "no journal"};
    if (!id)
        return {};
    runId = QString::fromStdString(*id);
    return (*journal)->events(*id).value_or({});
}

/// "coding/1/3": the turns that are paid.
std::set<std::string> paidTurns(const std::vector<RunEvent>& events)
{
    std::map<StageId, int> visits;
    std::set<std::string> turns;
    for (const auto& event : events) {
        if (const auto* started = std::get_if<StageStarted>(&event.payload); started && !started->resumed)
            ++visits[*event.stage];
        if (const auto* turn = std::get_if<TurnFinished>(&event.payload))
            if (!turns.insert(fmt::format("{}/{}/{}", slug(*event.stage), visits[*event.stage], turn->turn)).second)
                turns.insert(fmt::format("twice: {}/{}", slug(*event.stage), turn->turn));
    }
    return turns;
}

/// What does not depend on when and how often.
QByteArray lastingState(const std::vector<RunEvent>& events)
{
    RunState state;
    for (const auto& event : events)
        apply(state, event);
    auto json = pipelineStateJson(state);
    Json lasting{{"status", json["status"]}, {"completed", json["stages_completed"]}, {"errors", json["errors"]}, {"cost", state.cost.microUsd},
                 {"tokens", state.usage.totalTokens()}, {"warnings", state.warnings}, {"repairs", state.repairRound}};
    for (const auto& stage : state.stages)
        lasting["stages"].push_back({{"stage", slug(stage.id)}, {"status", slug(stage.status)}, {"attempt", stage.attempt}, {"document", stage.document},
                                     {"checks", json["results"][std::string(slug(stage.id))]["checks"]}});
    return QByteArray::fromStdString(lasting.dump(1));
}

/// The tool that measures coverage writes into its report when it did so.
QByteArray withoutTime(const QByteArray& report)
{
    static const QRegularExpression time(QStringLiteral(" timestamp=\"[0-9]+\""));
    return QString::fromUtf8(report).remove(time).toUtf8();
}

Remains resultOf(const Home& home)
{
    QString runId;
    Remains result{.state = lastingState(journalOf(home, runId))};
    const auto folder = home.path(QStringLiteral("pipeline_output/latest/workspace"));
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            result.workspace[QDir(folder).relativeFilePath(file.fileName())] = file.readAll();
    }
    if (const auto report = result.workspace.find(QStringLiteral("coverage.xml")); report != result.workspace.end())
        *report = withoutTime(*report);
    return result;
}

/// The files that only one of two workspaces has, or that differ in them.
QStringList differences(const QMap<QString, QByteArray>& one, const QMap<QString, QByteArray>& other)
{
    QStringList names;
    for (const auto& name : (one.keys() + other.keys()))
        if (!names.contains(name) && (one.contains(name) != other.contains(name) || one.value(name) != other.value(name)))
            names << name;
    return names;
}

/// Files that only somebody who was killed leaves.
QStringList halfWritten(const Home& home)
{
    QStringList found;
    QDirIterator files(home.path(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        const auto name = files.fileName();
        if (name.startsWith(QStringLiteral(".aap-")) || name.endsWith(QStringLiteral(".lock")) || name.contains(QStringLiteral("_git2_"))
            || name.startsWith(QStringLiteral(".fetch-")) || name.startsWith(QStringLiteral(".latest-")) || name.startsWith(QStringLiteral(".pipeline_state")))
            found << files.filePath();
    }
    return found + QDir(home.path(QStringLiteral("workspaces"))).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
}

/// Runs a command that takes a whole pipeline, kills it at seeded random moments and resumes it until it is done.
class Disturbed {
public:
    Disturbed(Home& home, FakeMessagesApi& api, Interlocutor& model, QStringList command) : m_home(home), m_model(model), m_command(std::move(command))
    {
        api.answerWith([&model](const SeenRequest& request) { return model.answer(request); });
        home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QString::fromStdString(api.baseUrl()));
        home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
    }

    /// From now on it is asked to stop, by SIGTERM, instead of being killed; then it has to put its things away.
    void askToStop() { m_isAsked = true; }
    /// One life of the program: until it has told of so many events and for `killAfterMs` more, or until it ends (-1). Whether the run
    /// is done. Only a program that prints JSON tells of events.
    bool live(int killAfterMs, int told = 0)
    {
        const auto events = journalOf(m_home, m_runId);
        const auto paid = paidTurns(events);
        (void)m_model.takeAsked();
        const bool isFirst = events.empty();
        const auto program = m_home.start(isFirst ? m_command : QStringList{QStringLiteral("resume"), m_runId, QStringLiteral("--yes"), QStringLiteral("--json")});
        for (int seen = 0; seen < told && program->waitForReadyRead(600'000);)
            seen += int(program->readAllStandardOutput().count('\n'));
        // It may have ended while it was listened to; nobody then waits for it, and the pid 0 is that of all of us.
        bool isOver = program->state() == QProcess::NotRunning || program->waitForFinished(killAfterMs < 0 ? 600'000 : killAfterMs);
        if (const auto pid = pid_t(program->processId()); !isOver && pid > 0) {
            ::kill(pid, m_isAsked ? SIGTERM : SIGKILL);
            if (!program->waitForFinished(30'000))
                complaints << QStringLiteral("it did not stop");
            ++kills;
            if (m_isAsked)
                isOver = hasStopped(*program);
        }
        for (const auto& turn : m_model.takeAsked())
            if (paid.contains(turn))
                complaints << QStringLiteral("asked again: ") + QString::fromStdString(turn);
        for (const auto& turn : paidTurns(journalOf(m_home, m_runId)))
            if (turn.starts_with("twice"))
                complaints << QString::fromStdString(turn);
        const auto said = program->readAllStandardError();
        const bool wasOver = isOver && program->exitCode() == 2 && said.contains("the run has ended: Completed"); // killed with everything done
        if (isOver && !wasOver && program->exitCode() != 0)
            complaints << QStringLiteral("exit code %1: ").arg(program->exitCode()) + QString::fromUtf8(said.right(2000));
        return isOver;
    }
    const QString& runId() const { return m_runId; }

    int kills = 0;
    QStringList complaints{};

private:
    /// One that was asked to: nothing of it is left. Whether it was done before it heard.
    bool hasStopped(const QProcess& program)
    {
        const bool isEarly = program.exitStatus() == QProcess::CrashExit; // before it could hear
        if (!isEarly && program.exitCode() != 130 && program.exitCode() != 0)
            complaints << QStringLiteral("exit code %1 after SIGTERM").arg(program.exitCode());
        (void)journalOf(m_home, m_runId);
        if (!isEarly && !m_runId.isEmpty() && !containers(QStringLiteral("aap.run=") + m_runId).isEmpty())
            complaints << QStringLiteral("containers are left after SIGTERM");
        return !isEarly && program.exitCode() == 0;
    }

    Home& m_home;
    Interlocutor& m_model;
    const QStringList m_command;
    bool m_isAsked = false;
    QString m_runId{};
};

void verifyNothingIsLeft(const Home& home, const QString& runId, bool hasDeployed)
{
    if (hasDeployed)
        QCOMPARE(home.run({QStringLiteral("sandbox"), QStringLiteral("prune"), QStringLiteral("--run"), runId}).exitCode, 0);
    QCOMPARE(containers(QStringLiteral("aap.run=") + runId), QStringList{});
    QCOMPARE(networks(QStringLiteral("aap.run=") + runId), QStringList{});
    QCOMPARE(halfWritten(home), QStringList{});
}

} // namespace

/// Runs that are killed at any moment, with the real program, engine and HTTP.
class ResumeTest : public QObject {
    Q_OBJECT

private slots:
    void aShortRunSurvivesHowOftenItIsKilled();
    void aWholeRunSurvivesToo();
    void aRunStopsInOrderWheneverItIsAsked();
    void aSecondProgramIsRefused();
    void raisedLimitsCountAndWhatWasPaidStaysPaid();
    void interruptedRunsAreOffered();
};

void ResumeTest::aShortRunSurvivesHowOftenItIsKilled()
{
    constexpr int kKills = 92;
    QRandomGenerator random(20261126);
    const auto recording = loadRecording(AAP_TEST_DATA "/e2e/coding-only.json");
    QVERIFY(recording);
    Interlocutor model(*recording);
    FakeMessagesApi api;
    const auto command = QStringList{QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"),
                                     QStringLiteral("tasks.json"), QStringLiteral("--yes"), QStringLiteral("--quiet")};
    const QByteArray tasks = R"({"coding": "Write hello.py, which prints hello."})";
    Home calm;
    calm.write(QStringLiteral("tasks.json"), tasks);
    Disturbed undisturbed(calm, api, model, command);
    QElapsedTimer watch;
    watch.start();
    QVERIFY(undisturbed.live(-1));
    QCOMPARE(undisturbed.complaints, QStringList{});
    const int span = int(watch.elapsed());
    const auto expected = resultOf(calm);
    QVERIFY(expected.workspace.contains(QStringLiteral("hello.py")));

    for (int kills = 0, runs = 0; kills < kKills; ++runs) {
        Home home;
        home.write(QStringLiteral("tasks.json"), tasks);
        Disturbed run(home, api, model, command);
        while (!run.live(kills + run.kills < kKills ? random.bounded(20, span) : -1)) { }
        kills += run.kills;
        QVERIFY2(run.complaints.isEmpty(), qPrintable(run.complaints.join(QLatin1Char('\n'))));
        const auto result = resultOf(home);
        QCOMPARE(result.state, expected.state);
        QCOMPARE(differences(result.workspace, expected.workspace), QStringList{});
        verifyNothingIsLeft(home, run.runId(), false);
    }
}

/// Every stage, its checks and the deployment, beside one that nobody kills.
void ResumeTest::aWholeRunSurvivesToo()
{
    constexpr int kKills = 8;
    QRandomGenerator random(4);
    const auto recording = loadRecording(AAP_SOURCE_DIR "/resources/demo/recording.json");
    QVERIFY(recording);
    const auto command = QStringList{QStringLiteral("run"), QStringLiteral("--requirements"), QString::fromStdString(recording->requirements), QStringLiteral("--yes"),
                                     QStringLiteral("--json"), QStringLiteral("--pipeline"), QStringLiteral("pipeline.json")};
    const QByteArray pipeline = R"({"monitoring_audit_seconds": 6})";
    Interlocutor calmModel(*recording);
    FakeMessagesApi calmApi;
    Home calm;
    calm.write(QStringLiteral("pipeline.json"), pipeline);
    Disturbed undisturbed(calm, calmApi, calmModel, command);
    auto isOver = std::async(std::launch::async, [&] { return undisturbed.live(-1); });

    Interlocutor model(*recording);
    FakeMessagesApi api;
    Home home;
    home.write(QStringLiteral("pipeline.json"), pipeline);
    Disturbed run(home, api, model, command);
    while (!(run.kills < kKills ? run.live(random.bounded(300), random.bounded(5, 90)) : run.live(-1))) { }
    QVERIFY(isOver.get());
    QCOMPARE(undisturbed.complaints + run.complaints, QStringList{});
    QCOMPARE(run.kills, kKills);
    const auto expected = resultOf(calm);
    const auto result = resultOf(home);
    QVERIFY(expected.workspace.size() > 30);
    QCOMPARE(result.state, expected.state);
    QCOMPARE(differences(result.workspace, expected.workspace), QStringList{});
    verifyNothingIsLeft(calm, undisturbed.runId(), true);
    verifyNothingIsLeft(home, run.runId(), true);
}

void ResumeTest::aRunStopsInOrderWheneverItIsAsked()
{
    constexpr int kStops = 12;
    QRandomGenerator random(7);
    const auto recording = loadRecording(AAP_TEST_DATA "/e2e/coding-only.json");
    QVERIFY(recording);
    Interlocutor model(*recording);
    FakeMessagesApi api;
    for (int stops = 0, runs = 0; stops < kStops; ++runs) {
        Home home;
        home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
        Disturbed run(home, api, model, {QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json"),
                                         QStringLiteral("--yes"), QStringLiteral("--quiet")});
        run.askToStop();
        while (!run.live(stops + run.kills < kStops ? random.bounded(50, 6000) : -1)) { }
        stops += run.kills;
        QVERIFY2(run.complaints.isEmpty(), qPrintable(run.complaints.join(QLatin1Char('\n'))));
        QVERIFY(resultOf(home).workspace.contains(QStringLiteral("hello.py")));
        verifyNothingIsLeft(home, run.runId(), false);
    }
}

void ResumeTest::aSecondProgramIsRefused()
{
    const auto recording = loadRecording(AAP_TEST_DATA "/e2e/coding-only.json");
    Interlocutor model(*recording);
    FakeMessagesApi api;
    Home home;
    home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
    Disturbed run(home, api, model, {});
    api.enqueue(Step{.body = "event: ping\ndata: {\"type\": \"ping\"}\n\n"}.ending(Step::End::Stall));
    const auto first = home.start({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"),
                                   QStringLiteral("tasks.json"), QStringLiteral("--yes"), QStringLiteral("--quiet")});
    QVERIFY(api.waitForRequests(1, Milliseconds(60'000)));
    const auto second = home.run({QStringLiteral("resume"), QStringLiteral("--last")});
    QCOMPARE(second.exitCode, 2);
    QVERIFY2(second.err.contains("another program is working on run"), second.err);
    QVERIFY(home.run({QStringLiteral("runs")}).out.contains("Running"));
    QVERIFY(first->processId() > 0); // 0 would be all of us
    ::kill(pid_t(first->processId()), SIGKILL);
    QVERIFY(first->waitForFinished());
    QVERIFY(home.run({QStringLiteral("runs")}).out.contains("Interrupted"));
    const auto third = home.run({QStringLiteral("resume"), QStringLiteral("--last"), QStringLiteral("--yes"), QStringLiteral("--quiet")});
    QVERIFY2(third.exitCode == 0, third.err);
}

void ResumeTest::raisedLimitsCountAndWhatWasPaidStaysPaid()
{
    const auto recording = loadRecording(AAP_TEST_DATA "/e2e/coding-only.json");
    Interlocutor model(*recording);
    FakeMessagesApi api;
    Home home;
    home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
    home.write(QStringLiteral("pipeline.json"), R"({"limits": {"calls": 2}})");
    Disturbed run(home, api, model, {QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json"),
                                     QStringLiteral("--yes"), QStringLiteral("--quiet"), QStringLiteral("--max-iterations"), QStringLiteral("1")});
    (void)run.live(-1);
    QVERIFY2(run.complaints.size() == 1 && run.complaints.first().startsWith(QStringLiteral("exit code 4")), qPrintable(run.complaints.join(QLatin1Char('\n'))));
    QString id;
    QCOMPARE(paidTurns(journalOf(home, id)).size(), 1U);

    const auto limited = home.run({QStringLiteral("resume"), QStringLiteral("--last"), QStringLiteral("--yes"), QStringLiteral("--quiet"), QStringLiteral("--max-iterations"),
                                   QStringLiteral("20"), QStringLiteral("--pipeline"), QStringLiteral("pipeline.json")});
    QCOMPARE(limited.exitCode, 4);
    QVERIFY2(limited.err.contains("budget of the run is used up: 2 calls of 2 calls"), limited.err); // the one paid before counts
    QCOMPARE(paidTurns(journalOf(home, id)).size(), 2U);

    home.write(QStringLiteral("pipeline.json"), R"({"limits": {"calls": 20}})");
    const auto done = home.run({QStringLiteral("resume"), id, QStringLiteral("--yes"), QStringLiteral("--quiet"), QStringLiteral("--pipeline"), QStringLiteral("pipeline.json")});
    QVERIFY2(done.exitCode == 0, done.err);
    const auto again = home.run({QStringLiteral("resume"), id});
    QCOMPARE(again.exitCode, 2);
    QVERIFY2(again.err.contains("the run has ended: Completed"), again.err);
}

void ResumeTest::interruptedRunsAreOffered()
{
    const auto recording = loadRecording(AAP_TEST_DATA "/e2e/coding-only.json");
    Interlocutor model(*recording);
    FakeMessagesApi api;
    Home home;
    home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
    Disturbed run(home, api, model, {QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json"), QStringLiteral("--yes")});
    api.enqueue(Step{.body = "event: ping\ndata: {\"type\": \"ping\"}\n\n"}.ending(Step::End::Stall));
    QVERIFY(!run.live(8000));
    QString id;
    QVERIFY(!journalOf(home, id).empty());
    const auto runs = home.run({QStringLiteral("runs"), QStringLiteral("--json")});
    QVERIFY2(runs.err.contains("1 interrupted run: agent-pipeline resume " + id.toUtf8()), runs.err);
    QVERIFY2(runs.out.contains("\"resumable\":true"), runs.out);
    for (const auto& arguments : {QStringList{QStringLiteral("resume")}, {QStringLiteral("resume"), QStringLiteral("--last"), id}, {QStringLiteral("resume"), QStringLiteral("nothing")}})
        QCOMPARE(home.run(arguments).exitCode, 2);
    QVERIFY(run.live(-1));
    QVERIFY2(run.complaints.isEmpty(), qPrintable(run.complaints.join(QLatin1Char('\n'))));
    QVERIFY(!home.run({QStringLiteral("runs")}).err.contains("interrupted"));
}

QTEST_GUILESS_MAIN(ResumeTest)
#include "tst_resume.moc"
