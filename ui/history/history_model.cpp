#include "ui/history/history_model.h"

#include <QDateTime>
#include <QLocale>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

QDateTime localTime(TimePoint at)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count());
}

/// "12:01", "yesterday 09:14", "Mon 09:14" or the date.
QString relativeTime(TimePoint at)
{
    const auto when = localTime(at);
    const auto clock = QLocale().toString(when.time(), QStringLiteral("HH:mm"));
    const auto days = when.date().daysTo(QDate::currentDate());
    if (days == 0)
        return clock;
    if (days == 1)
        return HistoryModel::tr("yesterday %1").arg(clock);
    if (days > 1 && days < 7)
        return QLocale().toString(when, QStringLiteral("ddd ")) + clock;
    return QLocale().toString(when.date(), QLocale::ShortFormat);
}

QString modeName(RunMode mode)
{
    switch (mode) {
    case RunMode::Full: return HistoryModel::tr("Full");
    case RunMode::Stages: return HistoryModel::tr("Stages");
    case RunMode::Review: return HistoryModel::tr("Review");
    }
    return {};
}

StateLook lookOf(const RunSummary& run, bool atWork)
{
    if (run.ending)
        return lookOf(*run.ending);
    return atWork || run.isRunning ? lookOf(StageStatus::Running) : interruptedLook();
}

} // namespace

HistoryModel::HistoryModel(QObject* parent) :
    QAbstractTableModel(parent)
{
}

int HistoryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_runs.size());
}

int HistoryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant HistoryModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const auto& shown = run(index.row());
    switch (role) {
    case Qt::DisplayRole: return words(shown, index.row(), index.column());
    case Qt::DecorationRole:
        if (index.column() == Outcome) {
            const auto look = lookOf(shown, m_atWork.contains(shown.id));
            return shapeIcon(look.shape, look.colour);
        }
        return {};
    case Qt::ToolTipRole:
        if (index.column() == Started)
            return QLocale().toString(localTime(shown.startedAt), QLocale::LongFormat);
        if (index.column() == Project && !shown.signedBy.empty())
            return tr("Imported from a bundle: it can be read, and not be carried on.");
        if (index.column() == Outcome && !shown.ending && !m_atWork.contains(shown.id))
            return shown.isRunning ? tr("Another program is at work on it.") : tr("The program that carried it out has ended. It can be resumed.");
        return {};
    case Qt::TextAlignmentRole: {
        const bool isFigure = index.column() == Number || index.column() == Duration || index.column() == Tokens || index.column() == Cost;
        return int(Qt::AlignVCenter | (isFigure ? Qt::AlignRight : Qt::AlignLeft));
    }
    case PinnedRole: return m_pinned.contains(shown.id);
    case Qt::AccessibleTextRole:
        return index.column() == Project && m_pinned.contains(shown.id) ? tr("pinned: %1").arg(words(shown, index.row(), Project)) : QVariant();
    case SortRole: return sortKey(shown, index.row(), index.column());
    default: return {};
    }
}

QString HistoryModel::words(const RunSummary& run, int row, int column) const
{
    switch (column) {
    case Number: return QString::number(int(m_runs.size()) - row);
    case Started: return relativeTime(run.startedAt);
    case Project: return (m_pinned.contains(run.id) ? QStringLiteral("★ ") : QString()) + (run.title.empty() ? text(run.id) : text(run.title).simplified());
    case Mode: return modeName(run.mode);
    case Outcome: return lookOf(run, m_atWork.contains(run.id)).word;
    case Duration: return run.finishedAt ? durationText(*run.finishedAt - run.startedAt) : QStringLiteral("–");
    case Tokens: return countText(run.usage.totalTokens());
    case Cost: return moneyText(run.cost);
    case Model: return text(run.model);
    default: return {};
    }
}

QVariant HistoryModel::sortKey(const RunSummary& run, int row, int column) const
{
    switch (column) {
    case Number: return int(m_runs.size()) - row;
    case Started: return qlonglong(run.startedAt.time_since_epoch().count());
    case Duration: return qlonglong(run.finishedAt ? (*run.finishedAt - run.startedAt).count() : -1);
    case Tokens: return qlonglong(run.usage.totalTokens());
    case Cost: return qlonglong(run.cost.microUsd);
    default: return words(run, row, column).toCaseFolded();
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number: return tr("#");
    case Started: return tr("Started");
    case Project: return tr("Project");
    case Mode: return tr("Mode");
    case Outcome: return tr("Result");
    case Duration: return tr("Time");
    case Tokens: return tr("Tokens");
    case Cost: return tr("Cost");
    case Model: return tr("Model");
    default: return {};
    }
}

void HistoryModel::show(std::vector<RunSummary> runs, std::set<std::string> atWork, std::set<std::string> pinned)
{
    beginResetModel();
    m_runs = std::move(runs);
    m_atWork = std::move(atWork);
    m_pinned = std::move(pinned);
    endResetModel();
}

HistorySelection::HistorySelection(HistoryModel& runs, QObject* parent) :
    QSortFilterProxyModel(parent),
    m_runs(runs)
{
    setSortRole(HistoryModel::SortRole);
    setSourceModel(&runs);
}

void HistorySelection::setFilter(HistoryFilter filter)
{
    m_filter = std::move(filter);
    invalidateFilter();
}

const RunSummary& HistorySelection::run(const QModelIndex& index) const
{
    return m_runs.run(mapToSource(index).row());
}

bool HistorySelection::filterAcceptsRow(int row, const QModelIndex& /*parent*/) const
{
    return m_filter.accepts(m_runs.run(row));
}

/// What is pinned stands on top, however the rest is sorted.
bool HistorySelection::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const bool isLeft = left.data(HistoryModel::PinnedRole).toBool();
    const bool isRight = right.data(HistoryModel::PinnedRole).toBool();
    if (isLeft != isRight)
        return (sortOrder() == Qt::AscendingOrder) == isLeft;
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace aap
