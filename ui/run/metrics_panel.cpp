#include "ui/run/metrics_panel.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/sparkline.h"

namespace aap {
namespace {

QString dollars(double value) { return moneyText(Money::usd(value)); }
QString spanOfSeconds(double value) { return durationText(Milliseconds(std::int64_t(value * 1000))); }
QString tokens(double value) { return countText(std::int64_t(value)); }
QString percent(double value) { return QStringLiteral("%1 %").arg(int(value + 0.5)); }

} // namespace

MetricsPanel::MetricsPanel(QWidget* parent) :
    QWidget(parent),
    m_metrics(new RunMetrics(this)),
    m_table(new QTableView(this)),
    m_costs(new Sparkline(tr("Cost by turn"), dollars, this)),
    m_waits(new Sparkline(tr("Model's time by turn"), spanOfSeconds, this)),
    m_outputs(new Sparkline(tr("Tokens out by turn"), tokens, this)),
    m_cacheHits(new Sparkline(tr("Prompt from cache by turn"), percent, this))
{
    m_table->setObjectName("metrics");
    m_table->setAccessibleName(tr("Figures by stage"));
    m_table->setModel(m_metrics);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    auto* charts = new QGridLayout;
    charts->setSpacing(8);
    int place = 0;
    for (auto* chart : {m_costs, m_waits, m_outputs, m_cacheHits}) {
        charts->addWidget(chart, place / 2, place % 2);
        ++place;
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_table, 1);
    column->addLayout(charts);
}

void MetricsPanel::clear()
{
    m_metrics->clear();
    showCharts();
}

void MetricsPanel::append(const RunBatch& batch)
{
    m_metrics->append(batch);
    showCharts();
}

void MetricsPanel::showCharts()
{
    m_costs->setValues(m_metrics->costs());
    m_waits->setValues(m_metrics->waits());
    m_outputs->setValues(m_metrics->outputs());
    m_cacheHits->setValues(m_metrics->cacheHits());
}

} // namespace aap
