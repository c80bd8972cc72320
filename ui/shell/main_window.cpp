#include "ui/shell/main_window.h"

#include <algorithm>
#include <utility>

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStatusBar>
#include <QTime>
#include <QVBoxLayout>

#include "ui/artifacts/artifacts_page.h"
#include "ui/describe.h"
#include "ui/doctor/doctor_page.h"
#include "ui/history/history_page.h"
#include "ui/pipeline/pipeline_page.h"
#include "ui/project/project.h"
#include "ui/project/project_page.h"
#include "ui/run/run_page.h"
#include "ui/settings/settings_page.h"
#include "ui/shell/banner.h"
#include "ui/shell/demo_tour.h"
#include "ui/shell/help_desk.h"
#include "ui/shell/leaving.h"
#include "ui/shell/preferences.h"
#include "ui/shell/project_desk.h"
#include "ui/shell/run_actions.h"
#include "ui/shell/run_desk.h"
#include "ui/shell/run_notices.h"
#include "ui/shell/run_visits.h"
#include "ui/shell/status_parts.h"
#include "ui/shell/to_gui.h"
#include "ui/shell/window_actions.h"
#include "ui/welcome/welcome_page.h"
#include "ui/widgets/demo_ribbon.h"
#include "ui/widgets/look.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr int kNarrow = 1100; // below it the sidebar shows icons alone
const QString kGeometry = QStringLiteral("window/geometry");
const QString kPage = QStringLiteral("window/page");
const QString kIcons = QStringLiteral("sidebar/icons");
constexpr int kTextStep = 10; // per cent

constexpr std::pair<const char*, PageId> kPageActions[] = {
    {"page1", PageId::Welcome}, {"page2", PageId::Project}, {"page3", PageId::Pipeline}, {"page4", PageId::Run}, {"page5", PageId::Artifacts}, {"page6", PageId::History}, {"page7", PageId::Settings}, {"settings", PageId::Settings}, {"page8", PageId::Doctor}, {"doctor", PageId::Doctor}};
constexpr std::pair<const char*, Scheme> kSchemes[] = {{"schemeSystem", Scheme::System}, {"schemeLight", Scheme::Light}, {"schemeDark", Scheme::Dark}};

/// Without an engine nothing runs at all, without a key the demo does.
std::vector<Finding>::const_iterator mostUrgent(const std::vector<Finding>& findings)
{
    const auto fails = [](const Finding& finding) { return finding.status == Finding::Status::Fail; };
    const auto engine = std::ranges::find_if(findings, [&](const Finding& finding) { return fails(finding) && finding.id == "docker"; });
    return engine != findings.end() ? engine : std::ranges::find_if(findings, fails);
}

} // namespace

MainWindow::MainWindow(Workbench& workbench, const WindowFiles& files, QWidget* parent) :
    QMainWindow(parent),
    m_workbench(workbench),
    m_memory(files.memory, QSettings::IniFormat),
    m_templates(files.templates),
    m_preferences(new Preferences(m_memory, this)),
    m_project(new Project(pipelineDefaults(workbench.config(), RunMode::Full), this)),
    m_projects(new ProjectDesk(*m_project, m_memory, this)),
    m_navigation(new Sidebar(this)),
    m_pages(new PageStack(this)),
    m_banner(new Banner(this)),
    m_ribbon(new DemoRibbon(kDemoSpeed, this)),
    m_tour(new DemoTour(*m_ribbon, this)),
    m_notices(new RunNotices(workbench, *m_banner, this))
{
    setWindowTitle(tr("Agent Pipeline"));
    setMinimumSize(960, 600);
    resize(1280, 800);
    m_actions = new WindowActions(*this);
    m_help = new HelpDesk(*m_actions, this);
    m_status = new StatusParts(*statusBar());
    makePages();
    makeCentre();
    showModel();
    connectPages();
    connectRuns();
    connectNotices();
    connectProject();
    connectActions();
    connectLooks();
    restore();
    m_projects->openLast(files.draft);
    refresh();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeCentre()
{
    m_pages->setObjectName("pages");
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_ribbon);
    column->addWidget(m_tour);
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
    connect(m_navigation, &Sidebar::chosen, this, [this](PageId page) {
        m_pages->turnTo(page);
        m_notices->refresh(*m_runs, page == PageId::Run);
    });
    connect(m_status, &StatusParts::pageAsked, this, &MainWindow::showPage);
}

