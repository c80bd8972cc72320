#pragma once

#include <map>
#include <vector>

#include <QAbstractTableModel>

#include "ui/run/run_feed.h"

namespace aap {

/// What each stage has used, one row a stage and the sum below; and the same per turn, for charts.
class RunMetrics : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Stage, Turns, Prompt, Cached, Output, Cost, ModelTime, Calls, Errors, ColumnCount };

    explicit RunMetrics(QObject* parent = nullptr);

    void clear();
    void append(const RunBatch& batch);

    const std::vector<double>& costs() const { return m_costs; }         ///< dollars, per turn
    const std::vector<double>& waits() const { return m_waits; }         ///< seconds the model took, per turn
    const std::vector<double>& outputs() const { return m_outputs; }     ///< tokens, per turn
    const std::vector<double>& cacheHits() const { return m_cacheHits; } ///< percent of the prompt, per turn

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Sum {
        int turns = 0;
        Usage usage{};
        Money cost{};
        Milliseconds model{};
        int calls = 0;
        int errors = 0;
    };
    void take(const RunEvent& event);
    static QString shown(const Sum& sum, int column);

    std::map<StageId, Sum> m_stages;
    Sum m_all;
    std::vector<double> m_costs;
    std::vector<double> m_waits;
    std::vector<double> m_outputs;
    std::vector<double> m_cacheHits;
};

} // namespace aap
