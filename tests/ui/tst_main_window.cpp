#include <condition_variable>
#include <thread>

#include <QAction>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

#include "core/pipeline/run_request.h"
#include "ui/run/transcript_view.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

constexpr auto* kRunId = "20261124-120000-abcdef";

/// A program around the window whose runs say what they are told and wait at a gate or for their end.
class ScriptedWorkbench final : public Workbench {
public:
    ~ScriptedWorkbench() override
    {
        m_stop.request_stop();
        if (m_run.joinable())
            m_run.join();
    }

    std::string startRun(const QString& requirements, std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended) override
    {
        asked = requirements;
        return start(std::move(observer), std::move(approver), std::move(ended));
    }
    std::string startDemo(std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended) override
    {
        label = "recorded replies, no model is called";
        return start(std::move(observer), std::move(approver), std::move(ended));
    }
    void stop(const std::string& /*runId*/) override { m_stop.request_stop(); }
    void removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done) override
    {
        removed << QString::fromStdString(runId);
        done(removalFails ? Result<void>(Error{ErrorCode::Unavailable, "no engine answers"}) : Result<void>());
    }
    bool isRunning() const override { return m_running; }
    void examine(std::function<void(const std::vector<Finding>&)> found) override { found(findings); }
    QString modelName() const override { return QStringLiteral("claude-sonnet-5-5"); }
    QString demoRequirements() const override { return QStringLiteral("# Demo"); }

    QString asked;
    std::string label;
    QString output;
    bool waitsAtGate = false;
    bool runsUntilStopped = false;
    bool deploys = false;
    bool removalFails = false;
    QStringList removed;
    std::vector<Finding> findings;
    Approver::Answer answered;
    std::optional<Error> refusal;

private:
    std::string start(std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
    {
        if (m_run.joinable())
            m_run.join();
        m_stop = std::stop_source();
        m_running = true;
        m_run = std::thread([this, observer = std::move(observer), approver = std::move(approver), ended = std::move(ended)] {
            if (!refusal)
                play(*observer, *approver);
            m_running = false;
            ended(refusal ? Result<RunState>(*refusal) : Result<RunState>(m_state));
        });
        return kRunId;
    }

    void happen(RunObserver& observer, std::optional<StageId> stage, Payload payload)
    {
        const RunEvent event{.seq = m_state.lastSeq + 1, .at = now(), .stage = stage, .payload = std::move(payload)};
        apply(m_state, event);
        observer.happened(event, m_state);
    }

    void play(RunObserver& observer, Approver& approver)
    {
        m_state = {};
        m_state.id = kRunId;
        RunStarted started;
        started.title = "Todo service <b>not bold</b>";
        started.recordingLabel = label;
        started.output = output.toStdString();
        started.pipeline = toJson(PipelineSpec::standard(RunMode::Full));
        happen(observer, {}, started);
        happen(observer, StageId::Architecture, StageStarted{.attempt = 1, .round = 0, .model = "claude-sonnet-5-5", .maxTurns = 20});
        observer.live({.kind = LiveEvent::Kind::Text, .stage = StageId::Architecture, .callId = {}, .text = "I read the requirements first."});
        TurnFinished turn;
        turn.turn = 1;
        turn.content = Json::array({{{"type", "text"}, {"text", "I read the requirements first."}}});
        turn.usage = {.inputTokens = 1200, .outputTokens = 300, .calls = 1};
        turn.cost = Money::usd(0.0054);
        happen(observer, StageId::Architecture, turn);
        happen(observer, StageId::Architecture, ToolStarted{.callId = "a", .tool = "list_directory", .input = {}, .summary = "."});
        ToolFinished tool;
        tool.callId = "a";
        tool.tool = "list_directory";
        tool.result = "README.md\nsrc/";
        happen(observer, StageId::Architecture, tool);
        happen(observer, StageId::Architecture, CheckFinished{{.id = "architecture.must-requirements"}});
        happen(observer, StageId::Architecture, StageFinished{.status = StageStatus::Passed});
        happen(observer, StageId::Coding, StageStarted{.attempt = 1, .round = 0, .model = "claude-sonnet-5-5", .maxTurns = 20});
        if (waitsAtGate)
            askAt(observer, approver);
        if (deploys)
            happen(observer, StageId::Deployment, DeploymentChanged{.state = "healthy", .details = {{"service", "api"}}});
        if (runsUntilStopped)
            waitForStop();
        const bool stopped = m_stop.stop_requested();
        happen(observer, {}, RunFinished{.ending = stopped ? RunEnding::Stopped : RunEnding::Completed, .reason = stopped ? "you asked for it" : "every stage passed"});
    }

    void askAt(RunObserver& observer, Approver& approver)
    {
        const GateOpened gate{.gate = "deployment", .question = "Deploy the service?", .details = {{"environment", "development"}}};
        happen(observer, StageId::Deployment, gate);
        answered = approver.ask(gate, m_stop.get_token());
        happen(observer, StageId::Deployment, GateDecided{.gate = "deployment", .decision = "approved", .by = answered.by});
    }

    void waitForStop()
    {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::unique_lock lock(mutex);
        changed.wait(lock, m_stop.get_token(), [] { return false; });
    }

    std::thread m_run;
    std::stop_source m_stop;
    std::atomic_bool m_running = false;
    RunState m_state;
};

} // namespace

