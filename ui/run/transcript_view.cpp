#include "ui/run/transcript_view.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>

#include "ui/run/transcript_model.h"
#include "ui/widgets/look.h"

namespace aap {

TranscriptView::TranscriptView(TranscriptModel& transcript, QWidget* parent) :
    QAbstractItemView(parent),
    m_transcript(transcript),
    m_pill(new QPushButton(this))
{
    setObjectName("transcript");
    makeReadableAreasAccessible();
    setAccessibleName(tr("Transcript"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(NoEditTriggers);
    m_row.setFont(font());
    m_pill->setObjectName("newRows");
    m_pill->setAccessibleName(tr("Go to the newest row"));
    m_pill->hide();
    connect(m_pill, &QPushButton::clicked, this, &TranscriptView::followEnd);
    connect(this, &QAbstractItemView::clicked, &transcript, &TranscriptModel::toggle);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (m_scrollingMyself)
            return;
        m_follow = value >= verticalScrollBar()->maximum() - 4;
        if (m_follow)
            m_new = 0;
        updatePill();
    });
    setModel(&transcript);
}

TranscriptView::Guess TranscriptView::guessOf(int row) const
{
    const auto index = m_transcript.index(row);
    auto characters = index.data().toString().size();
    if (index.data(TranscriptModel::UnfoldedRole).toBool())
        characters += index.data(TranscriptModel::DetailRole).toString().size();
    return {.characters = int(characters), .isStage = index.data(TranscriptModel::KindRole).toInt() == int(TranscriptModel::Kind::Stage)};
}

void TranscriptView::guessAll()
{
    std::vector<int> heights;
    heights.reserve(m_guesses.size());
    for (const auto& guess : m_guesses)
        heights.push_back(m_row.guessedHeight(guess.characters, guess.isStage));
    m_heights.assign(std::move(heights));
    m_exact.assign(m_guesses.size(), 0);
    changedFrom(0);
}

void TranscriptView::reset()
{
    m_guesses.clear();
    for (int row = 0; row < m_transcript.rowCount(); ++row)
        m_guesses.push_back(guessOf(row));
    m_row.forget();
    guessAll();
    QAbstractItemView::reset();
    followEnd();
}

void TranscriptView::rowsInserted(const QModelIndex& parent, int first, int last)
{
    for (int row = first; row <= last; ++row) { // rows only come at the end
        m_guesses.push_back(guessOf(row));
        m_heights.append(m_row.guessedHeight(m_guesses.back().characters, m_guesses.back().isStage));
        m_exact.push_back(0);
    }
    changedFrom(first);
    if (!m_follow)
        m_new += last - first + 1;
    QAbstractItemView::rowsInserted(parent, first, last);
    scheduleDelayedItemsLayout();
}

void TranscriptView::dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles)
{
    changedFrom(first.row());
    for (int row = first.row(); row <= std::min(last.row(), m_heights.rows() - 1); ++row) {
        m_guesses[std::size_t(row)] = guessOf(row);
        m_exact[std::size_t(row)] = 0;
        m_row.forget(row);
        m_heights.change(row, m_row.guessedHeight(m_guesses[std::size_t(row)].characters, m_guesses[std::size_t(row)].isStage));
    }
    QAbstractItemView::dataChanged(first, last, roles);
    scheduleDelayedItemsLayout();
}

void TranscriptView::changedFrom(int row)
{
    m_changedFrom = std::min(m_changedFrom, row);
}

void TranscriptView::measure(int row)
{
    if (std::exchange(m_exact[std::size_t(row)], 1) != 0)
        return;
    const auto height = m_row.height(m_transcript.index(row));
    if (height != m_heights.height(row))
        changedFrom(row);
    m_heights.change(row, height);
}

/// Makes the heights in sight exact; the row at the top, or the end when it is followed, stays where it is.
void TranscriptView::measureVisible(bool atEnd)
{
    if (m_heights.rows() == 0)
        return;
    const auto room = viewport()->height();
    if (atEnd) {
        int left = room;
        for (int row = m_heights.rows() - 1; row >= 0 && left > 0; --row) {
            measure(row);
            left -= m_heights.height(row);
        }
        return;
    }
    const auto first = m_heights.rowAt(verticalScrollBar()->value());
    const auto within = verticalScrollBar()->value() - m_heights.top(first);
    for (int row = first; row < m_heights.rows() && m_heights.top(row) - m_heights.top(first) < room + within; ++row)
        measure(row);
}

void TranscriptView::setScroll(int value)
{
    m_scrollingMyself = true;
    verticalScrollBar()->setValue(value);
    m_scrollingMyself = false;
}

