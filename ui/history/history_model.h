#pragma once

#include <set>

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "core/store/journal.h"
#include "ui/history/history_filter.h"

namespace aap {

/// The runs of the journal, a row each. Text is made when a cell is looked at, so that ten thousand rows cost little.
class HistoryModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Number, Started, Project, Mode, Outcome, Duration, Tokens, Cost, Model, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole,
        PinnedRole, ///< bool: it stays on top
    };

    explicit HistoryModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Newest first, as the journal has them. `atWork`: ids that this window is carrying out; `pinned`: those that stay on top.
    void show(std::vector<RunSummary> runs, std::set<std::string> atWork, std::set<std::string> pinned);
    const RunSummary& run(int row) const { return m_runs[std::size_t(row)]; }

private:
    QString words(const RunSummary& run, int row, int column) const;
    QVariant sortKey(const RunSummary& run, int row, int column) const;

    std::vector<RunSummary> m_runs;
    std::set<std::string> m_atWork;
    std::set<std::string> m_pinned;
};

/// What the filter bar leaves of it, sorted.
class HistorySelection : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit HistorySelection(HistoryModel& runs, QObject* parent = nullptr);

    void setFilter(HistoryFilter filter);
    const RunSummary& run(const QModelIndex& index) const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    HistoryModel& m_runs;
    HistoryFilter m_filter;
};

} // namespace aap
