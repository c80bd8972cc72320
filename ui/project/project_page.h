#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace aap {

class Project;

/// Where the requirements are written.
class ProjectPage : public QWidget {
    Q_OBJECT

public:
    explicit ProjectPage(Project& project, QWidget* parent = nullptr);

signals:
    void startAsked();
    void demoAsked();

private:
    QLayout* makeHeading();
    QLayout* makeBeginning();
    QLayout* makeButtons();
    void showProject();
    void count();

    Project& m_project;
    QLabel* m_name;
    QPlainTextEdit* m_editor;
    QLineEdit* m_repository;
    QLabel* m_figures;
    QPushButton* m_start;
};

} // namespace aap
