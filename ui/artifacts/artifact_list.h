#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace aap {

/// A file or folder of a run's output, and what became of it since another run.
struct ArtifactEntry {
    enum class Change { NotCompared, Same, Added, Modified, Removed };
    QString path{}; ///< relative, '/' between parts
    qint64 bytes = 0;
    bool folder = false;
    Change change = Change::NotCompared;
};

/// Everything below `folder`, sorted; links and special files are left out, and never followed. With `before`, another run's folder,
/// each file says what became of it and removed ones are among them. At most 20 000 entries. Any thread.
QList<ArtifactEntry> listArtifacts(const QString& folder, const QString& before);

/// Folders of other runs beside this one, the newest first. Any thread.
QStringList otherRuns(const QString& folder);

/// A file name as it is shown: control and direction marks made visible, so that a name cannot lie.
QString shownName(const QString& name);

} // namespace aap
