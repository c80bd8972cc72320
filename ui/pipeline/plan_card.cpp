#include "ui/pipeline/plan_card.h"

#include <QKeyEvent>
#include <QPainter>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kPadding = 10;
constexpr int kGateSize = 18;
constexpr int kLinesOfACard = 4;

} // namespace

PlanCard::PlanCard(StageId stage, QWidget* parent) :
    QAbstractButton(parent),
    m_stage(stage)
{
    setObjectName(QStringLiteral("planCard.") + aap::text(slug(stage)));
    setCheckable(true);
    setText(word(title(stage)));
    setAccessibleName(tr("%1 stage").arg(text()));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumWidth(132);
}

void PlanCard::show(const StageSpec& spec)
{
    m_isUsed = spec.enabled;
    m_hasGate = spec.gateBefore;
    m_lines = QStringList{spec.enabled ? tr("In use") : tr("Left out"), tr("at most %1 turns").arg(spec.maxTurns),
                          spec.model.empty() ? tr("the run's model") : aap::text(spec.model)};
    if (spec.limits.money)
        m_lines << tr("at most %1").arg(moneyText(*spec.limits.money));
    setAccessibleDescription(m_lines.join(QStringLiteral(", ")) + (m_hasGate ? tr(", asks you before it begins") : QString()));
    update();
}

QSize PlanCard::sizeHint() const
{
    return {160, 2 * kPadding + fontMetrics().lineSpacing() * (kLinesOfACard + 1) + 4};
}

void PlanCard::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool marked = isChecked() || hasFocus();
    painter.setPen(marked ? QPen(accent(), hasFocus() ? 3 : 2) : QPen(palette().color(QPalette::Mid), 1));
    painter.setBrush(palette().color(m_isUsed ? QPalette::Base : QPalette::Window));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6);
    const auto ink = palette().color(m_isUsed ? QPalette::Text : QPalette::PlaceholderText);
    auto line = rect().adjusted(kPadding, kPadding, -kPadding, 0);
    line.setHeight(fontMetrics().lineSpacing());
    auto bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(ink);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, text());
    if (m_hasGate)
        paintShape(painter, QRectF(line.right() - kGateSize, line.top(), kGateSize, kGateSize), Shape::Hand, lookOf(StageStatus::Waiting).colour);
    painter.setFont(font());
    painter.translate(0, 4);
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        line.translate(0, fontMetrics().lineSpacing());
        painter.setPen(i == 0 ? ink : palette().color(QPalette::PlaceholderText));
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, fontMetrics().elidedText(m_lines[i], Qt::ElideRight, line.width()));
    }
}

void PlanCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Insert || event->key() == Qt::Key_Delete)
        emit gateAsked();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace aap
