#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTimer>

#include "tests/ui/exhibit.h"
#include "tests/ui/run_story.h"
#include "ui/run/agents_pane.h"
#include "ui/run/run_page.h"
#include "ui/run/sandbox_panel.h"
#include "ui/widgets/sparkline.h"

using namespace aap;

namespace {

constexpr auto* kContainer = "0123456789abcdef0123456789abcdef";

SandboxLook lookAt(const char* purpose, double cpu, std::uint64_t memory, std::vector<std::vector<std::string>> processes)
{
    return {.info = {.id = kContainer, .name = "aap-run-coding", .image = "coding-agent-sandbox:latest", .imageId = "sha256:1"},
            .stage = "coding",
            .purpose = purpose,
            .use = {.cpuPercent = cpu, .memoryBytes = memory, .memoryLimitBytes = 1U << 30U, .processes = processes.size() - 1},
            .processes = std::move(processes)};
}

template <typename Widget>
Widget& part(QWidget& whole, const char* name)
{
    auto* found = whole.findChild<Widget*>(QLatin1String(name));
    Q_ASSERT(found != nullptr);
    return *found;
}

QStringList rowsOf(const QListWidget& list)
{
    QStringList rows;
    for (int row = 0; row < list.count(); ++row)
        rows << list.item(row)->text();
    return rows;
}

} // namespace

/// What stands beside the transcript: the sandbox at work, and the agents with their plans.
class RunPanesTest : public QObject {
    Q_OBJECT
private slots:
    void aSandboxIsLookedAtOnlyWhileItIsSeen();
    void whatASandboxUsesIsShown();
    void theSandboxOfTheNextStageIsNotShown();
    void processesCannotLie();
    void betweenTwoStagesThereIsNoSandbox();
    void anEngineThatFailsIsSaid();
    void aShellIsOneCommandAway();
    void agentsShowWhatTheyUsedAndPlan();
    void aChosenAgentStaysChosen();
    void whereThereIsLittleRoomTheAgentsGo();
};

namespace {

/// A panel of a run whose Coding stage is at work.
struct Watched {
    Watched()
    {
        RunStory story;
        story.happen(StageId::Coding, StageStarted{.model = "m", .maxTurns = 20, .container = kContainer});
        panel.follow(story.take().state, true);
    }
    SandboxPanel panel{};
};

} // namespace

void RunPanesTest::aSandboxIsLookedAtOnlyWhileItIsSeen()
{
    Watched at;
    const QSignalSpy asked(&at.panel, &SandboxPanel::lookAsked);
    QCOMPARE(asked.count(), 0);
    exhibit(at.panel);
    QCOMPARE(asked.count(), 1); // at once
    auto* clock = at.panel.findChild<QTimer*>();
    const auto tick = [clock] { QMetaObject::invokeMethod(clock, "timeout"); };
    tick();
    QCOMPARE(asked.count(), 1); // the answer is still out
    at.panel.take(std::vector{lookAt("agent", 10, 1000, {{"PID"}, {"1"}})});
    QVERIFY(clock->isActive());
    tick();
    QCOMPARE(asked.count(), 2);
    at.panel.take(std::vector{lookAt("agent", 10, 1000, {{"PID"}, {"1"}})});
    at.panel.follow(RunStory().take().state, false);
    tick();
    QCOMPARE(asked.count(), 2); // nothing is at work
    at.panel.hide();
    QVERIFY(!clock->isActive());
}

