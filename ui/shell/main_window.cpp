#include "ui/shell/main_window.h"

#include <algorithm>

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QLabel>
#include <QListWidget>
#include <QMenuBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QHBoxLayout>
#include <QStatusBar>
#include <QTime>
#include <QToolBar>
#include <QVBoxLayout>

#include "core/engine/gate_desk.h"
#include "ui/artifacts/artifacts_page.h"
#include "ui/describe.h"
#include "ui/doctor/doctor_page.h"
#include "ui/project/project_page.h"
#include "ui/run/run_page.h"
#include "ui/widgets/look.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr int kSidebarWidth = 176;
constexpr int kNavigationRow = 32;

QAction* action(QObject* parent, const char* name, const QString& label, const QKeySequence& keys, const QString& tip)
{
    auto* made = new QAction(label, parent);
    made->setObjectName(name);
    made->setShortcut(keys);
    made->setToolTip(keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys.toString(QKeySequence::NativeText)));
    made->setStatusTip(tip);
    return made;
}

QString shown(Finding::Status status)
{
    switch (status) {
    case Finding::Status::Ok: return QStringLiteral("✓");
    case Finding::Status::Warn: return QStringLiteral("!");
    case Finding::Status::Fail: return QStringLiteral("✗");
    }
    return {};
}

/// Without an engine nothing runs at all, without a key the demo does.
std::vector<Finding>::const_iterator mostUrgent(const std::vector<Finding>& findings)
{
    const auto fails = [](const Finding& finding) { return finding.status == Finding::Status::Fail; };
    const auto engine = std::ranges::find_if(findings, [&](const Finding& finding) { return fails(finding) && finding.id == "docker"; });
    return engine != findings.end() ? engine : std::ranges::find_if(findings, fails);
}

} // namespace

MainWindow::MainWindow(Workbench& workbench, const QString& draftFile, QWidget* parent) :
    QMainWindow(parent),
    m_workbench(workbench),
    m_navigation(new QListWidget(this)),
    m_pages(new QStackedWidget(this)),
    m_banner(new NoticeBar(QStringLiteral("banner"), tr("Open &Doctor"), this))
{
    setWindowTitle(tr("Agent Pipeline"));
    setMinimumSize(960, 600);
    resize(1280, 800);
    makePages(draftFile);
    makeCentre();
    connectPages();
    makeActions();
    makeStatusBar();
    showPage(Project);
    setRunning(false);
    examine();
}

MainWindow::~MainWindow() = default;

void MainWindow::makePages(const QString& draftFile)
{
    m_project = new ProjectPage(draftFile, this);
    m_run = new RunPage(this);
    m_artifacts = new ArtifactsPage(this);
    m_doctor = new DoctorPage(this);
    const std::pair<QString, QWidget*> pages[] = {
        {tr("Project"), m_project}, {tr("Run"), m_run}, {tr("Artifacts"), m_artifacts}, {tr("Doctor"), m_doctor}};
    for (const auto& [name, page] : pages) {
        auto* entry = new QListWidgetItem(name, m_navigation);
        entry->setSizeHint({0, kNavigationRow}); // as wide as the list is
        m_pages->addWidget(page);
    }
}

void MainWindow::makeCentre()
{
    m_pages->setObjectName("pages");
    m_navigation->setObjectName("navigation");
    m_navigation->setAccessibleName(tr("Pages"));
    m_navigation->setFixedWidth(kSidebarWidth);
    m_navigation->setFrameShape(QFrame::NoFrame);
    m_navigation->setSpacing(2);
    m_navigation->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_pages, 1);
    auto* centre = new QWidget(this);
    auto* row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_navigation);
    row->addWidget(right, 1);
    setCentralWidget(centre);
}

