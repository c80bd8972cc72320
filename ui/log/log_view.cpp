#include "ui/log/log_view.h"

#include <algorithm>
#include <cmath>

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QTextLayout>
#include <QtConcurrent>

#include "core/engine/sandbox_log.h"
#include "ui/describe.h"
#include "ui/log/log_colours.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kSideMargin = 8;
constexpr std::uint64_t kCopiedAtOnce = 2U << 20U;
constexpr std::uint64_t kMostCopied = 50U << 20U;

/// The groove shows where hits are.
class MarkedScrollBar final : public QScrollBar {
public:
    explicit MarkedScrollBar(const LogView& view) : QScrollBar(Qt::Vertical), m_view(view) {}
    const std::vector<std::uint64_t>* hits = nullptr;

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QScrollBar::paintEvent(event);
        const auto lines = double(m_view.lineCount());
        if (hits == nullptr || lines == 0)
            return;
        QPainter painter(this);
        int last = -1;
        for (const auto line : *hits) {
            const auto y = int(double(line) / lines * height());
            if (y != last)
                painter.fillRect(QRect(2, y, width() - 4, 2), lookOf(StageStatus::Waiting).colour);
            last = y;
        }
    }

private:
    const LogView& m_view;
};

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

QString plainText(const LogSource::Opened& opened, std::uint64_t first, std::uint64_t last)
{
    QString all;
    std::string bytes;
    for (auto line = first; line <= last; ++line) {
        const auto begin = opened.index.begin(line);
        bytes.resize(std::size_t(opened.index.end(line) - begin));
        const auto got = opened.file.readAt(begin, bytes);
        all += parseLogLine(std::string_view(bytes).substr(0, got ? *got : 0)).text;
        all += u'\n';
    }
    return all;
}

} // namespace

/// Lays out and paints the lines in sight; knows how the view's font and width cut them into rows.
class LogView::Painter {
public:
    explicit Painter(const LogView& view) : m_view(view), m_width(view.viewport()->width() - 2 * kSideMargin) {}

    LogLine shown(std::uint64_t number) const
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
    int columns() const { return std::max(8, int(m_width / m_view.m_cellWidth)); }
    int height(const LogLine& line) const
    {
        if (!m_view.m_wrap)
            return 1;
        if (line.oneCellEach)
            return std::max(1, int((line.text.size() + columns() - 1) / columns()));
        QTextLayout layout(line.text, m_view.font());
        return layOut(layout);
    }
    /// Returns how many rows it took.
    int paint(QPainter& painter, const LogLine& line, QPointF place) const
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

private:
    int layOut(QTextLayout& layout) const
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
    int paintCells(QPainter& painter, const LogLine& line, QPointF place) const
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
    template <typename Draw> void eachPiece(int start, int length, int perRow, QPointF place, const Draw& draw) const
    {
        while (length > 0) {
            const int column = start % perRow;
            const int count = std::min(length, perRow - column);
            draw(start, count, QPointF(place.x() + column * m_view.m_cellWidth, place.y() + start / perRow * m_view.m_rowHeight));
            start += count;
            length -= count;
        }
    }
    QRectF cells(QPointF at, int count) const { return {at.x(), at.y(), count * m_view.m_cellWidth, qreal(m_view.m_rowHeight)}; }
    QVector<std::pair<int, int>> hitsIn(const QString& words) const
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
    static QColor hitColour()
    {
        auto colour = lookOf(StageStatus::Waiting).colour;
        colour.setAlpha(80);
        return colour;
    }
    QFont fontOf(const LogStyle& style) const
    {
        auto font = m_view.font();
        font.setBold(style.bold);
        font.setItalic(style.italic);
        font.setUnderline(style.underlined);
        return font;
    }
    QTextCharFormat formatOf(const LogStyle& style) const
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

    const LogView& m_view;
    const int m_width;
};

LogView::LogView(QWidget* parent) :
    QAbstractScrollArea(parent),
    m_pill(new QPushButton(this))
{
    makeReadableAreasAccessible();
    setAccessibleName(tr("Log"));
    setVerticalScrollBar(new MarkedScrollBar(*this)); // ours to keep from here on
    setFont(fixedFont());
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    viewport()->setCursor(Qt::IBeamCursor);
    m_pill->setObjectName("newLines");
    m_pill->setAccessibleName(tr("Go to the newest line"));
    m_pill->setFocusPolicy(Qt::NoFocus);
    m_pill->hide();
    connect(m_pill, &QPushButton::clicked, this, &LogView::followEnd);
    connect(&m_source, &LogSource::grew, this, &LogView::grew);
    connect(&m_source, &LogSource::restarted, this, &LogView::restarted);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (m_scrollingMyself)
            return;
        if (value >= verticalScrollBar()->maximum())
            followEnd();
        else
            stopFollowing();
    });
    m_autoScroll.setInterval(50);
    connect(&m_autoScroll, &QTimer::timeout, this, &LogView::autoScroll);
    measure();
}

