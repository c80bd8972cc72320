#pragma once

#include <functional>

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include "ui/project/project_disk.h"

namespace aap {

/// The project that is being authored: requirements and pipeline, kept in a `.agentpipeline` file one second after the last change.
/// Changes of the pipeline and of what is attached can be undone; those of the text by its editor. What others write into the file is
/// never written over unasked: see diskDiffers.
class Project : public QObject {
    Q_OBJECT

public:
    /// `defaults`: what the settings say of a pipeline.
    explicit Project(PipelineSpec defaults, QObject* parent = nullptr);
    ~Project() override;

    /// Saves what is open and takes up the file instead. One that does not exist begins empty, or with the text file of that name;
    /// one that cannot be read changes nothing.
    Result<void> open(const QString& file);
    /// Makes a new project there; Invalid when something is there already.
    Result<void> create(const QString& file, const QString& requirements);
    /// Saves at once; `saved` tells. Not over what others wrote: diskDiffers then tells, too.
    void save();
    /// Before the project is left: what cannot be saved because others wrote the file is kept in one beside it.
    void letGo();
    /// What is authored here is dropped for what the file says now. Errors: the file's.
    Result<void> takeFromDisk();
    /// What the file says now is written over.
    void keepMine();
    /// Both as text for a comparison: what the file says, and what is authored here.
    std::pair<QString, QString> diskAndMine() const;
    Result<void> saveCopy(const QString& file);

    const QString& file() const { return m_file; }
    /// "photo-sorter": the file's name.
    QString name() const;
    QString requirements() const;
    void setRequirements(const QString& words);
    QString repository() const;
    void setRepository(const QString& place);
    const std::vector<AttachedFile>& attachments() const { return m_content.attachments; }
    /// Where it lies.
    QString placeOf(const AttachedFile& attachment) const;
    /// Those that go to the agents.
    QStringList attachedPlaces() const;
    /// What is attached already is left out.
    void attach(const QStringList& places);
    void detach(std::size_t index);
    void setToAgents(std::size_t index, bool toAgents);
    QUndoStack& attachmentsUndo() { return m_attachmentsUndo; }
    PipelineSpec pipeline() const;
    /// What the settings say of a pipeline.
    const PipelineSpec& defaults() const { return m_defaults; }
    /// Changes that follow each other with the same `field` are one step to undo. Invalid, and nothing is changed: no pipeline could
    /// be like that.
    Result<void> changePipeline(const QString& what, const QString& field, const std::function<void(PipelineSpec&)>& change);
    /// The settings have changed: what the project says nothing of follows them.
    void setDefaults(PipelineSpec defaults);
    QUndoStack& undoStack() { return m_undo; }

signals:
    /// Another file is open: everything may differ.
    void opened();
    void requirementsChanged();
    void attachmentsChanged();
    void pipelineChanged();
    /// The file holds something else than was read or written last, or does so no more.
    void diskDiffers(bool differs);
    void saved(bool succeeded, const QString& message);

private:
    class PipelineChange;
    class AttachmentsChange;
    void setAttachments(std::vector<AttachedFile> attachments);
    void changeAttachments(const QString& what, std::vector<AttachedFile> attachments);
    void lookAtDisk();
    void write();
    void setPipeline(Json difference);
    void takeUp(const QString& file, AuthoredProject content, std::optional<AuthoredProject> onDisk);

    PipelineSpec m_defaults;
    QString m_file;
    AuthoredProject m_content;
    ProjectDisk m_disk;
    QTimer m_autosave;
    QUndoStack m_undo;
    QUndoStack m_attachmentsUndo;
};

} // namespace aap
