#pragma once

#include <optional>

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include "core/project/project_file.h"

namespace aap {

/// A project's file and what is known to be in it, so that what others write there is neither missed nor written over.
class ProjectDisk : public QObject {
    Q_OBJECT

public:
    explicit ProjectDisk(QObject* parent = nullptr);

    /// `content`: what was read or written there last; none: the file does not exist yet.
    void follow(const QString& file, std::optional<AuthoredProject> content);
    /// Writes, whatever is there.
    Result<void> write(const AuthoredProject& content);
    /// It is what was read or written last.
    bool knows(const AuthoredProject& content) const { return m_known == content; }
    bool hasFile() const { return m_known.has_value(); }
    /// What is there now, when that is something else than what is known; an Error when it cannot be read as a project. Nothing when
    /// it is as it was, or gone.
    std::optional<Result<AuthoredProject>> foreign() const;

signals:
    /// Somebody wrote the file, or seems to have.
    void touched();

private:
    void watch();

    QString m_file;
    std::optional<AuthoredProject> m_known;
    QFileSystemWatcher m_watcher;
    QTimer m_settling; ///< one who writes does it in pieces
};

} // namespace aap