LogView::~LogView() = default;

std::optional<std::pair<std::uint64_t, std::uint64_t>> LogView::selection() const
{
    if (!m_current)
        return std::nullopt;
    return std::minmax(m_anchor, *m_current);
}

std::uint64_t LogView::firstVisibleLine() const
{
    return m_folds.lineAt(std::uint64_t(verticalScrollBar()->value()));
}

QString LogView::lineText(std::uint64_t line) const
{
    return line < m_source.lines() ? Painter(*this).shown(line).text : QString();
}

QString LogView::visibleText() const
{
    QStringList lines;
    const Painter painter(*this);
    const auto end = rows();
    for (auto row = std::uint64_t(verticalScrollBar()->value()); row < end && lines.size() < rowsInSight(); ++row)
        lines << painter.shown(m_folds.lineAt(row)).text;
    return lines.join(u'\n');
}

int LogView::visibleCaret() const
{
    const Painter painter(*this);
    qsizetype caret = 0;
    const auto first = std::uint64_t(verticalScrollBar()->value());
    for (auto row = first; m_current && row < rows() && row < first + std::uint64_t(rowsInSight()); ++row) {
        if (m_folds.lineAt(row) == *m_current)
            return int(caret);
        caret += painter.shown(m_folds.lineAt(row)).text.size() + 1;
    }
    return 0;
}

void LogView::showHits(const QRegularExpression& expression, const std::vector<std::uint64_t>* lines)
{
    m_hits = expression;
    static_cast<MarkedScrollBar*>(verticalScrollBar())->hits = lines;
    verticalScrollBar()->update();
    viewport()->update();
}

void LogView::setStageFilter(std::optional<StageId> stage)
{
    m_stage = stage;
    refold();
}

int LogView::rowsInSight() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

int LogView::heightOf(std::uint64_t line) const
{
    const Painter painter(*this);
    return m_wrap ? painter.height(painter.shown(line)) : 1;
}

std::uint64_t LogView::lastTopRow() const
{
    const auto all = rows();
    const auto fit = std::uint64_t(rowsInSight());
    if (!m_wrap)
        return all > fit ? all - fit : 0;
    auto top = all;
    for (std::uint64_t used = 0; top > 0; --top) {
        used += std::uint64_t(heightOf(m_folds.lineAt(top - 1)));
        if (used > fit)
            break;
    }
    return std::min(top, all > 0 ? all - 1 : 0);
}

std::optional<std::uint64_t> LogView::lineAt(QPoint place) const
{
    const auto all = rows();
    auto row = std::uint64_t(verticalScrollBar()->value());
    for (int y = 0; row < all && y < viewport()->height(); ++row) {
        const auto line = m_folds.lineAt(row);
        y += heightOf(line) * m_rowHeight;
        if (place.y() < y)
            return line;
    }
    return std::nullopt;
}

void LogView::measure()
{
    const QFontMetricsF metrics(font());
    m_cellWidth = metrics.horizontalAdvance(QString(64, u'm')) / 64; // a whole number would drift
    m_rowHeight = int(std::ceil(metrics.height())) + 1;
}

void LogView::grew()
{
    auto sections = m_source.sections();
    const bool changed = sections.size() != m_sections.size() || (!sections.empty() && sections.back().lastLine != m_sections.back().lastLine);
    m_sections = std::move(sections);
    if (changed || m_stage)
        refold();
    else
        updateBars();
    updatePill();
}

void LogView::restarted()
{
    m_sections.clear();
    m_folded.clear();
    m_folds = {};
    m_current.reset();
    m_widest = 0;
    followEnd();
}

void LogView::updateBars()
{
    m_scrollingMyself = true;
    auto* vertical = verticalScrollBar();
    const auto top = vertical->value();
    vertical->setRange(0, int(lastTopRow()));
    vertical->setPageStep(rowsInSight());
    vertical->setValue(m_follow ? vertical->maximum() : top);
    const auto width = int(m_widest * m_cellWidth) + 2 * kSideMargin;
    horizontalScrollBar()->setRange(0, m_wrap ? 0 : std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(int(m_cellWidth * 4));
    m_scrollingMyself = false;
    viewport()->update();
}

void LogView::refold()
{
    const auto top = firstVisibleLine();
    std::vector<LogFolds::Range> hidden;
    const auto lines = m_source.lines();
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        const auto& section = m_sections[i];
        const auto next = i + 1 < m_sections.size() ? m_sections[i + 1].firstLine : lines + 1; // what comes is hidden too
        if (m_stage && section.stage != m_stage)
            hidden.push_back({.first = section.firstLine, .count = next - section.firstLine});
        else if (m_folded.contains(section.firstLine))
            hidden.push_back({.first = section.firstLine + 1, .count = (section.lastLine ? *section.lastLine : next - 1) - section.firstLine});
    }
    m_folds = LogFolds(hidden);
    m_scrollingMyself = true;
    verticalScrollBar()->setRange(0, int(lastTopRow()));
    verticalScrollBar()->setValue(int(m_folds.rowOf(top)));
    m_scrollingMyself = false;
    updateBars();
}

