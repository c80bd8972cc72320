#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QMainWindow>
#include <QSettings>

#include "core/pipeline/run_request.h"
#include "ui/shell/page_stack.h"
#include "ui/shell/workbench.h"

namespace aap {

class ArtifactsPage;
class Banner;
class DemoRibbon;
class DemoTour;
class DoctorPage;
class HelpDesk;
class HistoryPage;
class Leaving;
class PipelinePage;
class Preferences;
class Project;
class ProjectDesk;
class ProjectPage;
class RunActions;
class RunDesk;
class RunNotices;
class RunVisits;
class SettingsPage;
class StatusParts;
class WelcomePage;
class WindowActions;

/// Where the window keeps what it must not forget; files that need not exist.
struct WindowFiles {
    QString draft{};  ///< the project that was never given a name
    QString memory{}; ///< size, place and page; an INI file
    QString templates{}; ///< a folder
};

/// The one window of the program: pages on the right, the way to them on the left, money and model always in sight below.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Workbench& workbench, const WindowFiles& files, QWidget* parent = nullptr);
    ~MainWindow() override;

    void startDemo();
    void startRun();
    void examine();
    /// Brings a run that this window knows to the front.
    void showRun(const QString& runId);
    /// What was typed; the window may go without being closed.
    void saveNow();
    void showPage(PageId page);
    /// As the file manager asks for it.
    void openProject(const QString& file);

    /// What the user wants of this window alone.
    const Preferences& preferences() const { return *m_preferences; }

signals:
    /// A run of this window has ended and everything it said has been shown.
    void runEnded();

protected:
    void closeEvent(QCloseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makePages();
    void addPage(PageId page, const QString& name, PageStack::Make make);
    QWidget* makeWelcome();
    QWidget* makeRequirements();
    QWidget* makePipeline();
    QWidget* makeRuns();
    QWidget* makeArtifacts();
    QWidget* makeHistory();
    QWidget* makeSettings();
    QWidget* makeDoctor();
    void makeCentre();
    void connectPages();
    void connectRuns();
    void connectNotices();
    void say(const Error& error);
    void settleBanner();
    void connectProject();
    void showModel();
    void connectActions();
    void find();
    void connectLooks();
    void restore();
    void lookAround();
    void remember();
    void placeSidebar();
    void stepPane(int by);
    void showRibbon();
    void beginRun();
    void takeEnd(const Result<RunState>& outcome);
    void takeFindings(const std::vector<Finding>& findings);
    void askAboutSecondRun();
    void reloadFiles();
    void refresh();

    Workbench& m_workbench;
    QSettings m_memory;
    const QString m_templates;
    Preferences* m_preferences;
    Project* m_project;
    ProjectDesk* m_projects;
    Sidebar* m_navigation;
    PageStack* m_pages;
    Banner* m_banner;
    DemoRibbon* m_ribbon;
    DemoTour* m_tour;
    RunNotices* m_notices;
    RunVisits* m_visits = nullptr;
    RunActions* m_runActions = nullptr;
    WindowActions* m_actions = nullptr;
    HelpDesk* m_help = nullptr;
    StatusParts* m_status = nullptr;
    Leaving* m_leaving = nullptr;
    RunDesk* m_runs = nullptr;
    LatePage<WelcomePage> m_welcome{*m_pages, PageId::Welcome};
    LatePage<ProjectPage> m_requirements{*m_pages, PageId::Project};
    LatePage<PipelinePage> m_pipeline{*m_pages, PageId::Pipeline};
    LatePage<ArtifactsPage> m_artifacts{*m_pages, PageId::Artifacts};
    LatePage<HistoryPage> m_history{*m_pages, PageId::History};
    LatePage<SettingsPage> m_settings{*m_pages, PageId::Settings};
    LatePage<DoctorPage> m_doctor{*m_pages, PageId::Doctor};
    std::optional<std::vector<Finding>> m_findings{}; ///< of the doctor; none while he looks
    QString m_lastStarted;            ///< the requirements of the run that was started last
    bool m_isSeen = false;            ///< it has been painted
    bool m_wantsIcons = false;        ///< in the sidebar, however wide the window is
};

} // namespace aap
