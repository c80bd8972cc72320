#pragma once

#include <QWidget>

#include "ui/history/run_comparison.h"

class QLabel;
class QTreeWidget;

namespace aap {

/// Two runs side by side: outcome, stages, settings that differ and files that differ.
class CompareView : public QWidget {
    Q_OBJECT

public:
    explicit CompareView(QWidget* parent = nullptr);

    void show(const ComparedRun& left, const ComparedRun& right);

signals:
    void backAsked();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addGroup(const QString& name, const QList<RunComparison::Line>& lines, const QString& whenNone);

    QLabel* m_summary;
    QTreeWidget* m_lines;
};

} // namespace aap
