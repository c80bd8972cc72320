#include "ui/project/project.h"

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

Project::Project(PipelineSpec defaults, QObject* parent) :
    QObject(parent),
    m_defaults(std::move(defaults))
{
    m_undo.setUndoLimit(kUndoSteps);
    m_autosave.setSingleShot(true);
    m_autosave.setInterval(kAutosave);
    connect(&m_autosave, &QTimer::timeout, this, &Project::save);
}

Project::~Project() = default;

Result<void> Project::open(const QString& file)
{
    auto content = readProject(file.toStdString());
    const bool isMissing = !content && !QFileInfo::exists(file);
    if (!content && !isMissing)
        return std::move(content).error();
    if (isMissing) {
        const QFileInfo info(file);
        QFile text(info.path() + u'/' + info.completeBaseName() + QStringLiteral(".md"));
        content = AuthoredProject{.requirements = text.open(QIODevice::ReadOnly) ? text.read(kLargestText).toStdString() : std::string()};
    }
    takeUp(file, *std::move(content));
    return {};
}

Result<void> Project::create(const QString& file, const QString& requirements)
{
    if (QFileInfo::exists(file))
        return Error{ErrorCode::Invalid, "there is a file " + file.toStdString() + " already", {}, "Choose another name, or open it."};
    AuthoredProject content{.requirements = requirements.toStdString()};
    if (auto written = writeProject(file.toStdString(), content); !written)
        return written;
    takeUp(file, std::move(content));
    return {};
}

void Project::takeUp(const QString& file, AuthoredProject content)
{
    if (m_autosave.isActive())
        save();
    m_file = file;
    m_content = std::move(content);
    m_undo.clear();
    emit opened();
}

void Project::save()
{
    m_autosave.stop();
    if (m_file.isEmpty()) {
        emit saved(false, tr("the project has no file; save a copy"));
        return;
    }
    const auto written = writeProject(m_file.toStdString(), m_content);
    emit saved(bool(written), written ? QString() : describe(written.error()));
}

Result<void> Project::saveCopy(const QString& file)
{
    auto written = writeProject(file.toStdString(), m_content);
    if (written && m_file.isEmpty())
        m_file = file;
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