/// The window with real keys and clicks.
class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void writtenRequirementsSurviveTheNextStart();
    void ctrlReturnStartsAndTheTranscriptShowsTheRun();
    void withoutRequirementsNothingStarts();
    void escapeNeverStopsARun();
    void aGateIsDecidedByTheUser();
    void closingAsksWhileARunIsOnAndStopsIt();
    void whatIsMissingIsSaidOnTheDoctorPage();
    void theCardOfAStageLeadsToItsBegin();
    void whatIsDeployedCanBeRemoved();
    void leavingAsksAboutWhatIsDeployed();
    void aRunThatCannotStartSaysWhy();
    void filesAreShownOneAfterTheOther();
    void everyFocusableWidgetHasAName();
    void noTwoActionsShareAKey();
    void textOfAgentsIsNeverMarkup();
    void pictures_data();
    void pictures();

private:
    QString draft() const { return m_folder.filePath(QStringLiteral("draft.md")); }
    static void write(MainWindow& window, const QString& words)
    {
        auto* editor = window.findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor"));
        editor->setFocus();
        editor->selectAll();
        const auto lines = words.split(u'\n');
        QTest::keyClicks(editor, lines.first());
        for (const auto& line : lines.sliced(1)) {
            QTest::keyClick(editor, Qt::Key_Return);
            QTest::keyClicks(editor, line);
        }
    }
    QTemporaryDir m_folder;
};

void MainWindowTest::initTestCase()
{
    applyScheme(Scheme::Light);
}

void MainWindowTest::writtenRequirementsSurviveTheNextStart()
{
    ScriptedWorkbench workbench;
    {
        MainWindow window(workbench, draft());
        window.show();
        write(window, QStringLiteral("Sort photos by date"));
        window.close();
    }
    MainWindow again(workbench, draft());
    QCOMPARE(again.findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor"))->toPlainText(), QStringLiteral("Sort photos by date"));
}

void MainWindowTest::ctrlReturnStartsAndTheTranscriptShowsTheRun()
{
    ScriptedWorkbench workbench;
    MainWindow window(workbench, draft());
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    write(window, QStringLiteral("Sort photos"));
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(workbench.asked, QStringLiteral("Sort photos"));
    auto* transcript = window.findChild<QListView*>(QStringLiteral("transcript"));
    QStringList rows;
    const auto readRows = [&] {
        rows.clear();
        for (int row = 0; row < transcript->model()->rowCount(); ++row)
            rows << transcript->model()->index(row, 0).data().toString();
        return rows;
    };
    QTRY_VERIFY(readRows().contains(QStringLiteral("Completed")));
    QVERIFY(rows.contains(QStringLiteral("I read the requirements first.")));
    QVERIFY(rows.contains(QStringLiteral("list_directory  .")));
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("stageCard.architecture"))->accessibleDescription().contains(QStringLiteral("Passed")));
}

