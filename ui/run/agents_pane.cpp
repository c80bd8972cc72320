#include "ui/run/agents_pane.h"

#include <algorithm>

#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

#include "ui/describe.h"

namespace aap {
namespace {

QListWidget* quietList(const char* name, QWidget* parent)
{
    auto* list = new QListWidget(parent);
    list->setObjectName(QLatin1String(name));
    list->setFrameShape(QFrame::NoFrame);
    list->setIconSize({16, 16});
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setTextElideMode(Qt::ElideRight);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    return list;
}

StateLook lookOf(const PlanItem& item)
{
    if (item.status == "completed")
        return lookOf(StageStatus::Passed);
    return lookOf(item.status == "in_progress" ? StageStatus::Running : StageStatus::NotStarted);
}

/// Rows are changed in place, so that no choice and no scrolling is lost by news.
void setRow(QListWidget& list, int row, const StateLook& look, const QString& words, const QString& spoken)
{
    if (row == list.count())
        list.addItem(new QListWidgetItem);
    auto& item = *list.item(row);
    item.setIcon(shapeIcon(look.shape, look.colour));
    item.setText(words);
    item.setData(Qt::AccessibleTextRole, spoken);
}

void cutTo(QListWidget& list, int rows)
{
    while (list.count() > rows)
        delete list.takeItem(rows);
}

} // namespace

AgentsPane::AgentsPane(QWidget* parent) :
    QWidget(parent),
    m_agents(quietList("agents", this)),
    m_heading(new QLabel(this)),
    m_plan(quietList("plan", this)),
    m_context(new QLabel(this))
{
    m_agents->setAccessibleName(tr("Agents"));
    m_heading->setTextFormat(Qt::PlainText);
    m_plan->setAccessibleName(tr("Plan"));
    m_plan->setWordWrap(true);
    m_plan->setSelectionMode(QAbstractItemView::NoSelection);
    m_context->setObjectName(QStringLiteral("context"));
    m_context->setTextFormat(Qt::PlainText);
    m_context->setWordWrap(true);
    m_context->setForegroundRole(QPalette::PlaceholderText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_agents);
    column->addWidget(m_heading);
    column->addWidget(m_plan, 1);
    column->addWidget(m_context);
    column->addStretch();
    connect(m_agents, &QListWidget::itemClicked, this, [this] { m_isPicked = true; });
    connect(m_agents, &QListWidget::itemActivated, this, [this] { m_isPicked = true; });
    connect(m_agents, &QListWidget::currentRowChanged, this, &AgentsPane::showPlan);
    clear();
}

void AgentsPane::clear()
{
    m_state = {};
    m_halted.reset();
    m_contexts.clear();
    m_isPicked = false;
    showAgents();
}

void AgentsPane::append(const RunBatch& batch)
{
    m_state = batch.state;
    for (const auto& event : batch.events)
        if (const auto* turn = std::get_if<TurnFinished>(&event.payload); turn != nullptr && event.stage)
            m_contexts[*event.stage] = turn->usage.promptTokens() + turn->usage.outputTokens;
    showAgents();
}

void AgentsPane::setHalted(const std::optional<StateLook>& halted)
{
    m_halted = halted;
    showAgents();
}

void AgentsPane::showAgents()
{
    int row = 0;
    int atWork = -1;
    for (const auto& stage : m_state.stages) {
        const bool isCurrent = m_state.currentStage == stage.id;
        const auto look = isCurrent && m_halted ? *m_halted : aap::lookOf(stage.status);
        auto words = word(title(stage.id));
        if (stage.usage.calls > 0)
            words += QStringLiteral(" · ") + tr("%n turn(s)", nullptr, int(stage.usage.calls));
        if (stage.cost.microUsd > 0)
            words += QStringLiteral(" · ") + moneyText(stage.cost);
        setRow(*m_agents, row, look, words, spokenState(stage));
        if (isCurrent || (!m_state.currentStage && !stage.plan.empty())) // of a run that is over, the last one
            atWork = row;
        ++row;
    }
    cutTo(*m_agents, row);
    m_agents->setFixedHeight(std::max(1, m_agents->sizeHintForRow(0)) * std::max(1, row) + 2 * m_agents->frameWidth());
    if (!m_isPicked && atWork >= 0)
        m_agents->setCurrentRow(atWork);
    showPlan();
}

const StageState* AgentsPane::chosen() const
{
    const auto row = m_agents->currentRow();
    return row >= 0 && std::size_t(row) < m_state.stages.size() ? &m_state.stages[std::size_t(row)] : nullptr;
}

void AgentsPane::showPlan()
{
    const auto* stage = chosen();
    const bool hasPlan = stage != nullptr && !stage->plan.empty();
    m_plan->setVisible(hasPlan);
    m_heading->setText(stage == nullptr ? QString() : hasPlan ? tr("Plan of %1").arg(word(title(stage->id))) : tr("%1 has no plan yet").arg(word(title(stage->id))));
    int row = 0;
    if (hasPlan)
        for (const auto& item : stage->plan) {
            const auto look = lookOf(item);
            const auto words = text(item.text).simplified();
            setRow(*m_plan, row++, look, words, QStringLiteral("%1: %2").arg(look.word, words));
        }
    cutTo(*m_plan, row);
    m_context->setText(stage == nullptr ? QString() : contextLine(*stage));
}

QString AgentsPane::contextLine(const StageState& stage) const
{
    const auto found = m_contexts.find(stage.id);
    if (found == m_contexts.end())
        return {};
    const auto size = m_contextSize ? m_contextSize(stage.model) : 0;
    if (size <= 0)
        return tr("Context: %1 tokens").arg(countText(found->second));
    return tr("Context: %1 % of %2 tokens").arg(found->second * 100 / size).arg(countText(size));
}

} // namespace aap