void RunPanesTest::whatASandboxUsesIsShown()
{
    Watched at;
    at.panel.take(std::vector{lookAt("agent", 30, 100U << 20U, {{"PID", "COMMAND"}, {"1", "porter"}, {"7", "pytest"}})});
    at.panel.take(std::vector{lookAt("agent", 90, 200U << 20U, {{"PID", "COMMAND"}, {"1", "porter"}}), lookAt("verifier", 20, 50U << 20U, {{"PID", "COMMAND"}, {"1", "sleep"}})});
    const auto place = part<QLabel>(at.panel, "sandboxPlace").text();
    QVERIFY2(place.contains(QStringLiteral("0123456789ab")) && place.contains(QStringLiteral("coding-agent-sandbox:latest")), qPrintable(place));
    QCOMPARE(part<Sparkline>(at.panel, "sandboxChart").values(), (std::vector<double>{30, 110}));
    auto& table = part<QTableView>(at.panel, "sandboxProcesses");
    const QAbstractItemModelTester tester(table.model());
    QCOMPARE(table.model()->rowCount(), 2); // of both
    QCOMPARE(table.model()->headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("COMMAND"));
    QCOMPARE(table.model()->index(1, 1).data().toString(), QStringLiteral("sleep"));
}

void RunPanesTest::theSandboxOfTheNextStageIsNotShown()
{
    Watched at;
    auto spare = lookAt("agent", 5, 1, {{"PID"}, {"1"}});
    spare.info.id = "spare";
    auto jobs = lookAt("agent", 7, 1, {{"PID"}, {"1"}});
    jobs.info.id = "jobs";
    jobs.info.name = "aap-run-coding-jobs-1";
    at.panel.take(std::vector{spare, lookAt("agent", 20, 1, {{"PID"}, {"1"}}), jobs});
    QCOMPARE(part<Sparkline>(at.panel, "sandboxChart").values(), std::vector<double>{27});
    QVERIFY(part<QLabel>(at.panel, "sandboxPlace").text().contains(QStringLiteral("0123456789ab")));
}

void RunPanesTest::processesCannotLie()
{
    SandboxProcesses processes;
    const QAbstractItemModelTester tester(&processes);
    processes.show({lookAt("agent", 0, 0, {{"PID", "COMMAND"}, {"1"}, {"2", "evil\xE2\x80\xAE\n<img src=x>", "more"}})});
    QCOMPARE(processes.index(0, 1).data().toString(), QString());
    QCOMPARE(processes.index(1, 1).data().toString(), QStringLiteral("evil\\u202e\\u000a<img src=x>"));
    processes.show({});
    QCOMPARE(processes.rowCount(), 0);
}

void RunPanesTest::betweenTwoStagesThereIsNoSandbox()
{
    Watched at;
    at.panel.take(std::vector{lookAt("agent", 1, 1, {{"PID"}, {"1"}})});
    at.panel.take(std::vector<SandboxLook>());
    QCOMPARE(part<QLabel>(at.panel, "sandboxPlace").text(), QStringLiteral("No sandbox is open at this moment."));
    QVERIFY(!part<QPushButton>(at.panel, "sandboxCopy").isEnabled());
    at.panel.follow(RunStory().take().state, false);
    at.panel.take(std::vector{lookAt("agent", 1, 1, {{"PID"}, {"1"}})}); // too late: the run has ended
    QVERIFY(part<QLabel>(at.panel, "sandboxPlace").text().startsWith(QStringLiteral("No sandbox: nothing")));
}

void RunPanesTest::anEngineThatFailsIsSaid()
{
    Watched at;
    at.panel.take(Error{ErrorCode::Unavailable, "the Docker engine does not answer", {}, "Start it."});
    const auto said = part<QLabel>(at.panel, "sandboxPlace").text();
    QVERIFY2(said.contains(QStringLiteral("does not answer")) && said.contains(QStringLiteral("Start it.")), qPrintable(said));
}

void RunPanesTest::aShellIsOneCommandAway()
{
    Watched at;
    at.panel.take(std::vector{lookAt("verifier", 1, 1, {{"PID"}, {"1"}})});
    QVERIFY(!part<QPushButton>(at.panel, "sandboxCopy").isEnabled()); // nobody goes into what proves
    at.panel.take(std::vector{lookAt("agent", 1, 1, {{"PID"}, {"1"}})});
    QTest::mouseClick(&part<QPushButton>(at.panel, "sandboxCopy"), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("docker exec -it 0123456789ab bash"));
}

