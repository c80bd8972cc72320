#pragma once

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace aap {

class Project;

/// Asks for a name, a folder and what the project shall be like, and makes it. Deletes itself.
class NewProject : public QDialog {
    Q_OBJECT

public:
    NewProject(Project& project, const QString& folder, QWidget* parent);

    /// A beginning of requirements to be changed; empty for an empty project.
    struct Template {
        QString name{};
        QString requirements{};
    };
    static QList<Template> templates();

private:
    void chooseFolder();
    void create();
    QString file() const;

    Project& m_project;
    QLineEdit* m_name;
    QLineEdit* m_folder;
    QComboBox* m_template;
    QLabel* m_problem;
    QPushButton* m_create;
};

} // namespace aap
