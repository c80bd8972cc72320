#include "ui/project/project_disk.h"

#include <QFileInfo>

namespace aap {
namespace {

constexpr int kSettlingTime = 150; // ms

} // namespace

ProjectDisk::ProjectDisk(QObject* parent) :
    QObject(parent)
{
    m_settling.setSingleShot(true);
    m_settling.setInterval(kSettlingTime);
    const auto settle = [this] { m_settling.start(); };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, settle);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this, settle] {
        if (!m_watcher.files().contains(m_file)) // it was replaced, or is there at last
            settle();
    });
    connect(&m_settling, &QTimer::timeout, this, [this] {
        watch();
        emit touched();
    });
}

void ProjectDisk::follow(const QString& file, std::optional<AuthoredProject> content)
{
    if (const auto old = m_watcher.files() + m_watcher.directories(); !old.isEmpty())
        m_watcher.removePaths(old);
    m_file = file;
    m_known = std::move(content);
    watch();
}

void ProjectDisk::watch()
{
    for (const auto& path : {m_file, QFileInfo(m_file).path()})
        if (!m_watcher.files().contains(path) && !m_watcher.directories().contains(path) && QFileInfo::exists(path))
            m_watcher.addPath(path);
}

Result<void> ProjectDisk::write(const AuthoredProject& content)
{
    auto written = writeProject(m_file.toStdString(), content);
    if (written) {
        m_known = content;
        watch();
    }
    return written;
}

std::optional<Result<AuthoredProject>> ProjectDisk::foreign() const
{
    auto there = readProject(m_file.toStdString());
    if (there ? m_known == *there : !QFileInfo::exists(m_file))
        return std::nullopt;
    return there;
}

} // namespace aap
