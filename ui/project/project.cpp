#include "ui/project/project.h"

#include <algorithm>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUndoCommand>

#include "ui/describe.h"

namespace aap {
namespace {

constexpr int kAutosave = 1000; // ms after the last change
constexpr int kUndoSteps = 500;
constexpr qint64 kLargestText = 8 << 20;

} // namespace

class Project::PipelineChange final : public QUndoCommand {
public:
    PipelineChange(Project& project, const QString& what, QString field, Json before, Json after) :
        QUndoCommand(what), m_project(project), m_field(std::move(field)), m_before(std::move(before)), m_after(std::move(after))
    {
    }

    int id() const override { return 1; }
    void undo() override { m_project.setPipeline(m_before); }
    void redo() override { m_project.setPipeline(m_after); }
    bool mergeWith(const QUndoCommand* next) override
    {
        const auto& other = static_cast<const PipelineChange&>(*next); // all of one id are of one kind
        if (m_field.isEmpty() || other.m_field != m_field)
            return false;
        m_after = other.m_after;
        setObsolete(m_after == m_before);
        return true;
    }

private:
    Project& m_project;
    const QString m_field;
    const Json m_before;
    Json m_after;
};

class Project::AttachmentsChange final : public QUndoCommand {
public:
    AttachmentsChange(Project& project, const QString& what, std::vector<AttachedFile> before, std::vector<AttachedFile> after) :
        QUndoCommand(what), m_project(project), m_before(std::move(before)), m_after(std::move(after))
    {
    }

