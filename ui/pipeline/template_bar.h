#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "core/project/pipeline_templates.h"

class QComboBox;
class QPushButton;

namespace aap {

class Project;

/// Whole pipelines under a name: ours, and those that the user saved. Choosing one can be undone.
class TemplateBar : public QWidget {
    Q_OBJECT

public:
    /// `folder`: where the user's lie; empty: none can be saved.
    TemplateBar(Project& project, QString folder, QWidget* parent);

    /// Asks for a name, and keeps the pipeline as it is now under it.
    void save();

signals:
    void failed(const aap::Error& error);

private:
    struct Choice {
        QString name{};
        PipelineSpec spec{};
        PipelineTemplate saved{}; ///< the user's own; no name: one of ours
    };
    void read();
    void showChosen();
    void choose(int index);
    void keep(const QString& name);
    void removeChosen();

    Project& m_project;
    QString m_folder;
    QComboBox* m_list;
    QPushButton* m_save;
    QPushButton* m_remove;
    std::vector<Choice> m_choices;
    Json m_readFor; ///< the defaults that they were made from
};

} // namespace aap
