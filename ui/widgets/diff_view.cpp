#include "ui/widgets/diff_view.h"

#include <algorithm>
#include <cmath>

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include "ui/widgets/look.h"

namespace aap {
namespace {

using Kind = DiffRow::Kind;

QChar signOf(Kind kind)
{
    return kind == Kind::Added ? u'+' : kind == Kind::Removed ? u'−' : u' ';
}

QColor groundOf(Kind kind)
{
    auto colour = lookOf(kind == Kind::Added ? StageStatus::Passed : StageStatus::Failed).colour;
    colour.setAlpha(36);
    return colour;
}

} // namespace

DiffView::DiffView(QWidget* parent) :
    QAbstractScrollArea(parent)
{
    makeReadableAreasAccessible();
    setAccessibleName(tr("Changes"));
    setFont(fixedFont());
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    measureCells();
}

void DiffView::measureCells()
{
    const QFontMetricsF metrics(font());
    m_rowHeight = int(std::ceil(metrics.height())) + 2;
    m_cell = metrics.horizontalAdvance(QString(64, u'm')) / 64;
}

void DiffView::show(std::vector<DiffRow> rows, const QString& nothing)
{
    m_rows = std::move(rows);
    m_nothing = nothing;
    int highest = 0;
    m_longest = 0;
    for (const auto& row : m_rows) {
        highest = std::max({highest, row.oldNumber, row.newNumber});
        m_longest = std::max(m_longest, int(row.text.size()));
    }
    m_digits = std::max(3, int(QString::number(highest).size()));
    arrange();
    verticalScrollBar()->setValue(0);
}

void DiffView::setSideBySide(bool beside)
{
    m_beside = beside;
    arrange();
}

void DiffView::arrange()
{
    m_lines.clear();
    for (int i = 0; i < int(m_rows.size());) {
        const auto kind = m_rows[std::size_t(i)].kind;
        if (!m_beside || (kind != Kind::Removed && kind != Kind::Added)) {
            m_lines.push_back({.left = i, .right = i});
            ++i;
            continue;
        }
        int added = i;
        while (added < int(m_rows.size()) && m_rows[std::size_t(added)].kind == Kind::Removed)
            ++added;
        int end = added;
        while (end < int(m_rows.size()) && m_rows[std::size_t(end)].kind == Kind::Added)
            ++end;
        for (int step = 0; step < std::max(added - i, end - added); ++step)
            m_lines.push_back({.left = i + step < added ? i + step : -1, .right = added + step < end ? added + step : -1});
        i = end;
    }
    const auto inSight = std::max(1, viewport()->height() / m_rowHeight);
    verticalScrollBar()->setRange(0, std::max(0, int(m_lines.size()) - inSight));
    verticalScrollBar()->setPageStep(inSight);
    const auto columns = int(viewport()->width() / (m_beside ? 2 : 1) / m_cell) - m_digits * (m_beside ? 1 : 2) - 6;
    horizontalScrollBar()->setRange(0, std::max(0, m_longest - columns));
    horizontalScrollBar()->setPageStep(std::max(1, columns));
    viewport()->update();
}

bool DiffView::goToFile(const QString& file)
{
    const auto found = std::ranges::find_if(m_lines, [&](const Line& line) {
        return line.left >= 0 && m_rows[std::size_t(line.left)].kind == Kind::File && m_rows[std::size_t(line.left)].text == file;
    });
    if (found == m_lines.end())
        return false;
    verticalScrollBar()->setValue(int(found - m_lines.begin()));
    return true;
}

QString DiffView::wordsOf(const DiffRow& row) const
{
    if (row.kind == Kind::Hunk)
        return row.text.isEmpty() ? tr("line %1").arg(row.newNumber) : tr("%n equal line(s)", nullptr, row.text.toInt());
    return row.text;
}

QString DiffView::visibleText() const
{
    QStringList lines;
    const auto first = std::size_t(verticalScrollBar()->value());
    const auto last = std::min(m_lines.size(), first + std::size_t(verticalScrollBar()->pageStep()));
    for (auto i = first; i < last; ++i)
        for (const auto row : m_lines[i].left == m_lines[i].right ? std::vector{m_lines[i].left} : std::vector{m_lines[i].left, m_lines[i].right})
            if (row >= 0)
                lines << signOf(m_rows[std::size_t(row)].kind) + wordsOf(m_rows[std::size_t(row)]);
    return lines.join(u'\n');
}

void DiffView::paintSide(QPainter& painter, const DiffRow& row, const QRectF& area, int number) const
{
    const bool changed = row.kind == Kind::Added || row.kind == Kind::Removed;
    if (changed)
        painter.fillRect(area, groundOf(row.kind));
    const auto baseline = area.top() + painter.fontMetrics().ascent() + 1;
    painter.setPen(quietText());
    if (number > 0)
        painter.drawText(QPointF(area.left() + m_cell, baseline), QStringLiteral("%1").arg(number, m_digits));
    const auto left = area.left() + (m_digits + 2) * m_cell;
    if (changed)
        painter.setPen(lookOf(row.kind == Kind::Added ? StageStatus::Passed : StageStatus::Failed).colour);
    painter.drawText(QPointF(left, baseline), signOf(row.kind));
    painter.save();
    painter.setClipRect(QRectF(left + 2 * m_cell, area.top(), area.right() - left - 2 * m_cell, area.height()));
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QPointF(left + (2 - horizontalScrollBar()->value()) * m_cell, baseline), QString(row.text).replace(u'\t', QStringLiteral("    ")));
    painter.restore();
}

