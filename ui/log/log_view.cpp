#include "ui/log/log_view.h"

#include <algorithm>
#include <cmath>

#include <QApplication>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>

#include "ui/log/log_painter.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

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
        const auto colour = lookOf(StageStatus::Waiting).colour;
        for (auto hit = hits->begin(); hit != hits->end();) { // one for each row of pixels, of however many hits
            const auto y = int(double(*hit) / lines * height());
            painter.fillRect(QRect(2, y, width() - 4, 2), colour);
            hit = std::lower_bound(hit + 1, hits->end(), std::uint64_t((y + 1) * lines / height()));
        }
    }

private:
    const LogView& m_view;
};

} // namespace

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
    const auto width = int(m_widest * m_cellWidth) + 2 * kLogMargin;
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
        lines.paint(painter, line, QPointF(kLogMargin - horizontalScrollBar()->value(), y));
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

} // namespace aap