void TranscriptView::updateGeometries()
{
    measureVisible(m_follow);
    auto* bar = verticalScrollBar();
    m_scrollingMyself = true;
    bar->setRange(0, std::max(0, m_heights.total() - viewport()->height()));
    bar->setPageStep(viewport()->height());
    bar->setSingleStep(fontMetrics().lineSpacing() * 2);
    if (m_follow)
        bar->setValue(bar->maximum());
    m_scrollingMyself = false;
    updatePill();
    QAbstractItemView::updateGeometries();
    repaintChanged();
}

/// The base would paint everything anew, which a row more at the end is not worth.
void TranscriptView::doItemsLayout()
{
    updateGeometries();
}

void TranscriptView::repaintChanged()
{
    const auto from = std::exchange(m_changedFrom, std::numeric_limits<int>::max());
    if (from > m_heights.rows())
        return;
    const auto top = std::max(0, m_heights.top(from) - verticalOffset());
    viewport()->update(0, top, viewport()->width(), viewport()->height() - top);
}

/// What was painted is moved; only what comes into sight is painted.
void TranscriptView::scrollContentsBy(int /*dx*/, int dy)
{
    if (!m_scrollingMyself)
        measureVisible(verticalScrollBar()->value() == verticalScrollBar()->maximum());
    if (m_scrollingMyself || m_changedFrom >= m_heights.rows())
        return viewport()->scroll(0, dy);
    viewport()->update(); // what came into sight is not as high as was guessed
    QMetaObject::invokeMethod(this, &TranscriptView::updateGeometries, Qt::QueuedConnection);
}

QRect TranscriptView::visualRect(const QModelIndex& index) const
{
    if (!index.isValid() || index.row() >= m_heights.rows())
        return {};
    return {0, m_heights.top(index.row()) - verticalOffset(), viewport()->width(), m_heights.height(index.row())};
}

QModelIndex TranscriptView::indexAt(const QPoint& place) const
{
    const auto y = place.y() + verticalOffset();
    return y < 0 || y >= m_heights.total() ? QModelIndex() : m_transcript.index(m_heights.rowAt(y));
}

int TranscriptView::verticalOffset() const
{
    return verticalScrollBar()->value();
}

void TranscriptView::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    if (!index.isValid() || index.row() >= m_heights.rows())
        return;
    auto* bar = verticalScrollBar();
    if (!m_exact[std::size_t(index.row())]) {
        measure(index.row());
        bar->setMaximum(std::max(0, m_heights.total() - viewport()->height()));
    }
    const auto top = m_heights.top(index.row());
    const auto bottom = top + m_heights.height(index.row());
    const auto room = viewport()->height();
    if (hint == PositionAtTop || (hint == EnsureVisible && top < bar->value()))
        bar->setValue(top);
    else if (hint == PositionAtCenter)
        bar->setValue((top + bottom - room) / 2);
    else if (hint == PositionAtBottom || bottom > bar->value() + room)
        bar->setValue(bottom - room);
    viewport()->update();
}

std::pair<int, int> TranscriptView::rowsInSight() const
{
    if (m_heights.rows() == 0)
        return {};
    return {m_heights.rowAt(verticalOffset()), m_heights.rowAt(verticalOffset() + viewport()->height() - 1) + 1};
}

QString TranscriptView::visibleText() const
{
    QStringList rows;
    for (auto [row, end] = rowsInSight(); row < end; ++row)
        rows << m_transcript.index(row).data(Qt::AccessibleTextRole).toString();
    return rows.join(u'\n');
}

int TranscriptView::visibleCaret() const
{
    qsizetype caret = 0;
    for (auto [row, end] = rowsInSight(); row < end; ++row) {
        if (row == currentIndex().row())
            return int(caret);
        caret += m_transcript.index(row).data(Qt::AccessibleTextRole).toString().size() + 1;
    }
    return 0;
}

void TranscriptView::followEnd()
{
    m_follow = true;
    m_new = 0;
    updateGeometries();
}

void TranscriptView::showStage(StageId stage)
{
    showRow(m_transcript.beginOf(stage));
}

void TranscriptView::showRow(const QModelIndex& row)
{
    if (!row.isValid())
        return;
    m_follow = false;
    setCurrentIndex(row);
    scrollTo(row, PositionAtTop);
    setFocus();
}

