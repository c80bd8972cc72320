#pragma once

#include <QThreadPool>
#include <QTimer>
#include <QWidget>

#include "core/base/result.h"
#include "core/pipeline/intake.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace aap {

class AttachmentsPanel;
class InertBrowser;
class NoticeBar;
class Project;
class RequirementItems;
class SendingPanel;
class Workbench;

/// Where the requirements are written, with what goes along.
class ProjectPage : public QWidget {
    Q_OBJECT

public:
    ProjectPage(Project& project, Workbench& workbench, QWidget* parent = nullptr);
    ~ProjectPage() override;

    /// Asks for files to attach.
    void attach();
    /// The history has changed.
    void refreshForecast();

signals:
    void startAsked();
    void demoAsked();
    void failed(const aap::Error& error);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* makeWriting();
    QWidget* makeCompany();
    QLayout* makeHeading();
    QLayout* makeTabs();
    QLayout* makeBeginning();
    QLayout* makeButtons();
    void makeDiskBar();
    void showProject();
    void showTab();
    void goToLine(int line);
    void count();
    void readItems();
    void showItems(const Result<Intake>& intake);
    void showDisk(bool differs);
    void compareWithDisk();
    void takeFromDisk();

    Project& m_project;
    NoticeBar* m_disk;
    QLabel* m_name;
    QTabBar* m_tabs;
    QStackedWidget* m_views;
    QPlainTextEdit* m_editor;
    InertBrowser* m_preview;
    RequirementItems* m_items;
    QLineEdit* m_repository;
    QLabel* m_figures;
    QPushButton* m_start;
    AttachmentsPanel* m_attachments;
    SendingPanel* m_sending;
    QTimer m_rereading;      ///< a moment after the last key
    int m_reading = 0;       ///< which text is being read; only the newest counts
    QThreadPool m_readers{}; ///< own: a long text takes its time
};

} // namespace aap