void MainWindowTest::withoutRequirementsNothingStarts()
{
    ScriptedWorkbench workbench;
    MainWindow window(workbench, m_folder.filePath(QStringLiteral("empty.md")));
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!window.findChild<QPushButton*>(QStringLiteral("startButton"))->isEnabled());
    QVERIFY(workbench.asked.isNull());
}

void MainWindowTest::escapeNeverStopsARun()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    MainWindow window(workbench, draft());
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("runNote"))->text().contains(QStringLiteral("ecorded replies")));
    QTest::keyClick(&window, Qt::Key_Escape);
    QVERIFY(workbench.isRunning());
    QTest::keyClick(&window, Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(ended.count(), 1);
}

void MainWindowTest::aGateIsDecidedByTheUser()
{
    ScriptedWorkbench workbench;
    workbench.waitsAtGate = true;
    MainWindow window(workbench, draft());
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    auto* approve = window.findChild<QPushButton*>(QStringLiteral("approveButton"));
    QTRY_VERIFY(approve->isVisible());
    QCOMPARE(ended.count(), 0);
    QTest::keyClicks(window.findChild<QLineEdit*>(QStringLiteral("gateComment")), QStringLiteral("looks good"));
    QTest::mouseClick(approve, Qt::LeftButton);
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(workbench.answered.decision, Approver::Decision::Approved);
    QCOMPARE(workbench.answered.comment, std::string("looks good"));
}

void MainWindowTest::closingAsksWhileARunIsOnAndStopsIt()
{
    ScriptedWorkbench workbench;
    workbench.runsUntilStopped = true;
    MainWindow window(workbench, draft());
    window.show();
    window.startDemo();
    QVERIFY(!window.close());
    QPushButton* stop = nullptr;
    QTRY_VERIFY((stop = window.findChild<QPushButton*>(QStringLiteral("stopAndQuit"))) != nullptr);
    QTest::mouseClick(stop, Qt::LeftButton);
    QTRY_VERIFY(!window.isVisible());
    QVERIFY(!workbench.isRunning());
}

void MainWindowTest::whatIsMissingIsSaidOnTheDoctorPage()
{
    ScriptedWorkbench workbench;
    Finding docker;
    docker.id = "docker";
    docker.title = "Docker engine";
    docker.status = Finding::Status::Fail;
    docker.detail = "No engine answers at unix:///var/run/docker.sock.";
    docker.remedy = "Start it.";
    docker.fixCommand = "sudo systemctl start docker";
    workbench.findings = {docker};
    MainWindow window(workbench, draft());
    window.show();
    auto* banner = window.findChild<QLabel*>(QStringLiteral("banner"));
    QTRY_VERIFY(banner->isVisible());
    QVERIFY(banner->text().contains(QStringLiteral("No engine answers")));
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("finding.docker")));
    QVERIFY(window.findChild<QListWidget*>(QStringLiteral("navigation"))->item(3)->text().endsWith(u'!'));
    workbench.findings.clear();
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("checkAgain")), Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("doctorSummary"))->text().contains(QStringLiteral("can start")));
}

void MainWindowTest::theCardOfAStageLeadsToItsBegin()
{
    ScriptedWorkbench workbench;
    MainWindow window(workbench, draft());
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    auto* transcript = window.findChild<QListView*>(QStringLiteral("transcript"));
    QTest::mouseClick(window.findChild<QWidget*>(QStringLiteral("stageCard.coding")), Qt::LeftButton);
    QCOMPARE(transcript->currentIndex().data().toString(), QStringLiteral("Coding"));
    auto* architecture = window.findChild<QWidget*>(QStringLiteral("stageCard.architecture"));
    QTest::keyClick(architecture, Qt::Key_Return);
    QCOMPARE(transcript->currentIndex().data().toString(), QStringLiteral("Architecture"));
}

