#include "ui/widgets/sparkline.h"

#include <algorithm>
#include <cmath>

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include "ui/widgets/look.h"

namespace aap {

Sparkline::Sparkline(const QString& title, Format format, QWidget* parent) :
    QWidget(parent), m_title(title), m_format(format), m_placeName([](int index, int) { return tr("turn %1").arg(index + 1); })
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(m_title);
    setAccessibleDescription(summary());
}

QSize Sparkline::sizeHint() const
{
    return {220, fontMetrics().height() * 2 + 64};
}

void Sparkline::setValues(std::vector<double> values)
{
    m_values = std::move(values);
    m_chosen = std::min(m_chosen, int(m_values.size()) - 1);
    setAccessibleDescription(summary());
    update();
}

QString Sparkline::summary() const
{
    if (m_values.empty())
        return tr("%1: no values yet").arg(m_title);
    const auto [lowest, highest] = std::ranges::minmax_element(m_values);
    return tr("%1: last %2, peak %3, lowest %4").arg(m_title, m_format(m_values.back()), m_format(*highest), m_format(*lowest));
}

QRectF Sparkline::chart() const
{
    const auto line = fontMetrics().height() + 4;
    return QRectF(rect()).adjusted(8, line + 4, -8, -8);
}

QPointF Sparkline::placeOf(int index) const
{
    const auto area = chart();
    const auto highest = std::max(1e-12, *std::ranges::max_element(m_values));
    const auto steps = std::max<std::size_t>(1, m_values.size() - 1);
    return {area.left() + area.width() * double(index) / double(steps), area.bottom() - area.height() * std::max(0.0, m_values[std::size_t(index)]) / highest};
}

void Sparkline::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setPen(QPen(hasFocus() ? accent() : palette().color(QPalette::Mid), hasFocus() ? 2 : 1));
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    const auto heading = QRectF(rect()).adjusted(8, 4, -8, 0);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(heading, Qt::AlignLeft | Qt::AlignTop, m_title);
    painter.setPen(quietText());
    if (m_values.empty()) {
        painter.drawText(chart(), Qt::AlignCenter, tr("No values yet"));
        return;
    }
    const auto read = m_chosen >= 0 ? chosenValue() : tr("peak %1").arg(m_format(*std::ranges::max_element(m_values)));
    painter.drawText(heading, Qt::AlignRight | Qt::AlignTop, read);
    QPainterPath line(placeOf(0));
    for (int i = 1; i < int(m_values.size()); ++i)
        line.lineTo(placeOf(i));
    auto below = line;
    below.lineTo(placeOf(int(m_values.size()) - 1).x(), chart().bottom());
    below.lineTo(chart().bottomLeft());
    auto tint = accent();
    tint.setAlpha(40);
    painter.fillPath(below, tint);
    painter.setPen(QPen(accent(), 1.5));
    painter.drawPath(line);
    const int marked = m_chosen >= 0 ? m_chosen : int(m_values.size()) - 1;
    painter.setBrush(accent());
    painter.drawEllipse(placeOf(marked), 3, 3);
}

QString Sparkline::chosenValue() const
{
    return QStringLiteral("%1: %2").arg(m_placeName(m_chosen, int(m_values.size())), m_format(m_values[std::size_t(m_chosen)]));
}

void Sparkline::choose(int index)
{
    m_chosen = m_values.empty() ? -1 : std::clamp(index, 0, int(m_values.size()) - 1);
    update();
    if (m_chosen < 0)
        return;
    setAccessibleDescription(chosenValue());
    QAccessibleEvent told(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&told);
}

void Sparkline::mouseMoveEvent(QMouseEvent* event)
{
    const auto share = (event->position().x() - chart().left()) / std::max(1.0, chart().width());
    choose(int(std::lround(share * double(std::max<std::size_t>(1, m_values.size()) - 1))));
}

void Sparkline::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    m_chosen = -1;
    update();
}

void Sparkline::keyPressEvent(QKeyEvent* event)
{
    const int last = int(m_values.size()) - 1;
    const int here = m_chosen >= 0 ? m_chosen : last;
    switch (event->key()) {
    case Qt::Key_Left: return choose(here - 1);
    case Qt::Key_Right: return choose(here + 1);
    case Qt::Key_Home: return choose(0);
    case Qt::Key_End: return choose(last);
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace aap
