#include "ui/shell/main_window.h"

#include <algorithm>

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QLabel>
#include <QListWidget>
#include <QMenuBar>
#include <QMessageBox>
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

namespace aap {
namespace {

constexpr int kSidebarWidth = 176;

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

} // namespace

MainWindow::MainWindow(Workbench& workbench, const QString& draftFile, QWidget* parent) :
    QMainWindow(parent),
    m_workbench(workbench),
    m_navigation(new QListWidget(this)),
    m_pages(new QStackedWidget(this)),
    m_banner(new QLabel(this))
{
    setWindowTitle(tr("Agent Pipeline"));
    setMinimumSize(960, 600);
    resize(1280, 800);
    makePages(draftFile);
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
        m_navigation->addItem(name);
        m_pages->addWidget(page);
    }
    m_navigation->setObjectName("navigation");
    m_navigation->setAccessibleName(tr("Pages"));
    m_navigation->setFixedWidth(kSidebarWidth);
    m_navigation->setFrameShape(QFrame::NoFrame);
    m_navigation->setSpacing(2);
    connect(m_navigation, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);

    m_banner->setObjectName("banner");
    m_banner->setTextFormat(Qt::PlainText);
    m_banner->setWordWrap(true);
    m_banner->setMargin(8);
    m_banner->setAutoFillBackground(true);
    m_banner->setBackgroundRole(QPalette::AlternateBase);
    m_banner->hide();

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

    connect(m_project, &ProjectPage::startAsked, this, &MainWindow::startRun);
    connect(m_project, &ProjectPage::stopAsked, this, &MainWindow::stopRun);
    connect(m_project, &ProjectPage::demoAsked, this, &MainWindow::startDemo);
    connect(m_project, &ProjectPage::changed, this, [this] { setRunning(m_workbench.isRunning()); });
    connect(m_project, &ProjectPage::saved, this, [this](bool succeeded, const QString& message) {
        m_savedState->setText(succeeded ? tr("Saved %1").arg(QTime::currentTime().toString(QStringLiteral("HH:mm")))
                                        : tr("Not saved: %1").arg(message));
    });
    connect(m_doctor, &DoctorPage::checkAsked, this, &MainWindow::examine);
    connect(m_run, &RunPage::gateDecided, this, [this](const Approver::Answer& answer) {
        if (m_gates)
            m_gates->decide(answer);
    });
}

void MainWindow::makeActions()
{
    auto* file = menuBar()->addMenu(tr("&File"));
    auto* quit = action(this, "quit", tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), tr("Close the window"));
    connect(quit, &QAction::triggered, this, &QWidget::close);
    file->addAction(quit);

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

    auto* run = menuBar()->addMenu(tr("&Run"));
    m_startAction = action(this, "startRun", tr("&Start run"), QKeySequence(Qt::CTRL | Qt::Key_Return), tr("Start the five agents on the requirements"));
    m_stopAction = action(this, "stop", tr("S&top"), QKeySequence(Qt::CTRL | Qt::Key_Period), tr("Stop the run in order; everything made so far is kept"));
    m_demoAction = action(this, "demo", tr("Try the &demo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M), tr("A recorded run: no key is needed and nothing is spent"));
    connect(m_startAction, &QAction::triggered, this, &MainWindow::startRun);
    connect(m_stopAction, &QAction::triggered, this, &MainWindow::stopRun);
    connect(m_demoAction, &QAction::triggered, this, &MainWindow::startDemo);
    for (auto* entry : {m_startAction, m_stopAction, m_demoAction})
        run->addAction(entry);

    auto* help = menuBar()->addMenu(tr("&Help"));
    auto* about = action(this, "about", tr("&About Agent Pipeline"), {}, tr("Version and licence"));
    connect(about, &QAction::triggered, this, [this] {
        auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About Agent Pipeline"),
                                    tr("Agent Pipeline %1\nFive agents turn requirements into a verified project.\nApache License 2.0").arg(QStringLiteral(AAP_VERSION)),
                                    QMessageBox::Close, this);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
    help->addAction(about);
}

void MainWindow::makeStatusBar()
{
    const auto part = [this](const char* name) {
        auto* label = new QLabel(this);
        label->setObjectName(name);
        label->setTextFormat(Qt::PlainText);
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
    m_run->begin();
    showPage(Run);
    m_banner->hide();
    m_runId = start(m_feed, m_gates, [this](const Result<RunState>& outcome) {
        QMetaObject::invokeMethod(this, [this, outcome] { takeEnd(outcome); }, Qt::QueuedConnection);
    });
    setRunning(true);
}

void MainWindow::stopRun()
{
    m_workbench.stop(m_runId);
    m_stopAction->setEnabled(false);
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
    setRunning(false);
    if (!outcome) {
        m_banner->setText(describe(outcome.error()));
        m_banner->show();
        examine(); // what is missing may be the reason
    }
    m_artifacts->reload();
    refreshStatus();
    emit runEnded();
    if (m_closeWhenEnded)
        close();
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
    const auto problem = std::ranges::find(findings, Finding::Status::Fail, &Finding::status);
    m_navigation->item(Doctor)->setText(problem == findings.end() ? tr("Doctor") : tr("Doctor  !"));
    if (problem == findings.end() || m_workbench.isRunning())
        return;
    m_banner->setText(text(problem->title) + QStringLiteral(": ") + text(problem->detail) + u' ' + tr("The demo needs no key; Doctor says what to do."));
    m_banner->show();
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

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_project->save();
    if (!m_workbench.isRunning()) {
        event->accept();
        return;
    }
    event->ignore();
    if (m_closeWhenEnded)
        return;
    auto* question = new QMessageBox(QMessageBox::NoIcon, tr("A run is at work"),
                                     tr("The run stops in order before the window closes. Everything made so far is kept."), QMessageBox::NoButton, this);
    question->setObjectName("closeQuestion");
    question->setAttribute(Qt::WA_DeleteOnClose);
    auto* stop = question->addButton(tr("Stop and quit"), QMessageBox::AcceptRole);
    stop->setObjectName("stopAndQuit");
    question->setEscapeButton(question->addButton(tr("Keep running"), QMessageBox::RejectRole));
    question->setDefaultButton(stop);
    connect(stop, &QPushButton::clicked, this, [this] {
        m_closeWhenEnded = true;
        if (m_workbench.isRunning())
            stopRun();
        else
            close();
    });
    question->open();
}

} // namespace aap