void MainWindowTest::whatIsDeployedCanBeRemoved()
{
    ScriptedWorkbench workbench;
    workbench.deploys = true;
    workbench.removalFails = true;
    MainWindow window(workbench, draft());
    window.show();
    auto* offer = window.findChild<QLabel*>(QStringLiteral("deployments"));
    auto* remove = window.findChild<QPushButton*>(QStringLiteral("deploymentsButton"));
    QVERIFY(!offer->isVisible());
    window.startDemo();
    QTRY_VERIFY(remove->isVisible());
    QTest::mouseClick(remove, Qt::LeftButton);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("banner"))->text().contains(QStringLiteral("No engine answers")));
    QTRY_VERIFY(remove->isEnabled()); // it still stands
    workbench.removalFails = false;
    QTest::mouseClick(remove, Qt::LeftButton);
    QTRY_VERIFY(!offer->isVisible());
    QCOMPARE(workbench.removed, QStringList({QLatin1String(kRunId), QLatin1String(kRunId)}));
    QVERIFY(window.close());
}

void MainWindowTest::leavingAsksAboutWhatIsDeployed()
{
    ScriptedWorkbench workbench;
    workbench.deploys = true;
    MainWindow window(workbench, draft());
    window.show();
    window.startDemo();
    QTRY_VERIFY(window.findChild<QPushButton*>(QStringLiteral("deploymentsButton"))->isVisible());
    QVERIFY(!window.close());
    QTest::keyClick(window.findChild<QWidget*>(QStringLiteral("closeQuestion")), Qt::Key_Escape);
    QTRY_VERIFY(!window.findChild<QWidget*>(QStringLiteral("closeQuestion")));
    QVERIFY(window.isVisible());
    QVERIFY(!window.close());
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("removeAndQuit")), Qt::LeftButton);
    QTRY_VERIFY(!window.isVisible());
    QCOMPARE(workbench.removed.size(), 1);
}

void MainWindowTest::aRunThatCannotStartSaysWhy()
{
    ScriptedWorkbench workbench;
    workbench.refusal = Error{ErrorCode::Unauthorized, "there is no API key", {}, "Set ANTHROPIC_API_KEY."};
    MainWindow window(workbench, draft());
    window.show();
    window.startDemo();
    QTRY_COMPARE(window.findChild<QLabel*>(QStringLiteral("runNote"))->text(), QStringLiteral("There is no API key. Set ANTHROPIC_API_KEY."));
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("bannerButton")), Qt::LeftButton);
    QVERIFY(window.findChild<QWidget*>(QStringLiteral("pageDoctor"))->isVisible());
}

void MainWindowTest::filesAreShownOneAfterTheOther()
{
    QTemporaryDir output;
    for (const auto& [name, words] : {std::pair{"a.md", "# First\n<b>raw</b>"}, {"b.md", "*Second*"}, {"c.txt", "*Third*"}, {"d.md", "Fourth"}}) {
        QFile file(output.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(words) > 0);
    }
    ScriptedWorkbench workbench;
    workbench.output = output.path();
    MainWindow window(workbench, draft());
    window.show();
    window.startDemo();
    auto* tree = window.findChild<QTreeWidget*>(QStringLiteral("artifactTree"));
    QTRY_COMPARE(tree->topLevelItemCount(), 4);
    const auto* rendered = window.findChild<QTextBrowser*>(QStringLiteral("artifactRendered"));
    const auto* plain = window.findChild<QPlainTextEdit*>(QStringLiteral("artifactView"));
    tree->setCurrentItem(tree->topLevelItem(0));
    QTRY_VERIFY(rendered->toPlainText().startsWith(QStringLiteral("First")));
    tree->setCurrentItem(tree->topLevelItem(1));
    QTRY_COMPARE(rendered->toPlainText(), QStringLiteral("Second"));
    tree->setCurrentItem(tree->topLevelItem(2));
    QTRY_COMPARE(plain->toPlainText(), QStringLiteral("*Third*"));
    tree->setCurrentItem(tree->topLevelItem(3));
    QTRY_COMPARE(rendered->toPlainText(), QStringLiteral("Fourth"));
    window.findChild<QPushButton*>(QStringLiteral("showSource"))->click();
    QCOMPARE(plain->toPlainText(), QStringLiteral("Fourth"));
}

