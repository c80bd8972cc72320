#pragma once

#include <QWidget>

#include "ui/run/run_metrics.h"

class QTableView;

namespace aap {

class Sparkline;

/// The figures of a run: a table by stage and small charts by turn.
class MetricsPanel : public QWidget {
    Q_OBJECT

public:
    explicit MetricsPanel(QWidget* parent = nullptr);

    void clear();
    void append(const RunBatch& batch);

private:
    void showCharts();

    RunMetrics* m_metrics;
    QTableView* m_table;
    Sparkline* m_costs;
    Sparkline* m_waits;
    Sparkline* m_outputs;
    Sparkline* m_cacheHits;
};

} // namespace aap
