#pragma once

#include <memory>
#include <string>
#include <vector>

#include <QMainWindow>

#include "ui/run/run_feed.h"
#include "ui/shell/workbench.h"

class QLabel;
class QListWidget;
class QStackedWidget;
class QToolButton;

namespace aap {

class ArtifactsPage;
class DoctorPage;
class GateDesk;
class NoticeBar;
class ProjectPage;
class RunPage;

/// The one window of the program: pages on the right, the way to them on the left, money and model always in sight below.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// `draftFile`: where the requirements are kept between two starts.
    MainWindow(Workbench& workbench, const QString& draftFile, QWidget* parent = nullptr);
    ~MainWindow() override;

    void startDemo();
    void startRun();
    void stopRun();
    void examine();
    /// What was typed; the window may go without being closed.
    void saveNow();

signals:
    /// The run of this window has ended and everything it said has been shown.
    void runEnded();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    enum Page { Project, Run, Artifacts, Doctor };

    void makePages(const QString& draftFile);
    void makeCentre();
    void connectPages();
    void makeActions();
    void makeViewMenu();
    void makeRunMenu();
    void makeStatusBar();
    void showPage(Page page);
    void begin(const std::function<std::string(std::shared_ptr<RunObserver>, std::shared_ptr<Approver>, Workbench::Ended)>& start);
    void takeBatch(const RunBatch& batch);
    void takeEnd(const Result<RunState>& outcome);
    void takeFindings(const std::vector<Finding>& findings);
    void decideGate(const Approver::Answer& answer);
    void removeDeployments();
    void takeRemoval(const std::string& runId, const Result<void>& outcome);
    void askAboutRun();
    void askAboutDeployments();
    void refreshStatus();
    void setRunning(bool running);

    Workbench& m_workbench;
    QListWidget* m_navigation;
    QStackedWidget* m_pages;
    NoticeBar* m_banner;
    ProjectPage* m_project = nullptr;
    RunPage* m_run = nullptr;
    ArtifactsPage* m_artifacts = nullptr;
    DoctorPage* m_doctor = nullptr;
    QAction* m_startAction = nullptr;
    QAction* m_stopAction = nullptr;
    QAction* m_demoAction = nullptr;
    QLabel* m_engineState = nullptr;
    QLabel* m_keyState = nullptr;
    QLabel* m_modelState = nullptr;
    QLabel* m_stageState = nullptr;
    QLabel* m_moneyState = nullptr;
    QLabel* m_savedState = nullptr;
    std::shared_ptr<RunFeed> m_feed;
    std::shared_ptr<GateDesk> m_gates;
    std::string m_runId;
    std::vector<std::string> m_deployed; ///< runs whose service still stands
    std::size_t m_removing = 0;          ///< errands under way
    bool m_closeWhenEnded = false;
    bool m_leavesDeployments = false; ///< the user said so
};

} // namespace aap