void MainWindowTest::everyFocusableWidgetHasAName()
{
    ScriptedWorkbench workbench;
    const MainWindow window(workbench, draft());
    QStringList nameless;
    for (const auto* widget : window.findChildren<QWidget*>()) {
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool named = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
        const bool ours = !widget->objectName().isEmpty() && !widget->objectName().startsWith(QStringLiteral("qt_"));
        if (ours && (widget->focusPolicy() & Qt::TabFocus) && !named)
            nameless << widget->objectName();
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u' ')));
}

void MainWindowTest::noTwoActionsShareAKey()
{
    ScriptedWorkbench workbench;
    const MainWindow window(workbench, draft());
    QHash<QKeySequence, QString> owners;
    for (const auto* action : window.findChildren<QAction*>()) {
        if (action->shortcut().isEmpty())
            continue;
        QVERIFY2(!owners.contains(action->shortcut()), qPrintable(action->objectName() + QStringLiteral(" and ") + owners.value(action->shortcut())));
        owners.insert(action->shortcut(), action->objectName());
        QVERIFY2(!action->toolTip().isEmpty() && !action->objectName().isEmpty(), qPrintable(action->text()));
    }
    QVERIFY(owners.size() > 5);
}

void MainWindowTest::textOfAgentsIsNeverMarkup()
{
    ScriptedWorkbench workbench;
    MainWindow window(workbench, draft());
    window.show();
    const QSignalSpy ended(&window, &MainWindow::runEnded);
    window.startDemo();
    QTRY_COMPARE(ended.count(), 1);
    QTRY_VERIFY(window.findChild<QLabel*>(QStringLiteral("runHeadline"))->text().contains(QStringLiteral("<b>not bold</b>")));
    for (const auto* label : window.findChildren<QLabel*>())
        if (label->text().contains(u'<'))
            QCOMPARE(label->textFormat(), Qt::PlainText);
}

void MainWindowTest::pictures_data()
{
    QTest::addColumn<int>("scheme");
    QTest::addColumn<QSize>("size");
    QTest::newRow("light-1280x800") << int(Scheme::Light) << QSize(1280, 800);
    QTest::newRow("dark-1280x800") << int(Scheme::Dark) << QSize(1280, 800);
    QTest::newRow("light-960x600") << int(Scheme::Light) << QSize(960, 600);
    QTest::newRow("dark-960x600") << int(Scheme::Dark) << QSize(960, 600);
}

void MainWindowTest::pictures()
{
    QFETCH(const int, scheme);
    QFETCH(const QSize, size);
    applyScheme(Scheme(scheme));
    ScriptedWorkbench workbench;
    workbench.waitsAtGate = true;
    MainWindow window(workbench, draft());
    window.resize(size);
    window.show();
    write(window, QStringLiteral("# Photo sorter\n- The tool must sort images by date\n- RAW files should be supported\n"));
    window.startDemo();
    QTRY_VERIFY(window.findChild<QPushButton*>(QStringLiteral("approveButton"))->isVisible());
    const QDir folder(QStringLiteral(AAP_BINARY_DIR "/screenshots"));
    QVERIFY(folder.mkpath(QStringLiteral(".")));
    auto* navigation = window.findChild<QListWidget*>(QStringLiteral("navigation"));
    for (int page = 0; page < navigation->count(); ++page) {
        navigation->setCurrentRow(page);
        const auto picture = window.grab().toImage();
        QVERIFY(picture.save(folder.filePath(QStringLiteral("window-%1-%2.png").arg(QLatin1String(QTest::currentDataTag())).arg(page + 1))));
        const auto corner = picture.pixelColor(picture.width() - 4, picture.height() / 2).lightness();
        QVERIFY2(Scheme(scheme) == Scheme::Dark ? corner < 80 : corner > 200, "the window does not wear the scheme");
    }
    window.stopRun();
    applyScheme(Scheme::Light);
}

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
