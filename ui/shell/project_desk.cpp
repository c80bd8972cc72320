#include "ui/shell/project_desk.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>

#include "ui/project/new_project.h"
#include "ui/project/project.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr qsizetype kMostRecent = 8;
const QString kRecent = QStringLiteral("project/recent");
const QString kLast = QStringLiteral("project/last");

QString fileKinds()
{
    return ProjectDesk::tr("Projects (*.agentpipeline)");
}

} // namespace

ProjectDesk::ProjectDesk(Project& project, QSettings& memory, QWidget* window) :
    QObject(window),
    m_project(project),
    m_memory(memory),
    m_window(window)
{
    connect(&m_project, &Project::opened, this, &ProjectDesk::noteOpened);
}

QString ProjectDesk::folder() const
{
    const auto files = recent();
    return files.isEmpty() ? QDir::homePath() : QFileInfo(files.first()).path();
}

void ProjectDesk::newProject()
{
    auto* sheet = new NewProject(m_project, folder(), m_window);
    connect(sheet, &QDialog::accepted, this, &ProjectDesk::opened);
    openSheet(*sheet);
}

void ProjectDesk::choose()
{
    auto* dialog = new QFileDialog(m_window, tr("Open a project"), folder(), fileKinds());
    dialog->setObjectName("openDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ProjectDesk::open);
    openSheet(*dialog);
}

void ProjectDesk::open(const QString& file)
{
    if (!QFileInfo::exists(file)) {
        forget(file);
        emit failed(Error{ErrorCode::NotFound, "there is no file " + file.toStdString(), {}, "It is taken from the list of projects."});
    } else if (const auto done = m_project.open(QFileInfo(file).absoluteFilePath()); !done) {
        emit failed(done.error());
    } else {
        emit opened();
    }
}

void ProjectDesk::saveCopy()
{
    auto* dialog = new QFileDialog(m_window, tr("Save a copy of the project"), folder(), fileKinds());
    dialog->setObjectName("copyDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("agentpipeline"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        if (const auto written = m_project.saveCopy(file); !written)
            emit failed(written.error());
    });
    openSheet(*dialog);
}

void ProjectDesk::openLast(const QString& draft)
{
    m_draft = draft;
    const auto last = m_memory.value(kLast, draft).toString();
    const auto file = QFileInfo::exists(last) ? last : draft;
    if (file.isEmpty())
        return;
    if (const auto done = m_project.open(file); !done)
        emit failed(done.error());
}

void ProjectDesk::noteOpened()
{
    const auto file = m_project.file();
    if (m_memory.value(kLast, m_draft) != file) // a write waits for the disk, at the start before the window is there
        m_memory.setValue(kLast, file);
    if (file == m_draft)
        return; // it has no name that one would look for
    auto files = recent();
    if (!files.isEmpty() && files.first() == file)
        return;
    files.removeAll(file);
    files.prepend(file);
    m_memory.setValue(kRecent, files.mid(0, kMostRecent));
    emit recentChanged(recent());
}

QStringList ProjectDesk::recent() const
{
    return m_memory.value(kRecent).toStringList();
}

void ProjectDesk::forget(const QString& file)
{
    auto files = recent();
    files.removeAll(file);
    m_memory.setValue(kRecent, files);
    emit recentChanged(files);
}

} // namespace aap