const LogSection* LogView::sectionAt(std::uint64_t line) const
{
    const auto found = std::ranges::lower_bound(m_sections, line, {}, &LogSection::firstLine);
    return found != m_sections.end() && found->firstLine == line ? &*found : nullptr;
}

void LogView::toggleFold(std::uint64_t line)
{
    if (sectionAt(line) == nullptr)
        return;
    if (m_folded.erase(line) == 0)
        m_folded.insert(line);
    refold();
}

void LogView::foldAll(bool folded)
{
    m_folded.clear();
    if (folded)
        for (const auto& section : m_sections)
            m_folded.insert(section.firstLine);
    refold();
}

void LogView::followEnd()
{
    m_follow = true;
    updateBars();
    updatePill();
}

void LogView::stopFollowing()
{
    if (m_follow)
        m_seenRows = rows();
    m_follow = false;
    updatePill();
}

void LogView::updatePill()
{
    const auto all = rows();
    m_seenRows = std::min(m_seenRows, all);
    const bool hasNew = !m_follow && all > m_seenRows;
    if (hasNew)
        m_pill->setText(tr("↓ %n new", nullptr, int(all - m_seenRows)));
    m_pill->setVisible(hasNew);
    placePill();
}

void LogView::placePill()
{
    if (m_pill->isHidden())
        return;
    m_pill->adjustSize();
    m_pill->move((viewport()->width() - m_pill->width()) / 2, viewport()->height() - m_pill->height() - 8);
}

void LogView::setWrap(bool wrap)
{
    m_wrap = wrap;
    updateBars();
}

void LogView::bringIntoSight(std::uint64_t line)
{
    const auto row = int(m_folds.rowOf(line));
    auto* bar = verticalScrollBar();
    if (row < bar->value())
        bar->setValue(row);
    else if (row >= bar->value() + rowsInSight() - 1)
        bar->setValue(row - rowsInSight() + 2);
}

void LogView::goToLine(quint64 line)
{
    if (line >= m_source.lines())
        return;
    const auto behind = std::ranges::upper_bound(m_sections, line, {}, &LogSection::firstLine);
    if (m_folds.hides(line) && behind != m_sections.begin()) {
        const auto& section = *std::prev(behind);
        m_folded.erase(section.firstLine);
        if (m_stage && section.stage != m_stage)
            m_stage.reset();
        refold();
    }
    setCurrent(line, false);
    const auto row = int(m_folds.rowOf(line));
    if (row < verticalScrollBar()->value() || row >= verticalScrollBar()->value() + rowsInSight() - 1)
        verticalScrollBar()->setValue(row - rowsInSight() / 3);
}

bool LogView::goToCall(const QString& callId)
{
    const auto found = std::ranges::find(m_sections, callId.toStdString(), &LogSection::callId);
    if (found == m_sections.end())
        return false;
    const auto line = found->firstLine;
    m_folded.erase(line);
    refold();
    goToLine(line);
    stopFollowing();
    verticalScrollBar()->setValue(int(m_folds.rowOf(line)));
    return true;
}

void LogView::setCurrent(std::uint64_t line, bool extend)
{
    m_current = line;
    if (!extend)
        m_anchor = line;
    stopFollowing();
    viewport()->update();
    QAccessibleTextCursorEvent moved(this, visibleCaret());
    QAccessible::updateAccessibility(&moved);
    emit currentLineChanged();
}

void LogView::selectAll()
{
    if (m_source.lines() == 0)
        return;
    setCurrent(0, false);
    setCurrent(m_source.lines() - 1, true);
}

void LogView::copy()
{
    const auto opened = m_source.opened();
    const auto chosen = selection();
    if (!opened || !chosen)
        return;
    const auto [first, last] = *chosen;
    const auto bytes = opened->index.end(last) - opened->index.begin(first);
    if (bytes > kMostCopied) {
        emit copyTooBig(bytes);
    } else if (bytes <= kCopiedAtOnce) {
        QApplication::clipboard()->setText(plainText(*opened, first, last));
    } else {
        auto* watcher = new QFutureWatcher<QString>(this);
        connect(watcher, &QFutureWatcherBase::finished, this, [watcher] {
            QApplication::clipboard()->setText(watcher->result());
            watcher->deleteLater();
        });
        watcher->setFuture(QtConcurrent::run([opened, first = first, last = last] { return plainText(*opened, first, last); }));
    }
}