void RunPanesTest::agentsShowWhatTheyUsedAndPlan()
{
    AgentsPane pane;
    pane.setContextSize([](const std::string& model) { return model == "small" ? 10'000 : 0; });
    RunStory story;
    story.happen(StageId::Coding, StageStarted{.model = "small", .maxTurns = 20})
        .happen(StageId::Coding, turnOf("a", 0.5, 1000, 900))
        .happen(StageId::Coding, PlanUpdated{{{"model", "completed"}, {"parser\nand <b>lexer</b>", "in_progress"}, {"CLI", "pending"}}});
    pane.append(story.take());
    const auto agents = rowsOf(part<QListWidget>(pane, "agents"));
    QCOMPARE(agents.size(), 5);
    QVERIFY2(agents[1].contains(QStringLiteral("Coding")) && agents[1].contains(QStringLiteral("$0.50")), qPrintable(agents[1]));
    QCOMPARE(part<QListWidget>(pane, "agents").currentRow(), 1);
    auto& plan = part<QListWidget>(pane, "plan");
    QCOMPARE(rowsOf(plan), QStringList({QStringLiteral("model"), QStringLiteral("parser and <b>lexer</b>"), QStringLiteral("CLI")}));
    QCOMPARE(plan.item(0)->data(Qt::AccessibleTextRole).toString(), QStringLiteral("Passed: model"));
    QCOMPARE(part<QLabel>(pane, "context").text(), QStringLiteral("Context: 20 % of 10.0 k tokens")); // 1000 + 900 + 100
    story.happen(StageId::Coding, PlanUpdated{{{"model", "completed"}}});
    pane.append(story.take());
    QCOMPARE(rowsOf(plan), QStringList({QStringLiteral("model")}));
    pane.clear();
    QCOMPARE(plan.count() + part<QListWidget>(pane, "agents").count(), 0);
}

void RunPanesTest::aChosenAgentStaysChosen()
{
    AgentsPane pane;
    exhibit(pane, {250, 400});
    RunStory story;
    story.happen(StageId::Coding, StageStarted{.model = "m", .maxTurns = 20});
    pane.append(story.take());
    auto& agents = part<QListWidget>(pane, "agents");
    QTest::mouseClick(agents.viewport(), Qt::LeftButton, {}, agents.visualItemRect(agents.item(0)).center());
    QCOMPARE(agents.currentRow(), 0);
    story.happen(StageId::Coding, turnOf("a", 0.1, 10, 0));
    pane.append(story.take());
    QCOMPARE(agents.currentRow(), 0); // reading wins over arriving
    pane.clear();
    pane.append(story.happen(StageId::Coding, turnOf("b", 0.1, 10, 0)).take());
    QCOMPARE(agents.currentRow(), 1);
}

void RunPanesTest::whereThereIsLittleRoomTheAgentsGo()
{
    RunPage page;
    page.begin(RunStory::kId);
    page.append(RunStory().take());
    exhibit(page, {1280, 700});
    auto& agents = part<QListWidget>(page, "agents");
    QTRY_VERIFY(agents.isVisible());
    page.resize(920, 600);
    QTRY_VERIFY(!agents.isVisible());
    auto& tabs = part<QTabWidget>(page, "runTabs");
    QStringList names;
    for (int tab = 0; tab < tabs.count(); ++tab)
        names << tabs.tabText(tab);
    QCOMPARE(names, QStringList({QStringLiteral("Transcript"), QStringLiteral("Log"), QStringLiteral("Changes"), QStringLiteral("Files"), QStringLiteral("Sandbox"), QStringLiteral("Metrics"), QStringLiteral("Problems")}));
}

QTEST_MAIN(RunPanesTest)
#include "tst_run_panes.moc"
