#include "ui/run/problem_list.h"

#include "ui/run/transcript_model.h"
#include "ui/widgets/look.h"

namespace aap {

ProblemList::ProblemList(QAbstractItemModel& transcript, QObject* parent) :
    QSortFilterProxyModel(parent)
{
    setFilterRole(TranscriptModel::ProblemRole);
    setSourceModel(&transcript);
}

bool ProblemList::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    return sourceModel()->index(row, 0, parent).data(TranscriptModel::ProblemRole).toBool();
}

QVariant ProblemList::data(const QModelIndex& index, int role) const
{
    const auto source = mapToSource(index);
    if (role == Qt::DecorationRole)
        return shapeIcon(Shape(source.data(TranscriptModel::ShapeRole).toInt()), source.data(TranscriptModel::ColourRole).value<QColor>());
    if (role != Qt::DisplayRole)
        return QSortFilterProxyModel::data(index, role);
    const auto detail = source.data(TranscriptModel::DetailRole).toString();
    return detail.isEmpty() ? source.data() : source.data().toString() + u'\n' + detail;
}

} // namespace aap
