#include "ui/project/sending_panel.h"

#include <QLabel>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/project/project.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/inert_text.h"

namespace aap {
namespace {

constexpr int kForecastDelay = 400; // ms after the last change
constexpr int kBytesPerToken = 3;   // as core estimates them, too

} // namespace

SendingPanel::SendingPanel(Project& project, Workbench& workbench, QWidget* parent) :
    QWidget(parent),
    m_project(project),
    m_workbench(workbench),
    m_amount(plainLabel("sendingAmount", this)),
    m_forecast(plainLabel("sendingForecast", this))
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kForecastDelay);
    m_forecast->setToolTip(tr("From what past runs with these stages and this model needed: half of them at most the first sum, nine of ten at most the second"));
    auto* heading = new QLabel(tr("What will be sent"), this);
    auto bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    for (auto* label : {heading, m_amount, m_forecast})
        column->addWidget(label);
    connect(&m_soon, &QTimer::timeout, this, &SendingPanel::ask);
    connect(&m_project, &Project::requirementsChanged, this, &SendingPanel::count);
    connect(&m_project, &Project::pipelineChanged, this, &SendingPanel::refresh);
    connect(&m_project, &Project::opened, this, [this] {
        count();
        refresh();
    });
    count();
}

void SendingPanel::setFileBytes(std::uint64_t bytes)
{
    m_fileBytes = bytes;
    count();
}

void SendingPanel::count()
{
    const auto words = m_project.requirements();
    const auto number = words.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts).size();
    if (number == 0 && m_fileBytes == 0)
        return m_amount->setText(tr("Nothing yet"));
    auto said = tr("%n word(s)", nullptr, int(number)) + QStringLiteral(" ≈ ") + tr("%1 tokens").arg(countText(words.toUtf8().size() / kBytesPerToken));
    if (m_fileBytes > 0)
        said += tr(" + files %1, when they are read").arg(countText(std::int64_t(m_fileBytes / kBytesPerToken)));
    m_amount->setText(said);
}

void SendingPanel::refresh()
{
    if (isVisible())
        m_soon.start();
}

void SendingPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_soon.start();
}

void SendingPanel::ask()
{
    m_workbench.forecastRun(m_project.pipeline(), toGui<Result<Forecast>>(this, [this](const auto& forecast) { showForecast(forecast); }));
}

void SendingPanel::showForecast(const Result<Forecast>& forecast)
{
    if (!forecast)
        return m_forecast->setText(describe(forecast.error()));
    if (!forecast->hasHistory())
        return m_forecast->setText(tr("No forecast: there is no past run to learn from yet."));
    auto said = tr("Forecast p50 %1 · p90 %2 (%n past run(s))", nullptr, int(forecast->runs))
                    .arg(moneyText(Money::usd(forecast->usd.p50)), moneyText(Money::usd(forecast->usd.p90)));
    if (!forecast->isComplete())
        said += u'\n' + tr("Of some stages nothing is known; they are not in the sums.");
    m_forecast->setText(said);
}

} // namespace aap