QModelIndex TranscriptView::moveCursor(CursorAction action, Qt::KeyboardModifiers /*modifiers*/)
{
    const auto last = m_heights.rows() - 1;
    if (last < 0)
        return {};
    if (!currentIndex().isValid() && action != MoveHome && action != MoveEnd)
        return m_transcript.index(rowsInSight().first); // where the reader looks
    const auto row = currentIndex().row();
    const auto page = [&](int direction) {
        const auto y = m_heights.top(std::max(row, 0)) + direction * viewport()->height();
        return std::clamp(m_heights.rowAt(std::max(0, y)), 0, last);
    };
    switch (action) {
    case MoveUp:
    case MovePrevious:
    case MoveLeft: return m_transcript.index(std::max(0, row - 1));
    case MovePageUp: return m_transcript.index(std::min(page(-1), std::max(0, row - 1)));
    case MovePageDown: return m_transcript.index(std::max(page(1), std::min(last, row + 1)));
    case MoveHome: return m_transcript.index(0);
    case MoveEnd: return m_transcript.index(last);
    default: return m_transcript.index(std::min(last, row + 1));
    }
}

void TranscriptView::setSelection(const QRect& area, QItemSelectionModel::SelectionFlags flags)
{
    const auto index = indexAt(area.center());
    selectionModel()->select(index.isValid() ? QItemSelection(index, index) : QItemSelection(), flags);
}

QRegion TranscriptView::visualRegionForSelection(const QItemSelection& selection) const
{
    QRegion region;
    for (const auto& index : selection.indexes())
        region += visualRect(index);
    return region;
}

void TranscriptView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    if (m_heights.rows() == 0) {
        painter.setPen(quietText());
        painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("What the agents say and do appears here."));
        return;
    }
    const auto before = m_heights.total();
    measureVisible(m_follow);
    if (m_heights.total() != before) // bars must not change while we paint
        QMetaObject::invokeMethod(this, &TranscriptView::updateGeometries, Qt::QueuedConnection);
    const auto offset = verticalOffset();
    for (int row = m_heights.rowAt(std::max(0, offset + event->rect().top())); row < m_heights.rows(); ++row) {
        const QRect area(0, m_heights.top(row) - offset, viewport()->width(), m_heights.height(row));
        if (area.top() > event->rect().bottom())
            break;
        const auto index = m_transcript.index(row);
        m_row.paint(painter, index, area, palette(), selectionModel()->isSelected(index), hasFocus() && currentIndex() == index);
    }
}

void TranscriptView::resizeEvent(QResizeEvent* event)
{
    if (event->size().width() != event->oldSize().width()) {
        const auto first = m_heights.rowAt(verticalOffset());
        m_row.setWidth(event->size().width());
        guessAll();
        if (!m_follow && first >= 0)
            setScroll(m_heights.top(first));
    }
    QAbstractItemView::resizeEvent(event);
    updateGeometries();
    placePill();
}

void TranscriptView::changeEvent(QEvent* event)
{
    QAbstractItemView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_row.setFont(font());
        guessAll();
        scheduleDelayedItemsLayout();
    }
}

void TranscriptView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        m_transcript.toggle(currentIndex());
    else if (event->key() == Qt::Key_End && event->modifiers() == Qt::ControlModifier)
        followEnd();
    else if (event->matches(QKeySequence::Copy) && currentIndex().isValid())
        QApplication::clipboard()->setText(currentIndex().data(Qt::AccessibleTextRole).toString());
    else {
        QAbstractItemView::keyPressEvent(event);
        const bool moves = event->key() == Qt::Key_Home || event->key() == Qt::Key_End || event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
        if (moves && currentIndex().isValid()) { // it may have been there already, out of sight
            m_follow = currentIndex().row() == m_heights.rows() - 1;
            executeDelayedItemsLayout();
            scrollTo(currentIndex());
        }
    }
}

void TranscriptView::contextMenuEvent(QContextMenuEvent* event)
{
    const auto row = currentIndex();
    if (!row.isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, [row = QPersistentModelIndex(row)] {
        QApplication::clipboard()->setText(row.data(Qt::AccessibleTextRole).toString());
    });
    const auto callId = row.data(TranscriptModel::CallRole).toString();
    if (!callId.isEmpty())
        menu->addAction(tr("Open the full &log"), this, [this, callId] { emit logAsked(callId); });
    menu->addSeparator();
    menu->addAction(tr("&Fold all"), this, [this] { m_transcript.foldAll(true); });
    menu->addAction(tr("&Unfold all"), this, [this] { m_transcript.foldAll(false); });
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    menu->popup(byMouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(row).center()));
}

void TranscriptView::updatePill()
{
    if (m_new > 0)
        m_pill->setText(tr("↓ %n new", nullptr, m_new));
    m_pill->setVisible(m_new > 0);
    placePill();
}

void TranscriptView::placePill()
{
    if (m_pill->isHidden())
        return;
    m_pill->adjustSize();
    m_pill->move((viewport()->width() - m_pill->width()) / 2, viewport()->height() - m_pill->height() - 8);
}

} // namespace aap