void LogView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(viewport());
    const Painter lines(*this);
    const auto all = rows();
    const auto chosen = selection();
    const auto before = m_widest;
    auto selected = palette().color(QPalette::Highlight);
    selected.setAlpha(48);
    qreal y = 0;
    for (auto row = std::uint64_t(verticalScrollBar()->value()); row < all && y < viewport()->height(); ++row) {
        const auto number = m_folds.lineAt(row);
        const auto line = lines.shown(number);
        const QRectF area(0, y, viewport()->width(), lines.height(line) * m_rowHeight);
        if (chosen && number >= chosen->first && number <= chosen->second)
            painter.fillRect(area, selected);
        lines.paint(painter, line, QPointF(kSideMargin - horizontalScrollBar()->value(), y));
        if (hasFocus() && m_current == number) {
            painter.setPen(QPen(accent(), 2));
            painter.drawRect(area.adjusted(1, 1, -1, -1));
        }
        y += area.height();
    }
    if (all == 0) {
        painter.setPen(quietText());
        painter.setFont(QApplication::font());
        painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("Nothing has been printed yet."));
    }
    if (m_widest != before && !m_wrap)
        QMetaObject::invokeMethod(this, &LogView::updateBars, Qt::QueuedConnection); // bars must not change while we paint
}

void LogView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBars();
    placePill();
}

void LogView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        measure();
        updateBars();
    }
}

void LogView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void LogView::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    viewport()->update();
}

void LogView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers() == Qt::ControlModifier)
        event->ignore(); // the window's zoom
    else
        QAbstractScrollArea::wheelEvent(event);
}

void LogView::keyPressEvent(QKeyEvent* event)
{
    const auto all = rows();
    if (event->matches(QKeySequence::Copy))
        return copy();
    if (event->matches(QKeySequence::SelectAll))
        return selectAll();
    if (all == 0)
        return QAbstractScrollArea::keyPressEvent(event);
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const bool whole = event->modifiers() & Qt::ControlModifier;
    const auto last = qint64(all) - 1;
    const auto row = qint64(m_folds.rowOf(m_current.value_or(firstVisibleLine())));
    const auto move = [&](qint64 to) {
        setCurrent(m_folds.lineAt(std::uint64_t(std::clamp<qint64>(to, 0, last))), extend);
        bringIntoSight(*m_current);
    };
    switch (event->key()) {
    case Qt::Key_Up: return move(row - 1);
    case Qt::Key_Down: return move(m_current ? row + 1 : row);
    case Qt::Key_PageUp: return move(row - rowsInSight());
    case Qt::Key_PageDown: return move(row + rowsInSight());
    case Qt::Key_Home: return whole ? move(0) : horizontalScrollBar()->setValue(0);
    case Qt::Key_End: return whole ? followEnd() : horizontalScrollBar()->setValue(horizontalScrollBar()->maximum());
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: return m_current ? toggleFold(*m_current) : QAbstractScrollArea::keyPressEvent(event);
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void LogView::mousePressEvent(QMouseEvent* event)
{
    const auto line = lineAt(event->pos());
    if (event->button() != Qt::LeftButton || !line)
        return QAbstractScrollArea::mousePressEvent(event);
    m_selecting = true;
    setCurrent(*line, event->modifiers() & Qt::ShiftModifier);
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_selecting)
        return;
    const bool outside = event->pos().y() < 0 || event->pos().y() >= viewport()->height();
    outside ? m_autoScroll.start() : m_autoScroll.stop();
    if (const auto line = lineAt(event->pos()); line && !outside)
        setCurrent(*line, true);
}

void LogView::autoScroll()
{
    const bool up = viewport()->mapFromGlobal(QCursor::pos()).y() < 0;
    verticalScrollBar()->setValue(verticalScrollBar()->value() + (up ? -3 : 3));
    if (const auto line = lineAt({0, up ? 0 : viewport()->height() - m_rowHeight}))
        setCurrent(*line, true);
}

void LogView::mouseReleaseEvent(QMouseEvent* event)
{
    m_autoScroll.stop();
    if (std::exchange(m_selecting, false) && event->button() == Qt::LeftButton && m_current && m_anchor == *m_current)
        toggleFold(*m_current);
}

void LogView::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, &LogView::copy)->setEnabled(m_current.has_value());
    menu->addAction(tr("Select &all"), this, &LogView::selectAll);
    menu->addSeparator();
    menu->addAction(tr("&Go to the end"), this, &LogView::followEnd);
    menu->popup(event->globalPos());
}

} // namespace aap