void MainWindow::connectPages()
{
    connect(m_navigation, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_banner, &NoticeBar::acted, this, [this] { showPage(Doctor); });
    connect(m_project, &ProjectPage::startAsked, this, &MainWindow::startRun);
    connect(m_project, &ProjectPage::stopAsked, this, &MainWindow::stopRun);
    connect(m_project, &ProjectPage::demoAsked, this, &MainWindow::startDemo);
    connect(m_project, &ProjectPage::changed, this, [this] { setRunning(m_workbench.isRunning()); });
    connect(m_project, &ProjectPage::saved, this, [this](bool succeeded, const QString& message) {
        m_savedState->setText(succeeded ? tr("Saved %1").arg(QTime::currentTime().toString(QStringLiteral("HH:mm")))
                                        : tr("Not saved: %1").arg(message));
    });
    connect(m_doctor, &DoctorPage::checkAsked, this, &MainWindow::examine);
    connect(m_run, &RunPage::stopAsked, this, &MainWindow::stopRun);
    connect(m_run, &RunPage::gateDecided, this, &MainWindow::decideGate);
    connect(m_run, &RunPage::removalAsked, this, &MainWindow::removeDeployments);
}

void MainWindow::makeActions()
{
    auto* file = menuBar()->addMenu(tr("&File"));
    auto* quit = action(this, "quit", tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), tr("Close the window"));
    connect(quit, &QAction::triggered, this, &QWidget::close);
    file->addAction(quit);

    makeViewMenu();
    makeRunMenu();

    auto* help = menuBar()->addMenu(tr("&Help"));
    auto* about = action(this, "about", tr("&About Agent Pipeline"), {}, tr("Version and licence"));
    connect(about, &QAction::triggered, this, [this] {
        auto* box = new Question(tr("About Agent Pipeline"),
                                 tr("Agent Pipeline %1\nFive agents turn requirements into a verified project.\nApache License 2.0").arg(QStringLiteral(AAP_VERSION)), this);
        box->setObjectName("aboutBox");
        box->offer("closeAbout", tr("&Close"), [] {});
        box->ask();
    });
    help->addAction(about);
}

void MainWindow::makeViewMenu()
{
    auto* view = menuBar()->addMenu(tr("&View"));
    const std::pair<const char*, QString> pages[] = {
        {"page1", tr("&Project")}, {"page2", tr("&Run")}, {"page3", tr("&Artifacts")}, {"page4", tr("&Doctor")}};
    for (int i = 0; i < int(std::size(pages)); ++i) {
        auto* page = action(this, pages[i].first, pages[i].second, QKeySequence(QStringLiteral("Ctrl+%1").arg(i + 1)), tr("Go to this page"));
        connect(page, &QAction::triggered, this, [this, i] { showPage(Page(i)); });
        view->addAction(page);
    }
    view->addSeparator();
    auto* refresh = action(this, "refresh", tr("Re&load, check again"), QKeySequence(Qt::Key_F5), tr("Read the files and look at everything anew"));
    connect(refresh, &QAction::triggered, this, [this] {
        m_artifacts->reload();
        examine();
    });
    view->addAction(refresh);
    view->addSeparator();
    auto* schemes = new QActionGroup(this);
    const std::tuple<const char*, QString, Scheme> looks[] = {
        {"schemeSystem", tr("Colours of the &system"), Scheme::System}, {"schemeLight", tr("&Light"), Scheme::Light}, {"schemeDark", tr("Dar&k"), Scheme::Dark}};
    for (const auto& [name, label, scheme] : looks) {
        auto* look = action(this, name, label, {}, tr("Change the colours at once"));
        look->setCheckable(true);
        look->setChecked(scheme == Scheme::System);
        connect(look, &QAction::triggered, this, [scheme = scheme] { applyScheme(scheme); });
        schemes->addAction(look);
        view->addAction(look);
    }
}

