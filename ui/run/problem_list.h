#pragma once

#include <QSortFilterProxyModel>

namespace aap {

/// Of the transcript what is wrong now: failed checks of the last attempt, warnings and errors.
class ProblemList : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit ProblemList(QAbstractItemModel& transcript, QObject* parent = nullptr);

    QVariant data(const QModelIndex& index, int role) const override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
};

} // namespace aap
