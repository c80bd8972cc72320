#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QtConcurrent>

#include "ui/log/log_view.h"

// What the user does with a log: the selection, keys, mouse and menu of LogView.

namespace aap {
namespace {

constexpr std::uint64_t kCopiedAtOnce = 2U << 20U;
constexpr std::uint64_t kMostCopied = 50U << 20U;

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

std::optional<std::pair<std::uint64_t, std::uint64_t>> LogView::selection() const
{
    if (!m_current)
        return std::nullopt;
    return std::minmax(m_anchor, *m_current);
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
