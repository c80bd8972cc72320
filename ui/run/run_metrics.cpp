#include "ui/run/run_metrics.h"

#include <algorithm>

#include <QFont>

#include "ui/describe.h"

namespace aap {

RunMetrics::RunMetrics(QObject* parent) :
    QAbstractTableModel(parent)
{
}

void RunMetrics::clear()
{
    beginResetModel();
    m_stages.clear();
    m_all = {};
    for (auto* series : {&m_costs, &m_waits, &m_outputs, &m_cacheHits})
        series->clear();
    endResetModel();
}

void RunMetrics::append(const RunBatch& batch)
{
    const bool newStage = std::ranges::any_of(batch.events, [this](const RunEvent& event) { return event.stage && !m_stages.contains(*event.stage); });
    if (newStage)
        beginResetModel();
    for (const auto& event : batch.events)
        take(event);
    if (newStage)
        endResetModel();
    else if (!m_stages.empty() && !batch.events.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void RunMetrics::take(const RunEvent& event)
{
    if (!event.stage)
        return;
    auto& stage = m_stages[*event.stage];
    if (const auto* turn = std::get_if<TurnFinished>(&event.payload)) {
        for (auto* sum : {&stage, &m_all}) {
            ++sum->turns;
            sum->usage += turn->usage;
            sum->cost += turn->cost;
            sum->model += turn->duration;
        }
        m_costs.push_back(turn->cost.inUsd());
        m_waits.push_back(double(turn->duration.count()) / 1000);
        m_outputs.push_back(double(turn->usage.outputTokens));
        m_cacheHits.push_back(turn->usage.promptTokens() > 0 ? 100.0 * double(turn->usage.cacheReadTokens) / double(turn->usage.promptTokens()) : 0);
    } else if (const auto* tool = std::get_if<ToolFinished>(&event.payload)) {
        for (auto* sum : {&stage, &m_all}) {
            ++sum->calls;
            sum->errors += tool->isError ? 1 : 0;
        }
    }
}

int RunMetrics::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_stages.empty() ? 0 : int(m_stages.size()) + 1;
}

int RunMetrics::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RunMetrics::shown(const Sum& sum, int column)
{
    switch (column) {
    case Turns: return QString::number(sum.turns);
    case Prompt: return countText(sum.usage.promptTokens());
    case Cached:
        return sum.usage.promptTokens() == 0 ? QStringLiteral("–") : QStringLiteral("%1 %").arg(100 * sum.usage.cacheReadTokens / sum.usage.promptTokens());
    case Output: return countText(sum.usage.outputTokens);
    case Cost: return moneyText(sum.cost);
    case ModelTime: return durationText(sum.model);
    case Calls: return QString::number(sum.calls);
    case Errors: return QString::number(sum.errors);
    default: return {};
    }
}

QVariant RunMetrics::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool isSum = index.row() == int(m_stages.size());
    if (role == Qt::TextAlignmentRole)
        return int(index.column() == Stage ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && isSum) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    if (role != Qt::DisplayRole)
        return {};
    if (isSum)
        return index.column() == Stage ? tr("All stages") : shown(m_all, index.column());
    const auto& [stage, sum] = *std::next(m_stages.begin(), index.row());
    return index.column() == Stage ? word(title(stage)) : shown(sum, index.column());
}

QVariant RunMetrics::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Stage: return tr("Stage");
    case Turns: return tr("Turns");
    case Prompt: return tr("Tokens in");
    case Cached: return tr("From cache");
    case Output: return tr("Tokens out");
    case Cost: return tr("Cost");
    case ModelTime: return tr("Model's time");
    case Calls: return tr("Tool calls");
    case Errors: return tr("Failed calls");
    default: return {};
    }
}

} // namespace aap
