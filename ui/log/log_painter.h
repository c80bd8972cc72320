#pragma once

#include <QPainter>
#include <QTextLayout>

#include "ui/log/log_view.h"

namespace aap {

constexpr int kLogMargin = 8; ///< beside the lines of a log

/// Lays out and paints the lines in sight; knows how the view's font and width cut them into rows.
class LogView::Painter {
public:
    explicit Painter(const LogView& view) : m_view(view), m_width(view.viewport()->width() - 2 * kLogMargin) {}

    LogLine shown(std::uint64_t number) const;
    int columns() const { return std::max(8, int(m_width / m_view.m_cellWidth)); }
    int height(const LogLine& line) const;
    /// Returns how many rows it took.
    int paint(QPainter& painter, const LogLine& line, QPointF place) const;

private:
    int layOut(QTextLayout& layout) const;
    int paintCells(QPainter& painter, const LogLine& line, QPointF place) const;
    template <typename Draw> void eachPiece(int start, int length, int perRow, QPointF place, const Draw& draw) const;
    QRectF cells(QPointF at, int count) const { return {at.x(), at.y(), count * m_view.m_cellWidth, qreal(m_view.m_rowHeight)}; }
    QVector<std::pair<int, int>> hitsIn(const QString& words) const;
    QFont fontOf(const LogStyle& style) const;
    static QTextCharFormat formatOf(const LogStyle& style);

    const LogView& m_view;
    const int m_width;
};

} // namespace aap
