#pragma once

#include <functional>
#include <vector>

#include <QList>
#include <QWidget>

#include "core/domain/pipeline_spec.h"

class QButtonGroup;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QTabWidget;

namespace aap {

class PlanCard;
class Project;

/// Where the pipeline is authored: which stages run, with what model and limits, what they are told, where the user is asked, and
/// when a stage is done. Every change can be undone.
class PipelinePage : public QWidget {
    Q_OBJECT

public:
    /// `templates`: the folder of the user's; may be empty.
    PipelinePage(Project& project, const QString& templates, QWidget* parent = nullptr);

    /// "claude-sonnet-5-5": what a stage without a model of its own uses.
    void setModelName(const QString& model);

signals:
    void failed(const aap::Error& error);

public slots:
    void undo();
    void redo();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    using Spec = PipelineSpec;
    using StageChange = std::function<void(StageSpec&)>;

    QLayout* makeBar(const QString& templates);
    QLayout* makeCards();
    QWidget* makeStageForm();
    QWidget* makeTaskForm();
    QWidget* makeDoneForm();
    QWidget* makeLimitsForm();
    QWidget* scrolled(QWidget* form);
    /// A number that 0 switches off when `whenNone` is given.
    void addNumber(QFormLayout* form, const char* name, const QString& label, double max, int decimals, const QString& suffix, const QString& whenNone,
                   std::function<double(const Spec&)> shown, std::function<void(Spec&, double)> take);
    void addSwitch(QFormLayout* form, const char* name, const QString& label, std::function<bool(const Spec&)> shown, std::function<void(Spec&, bool)> take);
    void addLine(QFormLayout* form, const char* name, const QString& label, std::function<QString(const Spec&)> shown, std::function<void(Spec&, const std::string&)> take);
    void addChoice(QFormLayout* form, const char* name, const QString& label, const QList<std::pair<QString, QString>>& choices,
                   std::function<std::string(const Spec&)> shown, std::function<void(Spec&, const std::string&)> take);
    void change(const char* field, const QString& what, const std::function<void(Spec&)>& change);
    StageSpec& chosen(Spec& spec) const;
    const StageSpec& chosen(const Spec& spec) const;
    void choose(StageId stage);
    void refresh();

    Project& m_project;
    StageId m_stage = StageId::Architecture;
    QString m_model;
    QList<PlanCard*> m_cards;
    QLabel* m_verdict = nullptr;
    QTabWidget* m_tabs = nullptr;
    QPlainTextEdit* m_task = nullptr;
    std::vector<std::function<void(const Spec&)>> m_shows; ///< one for each field
    bool m_isShowing = false;                              ///< what fields say now is not the user's
};

} // namespace aap
