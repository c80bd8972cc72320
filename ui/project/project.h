#pragma once

#include <functional>

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include "core/project/project_file.h"

namespace aap {

/// The project that is being authored: requirements and pipeline, kept in a `.agentpipeline` file one second after the last change.
/// Changes of the pipeline can be undone; those of the text by its editor.
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
    /// Saves at once; `saved` tells.
    void save();
    Result<void> saveCopy(const QString& file);

    const QString& file() const { return m_file; }
    /// "photo-sorter": the file's name.
    QString name() const;
    QString requirements() const;
    void setRequirements(const QString& words);
    QString repository() const;
    void setRepository(const QString& place);
    PipelineSpec pipeline() const;
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
    void pipelineChanged();
    void saved(bool succeeded, const QString& message);

private:
    class PipelineChange;
    void setPipeline(Json difference);
    void takeUp(const QString& file, AuthoredProject content);

    PipelineSpec m_defaults;
    QString m_file;
    AuthoredProject m_content;
    QTimer m_autosave;
    QUndoStack m_undo;
};

} // namespace aap