void DiffView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(viewport());
    painter.setFont(font());
    const auto width = qreal(viewport()->width());
    const auto first = std::size_t(verticalScrollBar()->value());
    for (auto i = first; i < m_lines.size() && qreal(i - first) * m_rowHeight < viewport()->height(); ++i) {
        const auto line = m_lines[i];
        const QRectF area(0, qreal(i - first) * m_rowHeight, width, m_rowHeight);
        const auto* row = line.left >= 0 ? &m_rows[std::size_t(line.left)] : nullptr;
        if (row != nullptr && (row->kind == Kind::File || row->kind == Kind::Hunk)) {
            painter.save();
            painter.fillRect(area, palette().color(QPalette::Window));
            auto bold = font();
            bold.setBold(row->kind == Kind::File);
            painter.setFont(bold);
            painter.setPen(row->kind == Kind::File ? palette().color(QPalette::Text) : quietText());
            painter.drawText(area.adjusted(m_cell, 0, 0, 0), Qt::AlignVCenter, wordsOf(*row));
            painter.restore();
        } else if (m_beside) {
            const QRectF left(0, area.top(), width / 2 - 1, area.height());
            if (row != nullptr)
                paintSide(painter, *row, left, row->oldNumber);
            if (line.right >= 0)
                paintSide(painter, m_rows[std::size_t(line.right)], left.translated(width / 2 + 1, 0), m_rows[std::size_t(line.right)].newNumber);
            painter.fillRect(QRectF(width / 2 - 1, area.top(), 1, area.height()), palette().color(QPalette::Mid));
        } else {
            const QRectF numbers(0, area.top(), (m_digits + 1) * m_cell, area.height());
            paintSide(painter, *row, area.adjusted(numbers.width(), 0, 0, 0), row->newNumber);
            painter.setPen(quietText());
            if (row->oldNumber > 0)
                painter.drawText(numbers, Qt::AlignRight | Qt::AlignVCenter, QString::number(row->oldNumber));
        }
    }
    if (m_lines.empty()) {
        painter.setFont(QApplication::font());
        painter.setPen(quietText());
        painter.drawText(viewport()->rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, m_nothing);
    }
    if (hasFocus()) {
        painter.setPen(QPen(accent(), 2));
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
}

void DiffView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    arrange();
}

void DiffView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        measureCells();
        arrange();
    }
}

void DiffView::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    viewport()->update();
}

void DiffView::keyPressEvent(QKeyEvent* event)
{
    auto* bar = verticalScrollBar();
    if (event->matches(QKeySequence::Copy)) {
        QStringList all;
        for (const auto& row : m_rows)
            all << signOf(row.kind) + wordsOf(row);
        return QApplication::clipboard()->setText(all.join(u'\n'));
    }
    switch (event->key()) {
    case Qt::Key_Home: return bar->setValue(0);
    case Qt::Key_End: return bar->setValue(bar->maximum());
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace aap
