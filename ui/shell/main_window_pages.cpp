#include "ui/artifacts/artifacts_page.h"
#include "ui/describe.h"
#include "ui/doctor/doctor_page.h"
#include "ui/history/history_page.h"
#include "ui/pipeline/pipeline_page.h"
#include "ui/project/project.h"
#include "ui/project/project_page.h"
#include "ui/settings/settings_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/project_desk.h"
#include "ui/shell/run_desk.h"
#include "ui/shell/run_visits.h"
#include "ui/welcome/welcome_page.h"

// The pages of MainWindow: how each is made, and told what was known before it was there.

namespace aap {

void MainWindow::makePages()
{
    addPage(PageId::Welcome, tr("Welcome"), [this] { return makeWelcome(); });
    addPage(PageId::Project, tr("Project"), [this] { return makeRequirements(); });
    addPage(PageId::Pipeline, tr("Pipeline"), [this] { return makePipeline(); });
    addPage(PageId::Run, tr("Run"), [this] { return makeRuns(); });
    addPage(PageId::Artifacts, tr("Artifacts"), [this] { return makeArtifacts(); });
    addPage(PageId::History, tr("History"), [this] { return makeHistory(); });
    m_navigation->addGap();
    addPage(PageId::Settings, tr("Settings"), [this] { return makeSettings(); });
    addPage(PageId::Doctor, tr("Doctor"), [this] { return makeDoctor(); });
    m_runs = new RunDesk(m_workbench, this); // it holds what is at work, seen or not
    m_runs->hide();
}

void MainWindow::addPage(PageId page, const QString& name, PageStack::Make make)
{
    m_navigation->addPage(page, name);
    m_pages->add(page, std::move(make));
}

QWidget* MainWindow::makeWelcome()
{
    auto* page = new WelcomePage(this);
    connect(page, &WelcomePage::demoAsked, this, &MainWindow::startDemo);
    connect(page, &WelcomePage::writingAsked, this, [this] { showPage(PageId::Project); });
    connect(page, &WelcomePage::doctorAsked, this, [this] { showPage(PageId::Doctor); });
    connect(page, &WelcomePage::newAsked, m_projects, &ProjectDesk::newProject);
    connect(page, &WelcomePage::openAsked, m_projects, &ProjectDesk::choose);
    connect(page, &WelcomePage::projectAsked, m_projects, &ProjectDesk::open);
    connect(page, &WelcomePage::forgetAsked, m_projects, &ProjectDesk::forget);
    page->showRecent(m_projects->recent());
    if (m_findings)
        page->showFindings(*m_findings);
    return page;
}

QWidget* MainWindow::makeRequirements()
{
    auto* page = new ProjectPage(*m_project, m_workbench, this);
    connect(page, &ProjectPage::startAsked, this, &MainWindow::startRun);
    connect(page, &ProjectPage::demoAsked, this, &MainWindow::startDemo);
    connect(page, &ProjectPage::failed, this, &MainWindow::say);
    return page;
}

QWidget* MainWindow::makePipeline()
{
    auto* page = new PipelinePage(*m_project, m_templates, this);
    connect(page, &PipelinePage::failed, this, &MainWindow::say);
    page->setModelName(m_workbench.modelName());
    return page;
}

QWidget* MainWindow::makeRuns()
{
    m_runs->showBeginning();
    return m_runs;
}

QWidget* MainWindow::makeArtifacts()
{
    auto* page = new ArtifactsPage(this);
    page->setFolder(text(m_runs->state().started.output));
    return page;
}

QWidget* MainWindow::makeHistory()
{
    auto* page = new HistoryPage(m_workbench, m_memory, this);
    connect(page, &HistoryPage::demoAsked, this, &MainWindow::startDemo);
    connect(page, &HistoryPage::failed, this, &MainWindow::say);
    m_visits->connectHistory(*page);
    page->setAtWork(m_runs->atWork());
    return page;
}

QWidget* MainWindow::makeSettings()
{
    auto* page = new SettingsPage(m_workbench, *m_preferences, this);
    connect(page, &SettingsPage::testAsked, this, &MainWindow::examine);
    connect(page, &SettingsPage::changed, this, [this] {
        showModel();
        m_project->setDefaults(pipelineDefaults(m_workbench.config(), RunMode::Full));
        examine();
    });
    if (m_findings)
        page->showFindings(*m_findings);
    return page;
}

QWidget* MainWindow::makeDoctor()
{
    auto* page = new DoctorPage(this);
    connect(page, &DoctorPage::checkAsked, this, &MainWindow::examine);
    if (m_findings)
        page->show(*m_findings);
    else
        page->showChecking();
    return page;
}

} // namespace aap