void MainWindow::connectRuns()
{
    connect(m_runs, &RunDesk::changed, this, &MainWindow::refresh);
    connect(m_runs, &RunDesk::filesChanged, this, [this](const QString& folder) {
        if (auto* artifacts = m_artifacts.made())
            artifacts->setFolder(folder);
    });
    connect(m_runs, &RunDesk::ended, this, &MainWindow::takeEnd);
    connect(m_runs, &RunDesk::removalFailed, this, &MainWindow::say);
    m_leaving = new Leaving(*m_runs, this); // after ours: what a run has left is shown before the window goes
    m_visits = new RunVisits(m_history, *m_notices, *m_runs, this);
    connect(m_visits, &RunVisits::pageAsked, this, &MainWindow::showPage);
}

void MainWindow::connectProject()
{
    m_actions->on("attach", this, [this] {
        showPage(PageId::Project);
        m_requirements.now().attach();
    });
    connect(m_project, &Project::requirementsChanged, this, &MainWindow::refresh);
    connect(m_project, &Project::opened, this, [this] {
        setWindowTitle(tr("%1 — Agent Pipeline").arg(m_project->name()));
        refresh();
    });
    connect(m_project, &Project::saved, this, [this](bool succeeded, const QString& message) {
        m_status->set(StatusParts::Saved, succeeded ? tr("Saved %1").arg(QTime::currentTime().toString(QStringLiteral("HH:mm"))) : tr("Not saved: %1").arg(message));
    });
    connect(m_projects, &ProjectDesk::failed, this, &MainWindow::say);
    connect(m_projects, &ProjectDesk::opened, this, [this] { showPage(PageId::Project); });
    connect(m_projects, &ProjectDesk::recentChanged, this, [this](const QStringList& files) {
        if (auto* welcome = m_welcome.made())
            welcome->showRecent(files);
    });
    m_actions->on("newProject", m_projects, &ProjectDesk::newProject);
    m_actions->on("open", m_projects, &ProjectDesk::choose);
    m_actions->on("saveCopy", m_projects, &ProjectDesk::saveCopy);
}

void MainWindow::openProject(const QString& file)
{
    m_projects->open(file);
}

void MainWindow::showModel()
{
    m_status->set(StatusParts::Model, m_workbench.modelName());
    if (auto* pipeline = m_pipeline.made())
        pipeline->setModelName(m_workbench.modelName());
}

void MainWindow::showRun(const QString& runId)
{
    m_visits->open(runId.toStdString());
}

void MainWindow::say(const Error& error)
{
    m_banner->say(Banner::Matter::Said, describe(error));
}

void MainWindow::connectNotices()
{
    using Matter = Banner::Matter;
    const auto leads = [this](Matter matter, const char* name) {
        connect(m_banner->offer(matter, QLatin1String(name), tr("Open &Doctor")), &QPushButton::clicked, this, [this] { showPage(PageId::Doctor); });
    };
    leads(Matter::Said, "bannerSaidButton");
    leads(Matter::Problem, "bannerButton");
    connect(m_banner->offer(Matter::Said, QStringLiteral("closeSaid"), tr("&Close")), &QPushButton::clicked, this, [this] { m_banner->settle(Matter::Said); });
    connect(m_notices, &RunNotices::limitAsked, (*m_actions)["raiseLimit"], &QAction::trigger);
}

void MainWindow::find()
{
    auto* page = m_pages->currentWidget();
    if (page->metaObject()->indexOfMethod("find()") >= 0)
        QMetaObject::invokeMethod(page, "find");
}

