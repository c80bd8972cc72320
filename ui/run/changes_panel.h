#pragma once

#include <QFutureWatcher>
#include <QHash>
#include <QWidget>

#include "ui/run/run_feed.h"
#include "ui/widgets/line_diff.h"

class QListWidget;
class QPushButton;

namespace aap {

class DiffView;

/// What the agents changed in the project: all of it, by stage, or by tool call, from the run's snapshots.
class ChangesPanel : public QWidget {
    Q_OBJECT

public:
    explicit ChangesPanel(QWidget* parent = nullptr);

    void clear();
    void append(const RunBatch& batch);
    /// As they were when the project was at that snapshot; empty: as they are now.
    void showUpTo(const std::string& commit);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Comparison {
        std::vector<DiffRow> rows{};
        QString problem{};
    };
    void addStep(const QString& words, int indent, const std::string& from, const std::string& to);
    void take(const RunEvent& event);
    void hideLater();
    void compareCurrent();
    void showComparison();

    QListWidget* m_steps;
    DiffView* m_diff;
    QPushButton* m_beside;
    QString m_output;
    std::string m_last;       ///< the newest snapshot
    std::string m_upTo;       ///< the snapshot that is looked at; empty: the newest
    std::string m_stageBegin; ///< the newest when the stage began
    int m_stageRow = -1;
    bool m_stale = false; ///< what is shown is older than the newest snapshot
    QHash<QString, QString> m_calls; ///< id -> what it does
    QFutureWatcher<Comparison> m_comparing;
};

} // namespace aap