void MainWindow::makeRunMenu()
{
    auto* run = menuBar()->addMenu(tr("&Run"));
    m_startAction = action(this, "startRun", tr("&Start run"), QKeySequence(Qt::CTRL | Qt::Key_Return), tr("Start the five agents on the requirements"));
    m_stopAction = action(this, "stop", tr("S&top"), QKeySequence(Qt::CTRL | Qt::Key_Period), tr("Stop the run in order; everything made so far is kept"));
    m_demoAction = action(this, "demo", tr("Try the &demo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M), tr("A recorded run: no key is needed and nothing is spent"));
    connect(m_startAction, &QAction::triggered, this, &MainWindow::startRun);
    connect(m_stopAction, &QAction::triggered, this, &MainWindow::stopRun);
    connect(m_demoAction, &QAction::triggered, this, &MainWindow::startDemo);
    for (auto* entry : {m_startAction, m_stopAction, m_demoAction})
        run->addAction(entry);
}

void MainWindow::makeStatusBar()
{
    const auto part = [this](const char* name) {
        auto* label = new QLabel(this);
        label->setObjectName(name);
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(8, 0, 8, 0);
        statusBar()->addPermanentWidget(label);
        return label;
    };
    m_engineState = part("statusEngine");
    m_keyState = part("statusKey");
    m_modelState = part("statusModel");
    m_stageState = part("statusStage");
    m_moneyState = part("statusMoney");
    m_savedState = part("statusSaved");
    m_modelState->setText(m_workbench.modelName());
    refreshStatus();
}

void MainWindow::showPage(Page page)
{
    m_navigation->setCurrentRow(page);
}

void MainWindow::startDemo()
{
    if (m_workbench.isRunning())
        return showPage(Run);
    begin([this](auto observer, auto approver, auto ended) { return m_workbench.startDemo(std::move(observer), std::move(approver), std::move(ended)); });
}

void MainWindow::startRun()
{
    if (m_workbench.isRunning())
        return showPage(Run);
    if (m_project->requirements().trimmed().isEmpty())
        return showPage(Project);
    m_project->save();
    begin([this](auto observer, auto approver, auto ended) {
        return m_workbench.startRun(m_project->requirements(), std::move(observer), std::move(approver), std::move(ended));
    });
}

void MainWindow::begin(const std::function<std::string(std::shared_ptr<RunObserver>, std::shared_ptr<Approver>, Workbench::Ended)>& start)
{
    // The feed belongs to the GUI thread though the run shares it: the last owner hands it back to be deleted here.
    m_feed = std::shared_ptr<RunFeed>(new RunFeed, [](RunFeed* feed) { feed->deleteLater(); });
    m_gates = std::make_shared<GateDesk>();
    connect(m_feed.get(), &RunFeed::arrived, this, &MainWindow::takeBatch);
    showPage(Run);
    m_banner->hide();
    m_runId = start(m_feed, m_gates, [this](const Result<RunState>& outcome) {
        QMetaObject::invokeMethod(this, [this, outcome] { takeEnd(outcome); }, Qt::QueuedConnection);
    });
    m_run->begin(m_runId); // what the run says arrives by the event loop, so nothing of it is lost
    setRunning(true);
}

void MainWindow::stopRun()
{
    m_workbench.stop(m_runId);
    m_stopAction->setEnabled(false);
    m_run->showStopping();
}

void MainWindow::takeBatch(const RunBatch& batch)
{
    m_run->append(batch);
    const auto output = text(batch.state.started.output);
    const bool filesChanged = std::ranges::any_of(batch.events, [](const RunEvent& event) {
        return std::holds_alternative<RunStarted>(event.payload) || std::holds_alternative<StageFinished>(event.payload)
            || std::holds_alternative<RunFinished>(event.payload);
    });
    if (!output.isEmpty() && filesChanged)
        m_artifacts->setFolder(output);
    refreshStatus();
}

void MainWindow::takeEnd(const Result<RunState>& outcome)
{
    m_feed->deliver();
    setRunning(false);
    if (!outcome) {
        m_run->showFailure(outcome.error());
        if (outcome.error().code != ErrorCode::Stopped)
            m_banner->say(describe(outcome.error()));
        examine(); // what is missing may be the reason
    } else if (outcome->id == m_runId && outcome->deployment.is_object()) {
        m_deployed.push_back(m_runId);
        m_run->showDeployments(int(m_deployed.size()));
    }
    m_artifacts->reload();
    refreshStatus();
    emit runEnded();
    if (m_closeWhenEnded)
        close();
}

void MainWindow::decideGate(const Approver::Answer& answer)
{
    if (m_gates && m_gates->decide(answer))
        m_run->hideGate();
}

void MainWindow::removeDeployments()
{
    m_removing = m_deployed.size();
    m_run->showRemoving();
    for (const auto& runId : m_deployed)
        m_workbench.removeDeployment(runId, [this, runId](const Result<void>& outcome) {
            QMetaObject::invokeMethod(this, [this, runId, outcome] { takeRemoval(runId, outcome); }, Qt::QueuedConnection);
        });
}

void MainWindow::takeRemoval(const std::string& runId, const Result<void>& outcome)
{
    if (outcome)
        std::erase(m_deployed, runId);
    else
        m_banner->say(describe(outcome.error()));
    if (--m_removing > 0)
        return;
    m_run->showDeployments(int(m_deployed.size()));
    if (m_closeWhenEnded && m_deployed.empty())
        close();
    m_closeWhenEnded = false; // what could not be removed is said, and asked about again
}

void MainWindow::examine()
{
    m_doctor->showChecking();
    m_workbench.examine([this](const std::vector<Finding>& findings) {
        QMetaObject::invokeMethod(this, [this, findings] { takeFindings(findings); }, Qt::QueuedConnection);
    });
}

void MainWindow::takeFindings(const std::vector<Finding>& findings)
{
    m_doctor->show(findings);
    const auto state = [&](std::string_view id) {
        const auto found = std::ranges::find(findings, id, &Finding::id);
        return found == findings.end() ? QString() : shown(found->status);
    };
    m_engineState->setText(tr("%1 Docker").arg(state("docker")));
    m_keyState->setText(tr("%1 API key").arg(state("key")));
    const auto problem = mostUrgent(findings);
    m_navigation->item(Doctor)->setText(problem == findings.end() ? tr("Doctor") : tr("Doctor  !"));
    if (m_workbench.isRunning())
        return;
    if (problem != findings.end())
        m_banner->say(tr("%1: %2 %3").arg(text(problem->title), sentence(problem->detail), tr("The demo works all the same.")));
    else
        m_banner->hide();
}

void MainWindow::refreshStatus()
{
    const auto& state = m_run->state();
    QString stage;
    if (state.currentStage && !state.ending)
        if (const auto* current = state.stage(*state.currentStage))
            stage = tr("%1 · turn %2").arg(text(title(current->id))).arg(current->turn);
    if (state.ending)
        stage = text(title(*state.ending));
    m_stageState->setText(stage);
    m_moneyState->setText(state.started.recordingLabel.empty() ? moneyText(state.cost) : tr("Demo: recorded, nothing is spent"));
}

void MainWindow::setRunning(bool running)
{
    m_startAction->setEnabled(!running && !m_project->requirements().trimmed().isEmpty());
    m_stopAction->setEnabled(running);
    m_demoAction->setEnabled(!running);
    m_project->setRunning(running);
}

void MainWindow::saveNow()
{
    m_project->save();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_project->save();
    const bool isRunning = m_workbench.isRunning();
    if (!isRunning && (m_deployed.empty() || m_leavesDeployments)) {
        event->accept();
        return;
    }
    event->ignore();
    if (findChild<Question*>(QStringLiteral("closeQuestion")))
        return;
    if (!isRunning)
        askAboutDeployments();
    else if (!m_closeWhenEnded)
        askAboutRun();
}

void MainWindow::askAboutRun()
{
    auto* question = new Question(tr("A run is at work"), tr("The run stops in order before the window closes. Everything made so far is kept."), this);
    question->setObjectName("closeQuestion");
    question->offer("stopAndQuit", tr("&Stop and quit"), [this] {
        m_closeWhenEnded = true;
        if (m_workbench.isRunning())
            stopRun();
        else
            close();
    });
    question->offer("keepRunning", tr("&Keep running"), [] {});
    question->ask();
}

void MainWindow::askAboutDeployments()
{
    m_closeWhenEnded = m_removing > 0; // then it closes by itself, soon
    if (m_closeWhenEnded)
        return;
    auto* question = new Question(tr("A deployed service still runs"),
                                  tr("What the run has deployed goes on running on this machine's Docker engine after the window closes, until it is removed."), this);
    question->setObjectName("closeQuestion");
    question->offer("removeAndQuit", tr("&Remove it and quit"), [this] {
        m_closeWhenEnded = true;
        removeDeployments();
    });
    question->offer("leaveRunning", tr("&Leave it running"), [this] {
        m_leavesDeployments = true;
        close();
    });
    question->offer("stayOpen", tr("&Cancel"), [] {});
    question->ask();
}

} // namespace aap