    void undo() override { m_project.setAttachments(m_before); }
    void redo() override { m_project.setAttachments(m_after); }

private:
    Project& m_project;
    const std::vector<AttachedFile> m_before;
    const std::vector<AttachedFile> m_after;
};

Project::Project(PipelineSpec defaults, QObject* parent) :
    QObject(parent),
    m_defaults(std::move(defaults))
{
    m_undo.setUndoLimit(kUndoSteps);
    m_attachmentsUndo.setUndoLimit(kUndoSteps);
    connect(&m_disk, &ProjectDisk::touched, this, &Project::lookAtDisk);
    m_autosave.setSingleShot(true);
    m_autosave.setInterval(kAutosave);
    connect(&m_autosave, &QTimer::timeout, this, &Project::save);
}

Project::~Project() = default;

Result<void> Project::open(const QString& file)
{
    letGo();
    auto content = readProject(file.toStdString());
    const bool isMissing = !content && !QFileInfo::exists(file);
    if (!content && !isMissing)
        return std::move(content).error();
    if (isMissing) {
        const QFileInfo info(file);
        QFile text(info.path() + u'/' + info.completeBaseName() + QStringLiteral(".md"));
        content = AuthoredProject{.requirements = text.open(QIODevice::ReadOnly) ? text.read(kLargestText).toStdString() : std::string()};
    }
    auto onDisk = isMissing ? std::nullopt : std::optional(*content);
    takeUp(file, *std::move(content), std::move(onDisk));
    return {};
}

Result<void> Project::create(const QString& file, const QString& requirements)
{
    if (QFileInfo::exists(file))
        return Error{ErrorCode::Invalid, "there is a file " + file.toStdString() + " already", {}, "Choose another name, or open it."};
    letGo();
    AuthoredProject content{.requirements = requirements.toStdString()};
    if (auto written = writeProject(file.toStdString(), content); !written)
        return written;
    takeUp(file, content, content);
    return {};
}

void Project::takeUp(const QString& file, AuthoredProject content, std::optional<AuthoredProject> onDisk)
{
    m_autosave.stop();
    m_file = file;
    m_content = std::move(content);
    m_disk.follow(file, std::move(onDisk));
    m_undo.clear();
    m_attachmentsUndo.clear();
    emit diskDiffers(false);
    emit opened();
}

void Project::save()
{
    m_autosave.stop();
    if (m_file.isEmpty()) {
        emit saved(false, tr("the project has no file; save a copy"));
    } else if (const auto foreign = m_disk.foreign(); foreign && !(*foreign && **foreign == m_content)) {
        emit saved(false, tr("the file was changed by another program"));
        emit diskDiffers(true);
    } else {
        write();
    }
}

void Project::write()
{
    m_autosave.stop();
    const auto written = m_disk.write(m_content);
    if (written)
        emit diskDiffers(false);
    emit saved(bool(written), written ? QString() : describe(written.error()));
}

void Project::letGo()
{
    if (m_file.isEmpty() || m_disk.knows(m_content) || (!m_disk.hasFile() && !m_autosave.isActive()))
        return; // nothing would be lost
    const auto foreign = m_disk.foreign();
    if (!foreign || (*foreign && **foreign == m_content))
        return save();
    m_autosave.stop();
    const QFileInfo info(m_file);
    auto beside = info.path() + u'/' + info.completeBaseName() + QStringLiteral("-mine.agentpipeline");
    for (int number = 2; QFileInfo::exists(beside); ++number)
        beside = info.path() + u'/' + info.completeBaseName() + QStringLiteral("-mine-%1.agentpipeline").arg(number);
    const auto written = writeProject(beside.toStdString(), m_content);
    emit saved(bool(written), written ? QString() : describe(written.error()));
}

void Project::lookAtDisk()
{
    const auto foreign = m_disk.foreign();
    if (foreign && *foreign && **foreign == m_content)
        m_disk.follow(m_file, m_content); // somebody came to the same
    emit diskDiffers(foreign && !(*foreign && **foreign == m_content));
}

Result<void> Project::takeFromDisk()
{
    auto there = readProject(m_file.toStdString());
    if (!there)
        return std::move(there).error();
    m_autosave.stop();
    auto content = *std::move(there);
    takeUp(m_file, content, content);
    return {};
}

void Project::keepMine()
{
    write();
}

std::pair<QString, QString> Project::diskAndMine() const
{
    const auto readable = [](const AuthoredProject& project) {
        auto rest = project;
        rest.requirements.clear();
        return text(project.requirements) + QStringLiteral("\n\n") + text(projectText(rest));
    };
    const auto there = readProject(m_file.toStdString());
    return {there ? readable(*there) : describe(there.error()), readable(m_content)};
}

Result<void> Project::saveCopy(const QString& file)
{
    auto written = writeProject(file.toStdString(), m_content);
    if (written && m_file.isEmpty()) {
        m_file = file;
        m_disk.follow(file, m_content);
    }
    return written;
}

QString Project::name() const
{
    return QFileInfo(m_file).completeBaseName();
}

QString Project::repository() const
{
    return text(m_content.repository);
}

void Project::setRepository(const QString& place)
{
    m_content.repository = place.toStdString();
    m_autosave.start();
}

QString Project::placeOf(const AttachedFile& attachment) const
{
    return QDir::cleanPath(QFileInfo(m_file).dir().absoluteFilePath(text(attachment.path)));
}

QStringList Project::attachedPlaces() const
{
    QStringList places;
    for (const auto& attachment : m_content.attachments)
        if (attachment.toAgents)
            places << placeOf(attachment);
    return places;
}

void Project::attach(const QStringList& places)
{
    auto attachments = m_content.attachments;
    const auto folder = QFileInfo(m_file).dir();
    for (const auto& place : places) {
        const auto whole = QDir::cleanPath(QFileInfo(place).absoluteFilePath());
        const auto relative = folder.relativeFilePath(whole);
        const auto isBelow = !m_file.isEmpty() && !relative.startsWith(QLatin1String("..")) && QDir::isRelativePath(relative);
        AttachedFile fresh{(isBelow ? relative : whole).toStdString()};
        const bool isThere = std::ranges::any_of(attachments, [&](const AttachedFile& other) { return placeOf(other) == whole; });
        if (!isThere)
            attachments.push_back(std::move(fresh));
    }
    changeAttachments(tr("attach"), std::move(attachments));
}

void Project::detach(std::size_t index)
{
    auto attachments = m_content.attachments;
    if (index >= attachments.size())
        return;
    attachments.erase(attachments.begin() + std::ptrdiff_t(index));
    changeAttachments(tr("remove attachment"), std::move(attachments));
}

void Project::setToAgents(std::size_t index, bool toAgents)
{
    auto attachments = m_content.attachments;
    if (index >= attachments.size())
        return;
    attachments[index].toAgents = toAgents;
    changeAttachments(tr("to agents"), std::move(attachments));
}

void Project::changeAttachments(const QString& what, std::vector<AttachedFile> attachments)
{
    if (attachments != m_content.attachments)
        m_attachmentsUndo.push(new AttachmentsChange(*this, what, m_content.attachments, std::move(attachments))); // the stack owns it
}

void Project::setAttachments(std::vector<AttachedFile> attachments)
{
    m_content.attachments = std::move(attachments);
    m_autosave.start();
    emit attachmentsChanged();
}

QString Project::requirements() const
{
    return text(m_content.requirements);
}

void Project::setRequirements(const QString& words)
{
    auto utf8 = words.toStdString();
    if (utf8 == m_content.requirements)
        return;
    m_content.requirements = std::move(utf8);
    m_autosave.start();
    emit requirementsChanged();
}

PipelineSpec Project::pipeline() const
{
    return pipelineOf(m_content.pipeline, m_defaults).value_or(m_defaults); // it was checked when it came in
}

Result<void> Project::changePipeline(const QString& what, const QString& field, const std::function<void(PipelineSpec&)>& change)
{
    auto spec = pipeline();
    change(spec);
    auto after = pipelineDifference(spec, m_defaults);
    if (auto possible = pipelineOf(after, m_defaults); !possible)
        return std::move(possible).error();
    if (after != m_content.pipeline)
        m_undo.push(new PipelineChange(*this, what, field, m_content.pipeline, std::move(after))); // the stack owns it
    return {};
}

void Project::setPipeline(Json difference)
{
    m_content.pipeline = std::move(difference);
    m_autosave.start();
    emit pipelineChanged();
}

void Project::setDefaults(PipelineSpec defaults)
{
    m_defaults = std::move(defaults);
    emit pipelineChanged();
}

} // namespace aap
