#include "ui/log/log_painter.h"

#include <algorithm>
#include <cmath>

#include "core/engine/sandbox_log.h"
#include "ui/describe.h"
#include "ui/log/log_colours.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

LogStyle heading() { return {.bold = true}; }
LogStyle quiet() { return {.quiet = true}; }

void put(LogLine& line, const QString& words, const LogStyle& style)
{
    line.runs << LogRun{.start = int(line.text.size()), .length = int(words.size()), .style = style};
    line.text += words;
    line.oneCellEach = false;
}

QString outcomeWords(const std::string& outcome, const std::string& seconds)
{
    const auto took = QObject::tr("%1 s").arg(text(seconds));
    if (outcome == "-")
        return took;
    return (outcome == "!" ? QObject::tr("failed") : QObject::tr("exit code %1").arg(text(outcome))) + QStringLiteral(" · ") + took;
}

/// "▾ 12:03:10  Coding · run_command  ctest", and when folded what is hidden.
LogLine beginLine(const LogSection& section, bool folded)
{
    LogLine line;
    put(line, (folded ? QStringLiteral("▸ ") : QStringLiteral("▾ ")) + text(section.clock) + QStringLiteral("  "), quiet());
    const auto stage = section.stage ? word(title(*section.stage)) + QStringLiteral(" · ") : QString();
    put(line, stage + parseLogLine(section.words).text, heading());
    if (folded && section.lastLine)
        put(line, QStringLiteral("   ") + QObject::tr("%n line(s)", nullptr, int(*section.lastLine - section.firstLine - 1)) + QStringLiteral(" · ")
                + outcomeWords(section.outcome, section.seconds), quiet());
    return line;
}

LogLine endLine(const std::string& raw)
{
    const auto tab = raw.find('\t');
    LogLine line;
    if (tab != std::string::npos)
        put(line, outcomeWords(raw.substr(1, tab - 1), raw.substr(tab + 1, raw.find_last_not_of('\n') - tab)), quiet());
    return line;
}

QColor hitColour()
{
    auto colour = lookOf(StageStatus::Waiting).colour;
    colour.setAlpha(80);
    return colour;
}

} // namespace

LogLine LogView::Painter::shown(std::uint64_t number) const
{
    const auto bytes = m_view.m_source.lineBytes(number);
    const auto raw = m_view.m_source.line(number, kShownLineBytes);
    if (m_view.m_source.hasSections() && !raw.empty() && raw.front() == SandboxLog::kBegins) {
        const auto* section = m_view.sectionAt(number);
        return section != nullptr ? beginLine(*section, m_view.m_folded.contains(number)) : LogLine{};
    }
    if (m_view.m_source.hasSections() && !raw.empty() && raw.front() == SandboxLog::kEnds)
        return endLine(raw);
    return parseLogLine(raw, bytes - std::min<std::uint64_t>(bytes, raw.size()));
}

int LogView::Painter::height(const LogLine& line) const
{
    if (!m_view.m_wrap)
        return 1;
    if (line.oneCellEach)
        return std::max(1, int((line.text.size() + columns() - 1) / columns()));
    QTextLayout layout(line.text, m_view.font());
    return layOut(layout);
}

int LogView::Painter::paint(QPainter& painter, const LogLine& line, QPointF place) const
{
    if (line.oneCellEach)
        return paintCells(painter, line, place);
    QTextLayout layout(line.text, m_view.font());
    QList<QTextLayout::FormatRange> formats;
    for (const auto& run : line.runs)
        formats << QTextLayout::FormatRange{run.start, run.length, formatOf(run.style)};
    for (const auto& [start, length] : hitsIn(line.text)) {
        QTextCharFormat marked;
        marked.setBackground(hitColour());
        formats << QTextLayout::FormatRange{start, length, marked};
    }
    layout.setFormats(formats);
    const int rows = layOut(layout);
    layout.draw(&painter, place);
    m_view.m_widest = std::max(m_view.m_widest, int(std::ceil(layout.maximumWidth() / m_view.m_cellWidth)));
    return rows;
}

int LogView::Painter::layOut(QTextLayout& layout) const
{
    QTextOption option;
    option.setWrapMode(m_view.m_wrap ? QTextOption::WrapAnywhere : QTextOption::NoWrap);
    layout.setTextOption(option);
    int rows = 0;
    layout.beginLayout();
    for (auto row = layout.createLine(); row.isValid(); row = layout.createLine()) {
        row.setLineWidth(m_view.m_wrap ? m_width : 1e6);
        row.setPosition({0, qreal(rows++ * m_view.m_rowHeight)}); // rows are as high as all others, whatever font a glyph is from
    }
    layout.endLayout();
    return std::max(1, rows);
}

template <typename Draw> void LogView::Painter::eachPiece(int start, int length, int perRow, QPointF place, const Draw& draw) const
{
    while (length > 0) {
        const int column = start % perRow;
        const int count = std::min(length, perRow - column);
        draw(start, count, QPointF(place.x() + column * m_view.m_cellWidth, place.y() + start / perRow * m_view.m_rowHeight));
        start += count;
        length -= count;
    }
}

int LogView::Painter::paintCells(QPainter& painter, const LogLine& line, QPointF place) const
{
    const int perRow = m_view.m_wrap ? columns() : std::max(1, int(line.text.size()));
    m_view.m_widest = std::max(m_view.m_widest, int(line.text.size()));
    for (const auto& [start, length] : hitsIn(line.text))
        eachPiece(start, length, perRow, place, [&](int, int count, QPointF at) { painter.fillRect(cells(at, count), hitColour()); });
    for (const auto& run : line.runs) {
        const auto colours = coloursOf(run.style);
        painter.setFont(fontOf(run.style));
        painter.setPen(colours.text);
        eachPiece(run.start, run.length, perRow, place, [&](int start, int count, QPointF at) {
            if (colours.ground.isValid())
                painter.fillRect(cells(at, count), colours.ground);
            painter.drawText(QPointF(at.x(), at.y() + m_view.fontMetrics().ascent()), line.text.mid(start, count));
        });
    }
    return m_view.m_wrap ? height(line) : 1;
}

QVector<std::pair<int, int>> LogView::Painter::hitsIn(const QString& words) const
{
    QVector<std::pair<int, int>> hits;
    if (m_view.m_hits.pattern().isEmpty())
        return hits;
    for (auto found = m_view.m_hits.globalMatch(words); found.hasNext();) {
        const auto match = found.next();
        hits << std::pair(int(match.capturedStart()), int(match.capturedLength()));
    }
    return hits;
}

QFont LogView::Painter::fontOf(const LogStyle& style) const
{
    auto font = m_view.font();
    font.setBold(style.bold);
    font.setItalic(style.italic);
    font.setUnderline(style.underlined);
    return font;
}

QTextCharFormat LogView::Painter::formatOf(const LogStyle& style)
{
    const auto colours = coloursOf(style);
    QTextCharFormat format;
    format.setForeground(colours.text);
    if (colours.ground.isValid())
        format.setBackground(colours.ground);
    format.setFontWeight(style.bold ? QFont::Bold : QFont::Normal);
    format.setFontItalic(style.italic);
    format.setFontUnderline(style.underlined);
    return format;
}

} // namespace aap
