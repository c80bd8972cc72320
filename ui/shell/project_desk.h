#pragma once

#include <QObject>
#include <QStringList>

#include "core/base/result.h"

class QSettings;
class QWidget;

namespace aap {

class Project;

/// New, open, save a copy, and the projects that were open lately. Files are asked for without holding up the event loop.
class ProjectDesk : public QObject {
    Q_OBJECT

public:
    /// `memory` keeps the list of projects; `window` is what dialogs belong to.
    ProjectDesk(Project& project, QSettings& memory, QWidget* window);

    void newProject();
    void choose();
    void open(const QString& file);
    void saveCopy();
    /// The project that was open last, or else `draft`.
    void openLast(const QString& draft);
    QStringList recent() const;
    void forget(const QString& file);

signals:
    /// A project was opened or made by the user.
    void opened();
    void recentChanged(const QStringList& files);
    void failed(const aap::Error& error);

private:
    QString folder() const;
    void noteOpened();

    Project& m_project;
    QSettings& m_memory;
    QWidget* m_window;
    QString m_draft;
};

} // namespace aap