void MainWindow::connectActions()
{
    for (const auto& [name, page] : kPageActions)
        m_actions->on(name, this, [this, page = page] { showPage(page); });
    m_actions->on("save", m_project, &Project::save);
    m_actions->on("find", this, &MainWindow::find);
    m_runActions = new RunActions(*m_actions, *m_runs, m_history, this);
    connect(m_runActions, &RunActions::pageAsked, this, [this] { showPage(PageId::Run); });
    connect(m_runActions, &RunActions::historyAsked, this, [this] { showPage(PageId::History); });
    m_actions->on("quit", this, &QWidget::close);
    m_actions->on("sidebar", this, [this] {
        m_wantsIcons = !m_navigation->isCompact();
        placeSidebar();
    });
    m_actions->on("fullScreen", this, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    m_actions->on("nextPane", this, [this] { stepPane(1); });
    m_actions->on("previousPane", this, [this] { stepPane(-1); });
    m_actions->on("refresh", this, [this] {
        reloadFiles();
        examine();
    });
    m_actions->on("startRun", this, &MainWindow::startRun);
    m_actions->on("help", this, [this] { m_help->explain(m_pages->currentIndex()); });
    m_actions->on("demo", this, &MainWindow::startDemo);
}

void MainWindow::connectLooks()
{
    for (const auto& [name, scheme] : kSchemes)
        m_actions->on(name, m_preferences, [this, scheme = scheme] { m_preferences->setScheme(scheme); });
    for (const auto& [name, step] : {std::pair("largerText", kTextStep), std::pair("smallerText", -kTextStep)})
        m_actions->on(name, m_preferences, [this, step = step] { m_preferences->setTextSize(m_preferences->textSize() + step); });
    m_actions->on("normalText", m_preferences, [this] { m_preferences->setTextSize(100); });
    const auto showScheme = [this] {
        for (const auto& [name, scheme] : kSchemes)
            (*m_actions)[name]->setChecked(scheme == m_preferences->scheme());
    };
    connect(m_preferences, &Preferences::changed, this, showScheme);
    connect(m_tour, &DemoTour::pageAsked, this, &MainWindow::showPage);
    connect(m_ribbon, &DemoRibbon::speedChosen, this, [this](double speed) { m_workbench.setDemoSpeed(speed); });
    m_preferences->apply();
    showScheme();
}

void MainWindow::restore()
{
    restoreGeometry(m_memory.value(kGeometry).toByteArray());
    m_wantsIcons = m_memory.value(kIcons, false).toBool();
    const auto page = PageId(m_memory.value(kPage, int(PageId::Welcome)).toInt());
    showPage(m_pages->has(page) ? page : PageId::Welcome);
    placeSidebar();
}

void MainWindow::remember()
{
    m_memory.setValue(kGeometry, saveGeometry());
    m_memory.setValue(kPage, int(m_navigation->current()));
    m_memory.setValue(kIcons, m_wantsIcons);
}

void MainWindow::paintEvent(QPaintEvent* event)
{
    QMainWindow::paintEvent(event);
    if (!std::exchange(m_isSeen, true))
        QMetaObject::invokeMethod(this, &MainWindow::lookAround, Qt::QueuedConnection);
}

/// What is looked for as soon as the window is there, and not before: it would be up later.
void MainWindow::lookAround()
{
    examine();
    m_notices->lookForInterrupted();
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    if (m_navigation->isCompact() != (m_wantsIcons || width() < kNarrow))
        placeSidebar();
}

void MainWindow::placeSidebar()
{
    m_navigation->setCompact(m_wantsIcons || width() < kNarrow);
    (*m_actions)["sidebar"]->setChecked(!m_navigation->isCompact());
}

void MainWindow::stepPane(int by)
{
    QWidget* const panes[] = {m_navigation, m_pages->currentWidget(), statusBar()};
    const int count = int(std::size(panes));
    int at = 0;
    for (int i = 0; i < count; ++i)
        if (panes[i]->isAncestorOf(focusWidget()) || panes[i] == focusWidget())
            at = i;
    auto* next = panes[(at + by + count) % count];
    if (next->focusPolicy() & Qt::TabFocus)
        return next->setFocus(Qt::ShortcutFocusReason);
    for (auto* inside : next->findChildren<QWidget*>())
        if (inside->isVisible() && inside->isEnabled() && (inside->focusPolicy() & Qt::TabFocus))
            return inside->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::showPage(PageId page)
{
    m_navigation->select(page);
}

/// On every page as long as a demo is the run in front.
void MainWindow::showRibbon()
{
    if (const auto* page = m_runs->currentPage(); page != nullptr && !page->state().started.recordingLabel.empty())
        return m_ribbon->show(page->isPlayback());
    m_ribbon->hide();
    m_tour->end();
}

void MainWindow::startDemo()
{
    m_runs->begin([this](Workbench::Seat seat) { return m_workbench.startDemo(std::move(seat)); });
    showPage(PageId::Run);
    settleBanner();
}

/// A new beginning makes old words void.
void MainWindow::settleBanner()
{
    m_banner->settle(Banner::Matter::Said);
    m_banner->settle(Banner::Matter::Problem);
}

void MainWindow::startRun()
{
    if (m_project->requirements().trimmed().isEmpty())
        return showPage(PageId::Project);
    if (m_runs->running() > 0 && m_lastStarted == m_project->requirements())
        return askAboutSecondRun();
    beginRun();
}

void MainWindow::beginRun()
{
    m_project->save();
    m_lastStarted = m_project->requirements();
    const Workbench::Order order{m_lastStarted, m_project->repository(), m_project->attachedPlaces(), m_project->pipeline()};
    m_runs->begin([&](Workbench::Seat seat) { return m_workbench.startRun(order, std::move(seat)); });
    showPage(PageId::Run);
    settleBanner();
}

void MainWindow::askAboutSecondRun()
{
    auto* question = new Question(tr("A run of these requirements is at work"), tr("A second one costs as much again."), this);
    question->setObjectName("secondRunQuestion");
    question->offer("showRun", tr("&Show the run"), [this] { showPage(PageId::Run); });
    question->offer("startAnother", tr("Start &another"), [this] { beginRun(); });
    question->ask();
}

void MainWindow::takeEnd(const Result<RunState>& outcome)
{
    if (!outcome) {
        if (outcome.error().code != ErrorCode::Stopped)
            say(outcome.error());
        examine(); // what is missing may be the reason
    }
    if (outcome && outcome->ending == RunEnding::EnvironmentProblem)
        examine();
    reloadFiles();
    if (auto* requirements = m_requirements.made())
        requirements->refreshForecast();
    emit runEnded();
}

void MainWindow::reloadFiles()
{
    if (auto* artifacts = m_artifacts.made())
        artifacts->reload();
    if (auto* history = m_history.made())
        history->reload();
}

void MainWindow::examine()
{
    m_findings.reset();
    if (auto* doctor = m_doctor.made())
        doctor->showChecking();
    m_workbench.examine(toGui<std::vector<Finding>>(this, [this](const auto& findings) { takeFindings(findings); }));
}

void MainWindow::takeFindings(const std::vector<Finding>& findings)
{
    m_findings = findings;
    if (auto* doctor = m_doctor.made())
        doctor->show(findings);
    if (auto* welcome = m_welcome.made())
        welcome->showFindings(findings);
    if (auto* settings = m_settings.made())
        settings->showFindings(findings);
    m_status->showFindings(findings);
    const auto problem = mostUrgent(findings);
    const bool wrong = problem != findings.end();
    m_navigation->setBadge(PageId::Doctor, wrong ? QStringLiteral("!") : QString(), wrong ? text(problem->title) : QString());
    if (m_runs->running() > 0)
        return;
    if (wrong)
        m_banner->say(Banner::Matter::Problem, tr("%1: %2 %3").arg(text(problem->title), sentence(problem->detail), tr("The demo works all the same.")));
    else
        m_banner->settle(Banner::Matter::Problem);
}

void MainWindow::refresh()
{
    const auto& state = m_runs->state();
    QString stage;
    if (state.currentStage && !state.ending)
        if (const auto* current = state.stage(*state.currentStage))
            stage = current->turn > 0 ? tr("%1 · turn %2").arg(word(title(current->id))).arg(current->turn) : word(title(current->id));
    if (state.ending)
        stage = word(title(*state.ending));
    m_status->set(StatusParts::Stage, stage);
    m_status->set(StatusParts::Money, state.started.recordingLabel.empty() ? moneyText(state.cost) : tr("Demo: recorded, nothing is spent"));
    const auto waiting = m_runs->waiting();
    if (auto* history = m_history.made())
        history->setAtWork(m_runs->atWork());
    m_navigation->setBadge(PageId::Run, waiting > 0 ? QString::number(waiting) : QString(), waiting > 0 ? tr("a run waits for you at a gate") : QString());
    const bool canStart = !m_project->requirements().trimmed().isEmpty();
    (*m_actions)["startRun"]->setEnabled(canStart);
    m_runActions->refresh();
    showRibbon();
    m_notices->refresh(*m_runs, m_navigation->current() == PageId::Run);
}

void MainWindow::saveNow()
{
    m_project->letGo();
    remember();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    const bool goes = m_leaving->mayClose();
    if (goes) {
        m_project->letGo();
        remember();
    } else {
        m_project->save();
    }
    event->setAccepted(goes);
}

} // namespace aap
