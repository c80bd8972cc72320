#include "ui/run/transcript_view.h"

#include <cmath>

#include <QFontDatabase>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QTextLayout>

#include "ui/run/transcript_model.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kMargin = 12;
constexpr int kIcon = 16;
constexpr int kIndent = kMargin + kIcon + 8;

using Kind = TranscriptModel::Kind;

QFont fontOf(const QFont& base, Kind kind)
{
    auto font = base;
    if (kind == Kind::Stage)
        font.setBold(true);
    else if (kind == Kind::Thinking)
        font.setItalic(true);
    return font;
}

QFont detailFont(const QFont& base)
{
    auto font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(base.pointSizeF() * 0.95);
    return font;
}

/// Breaks between words, and within one only where it is wider than all there is.
qreal layOut(QTextLayout& layout, int width)
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    qreal y = 0;
    layout.beginLayout();
    for (auto line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height();
    }
    layout.endLayout();
    return y;
}

QString withLineSeparators(QString words)
{
    return words.replace(u'\n', QChar::LineSeparator);
}

int heightOf(const QString& words, const QFont& font, int width)
{
    QTextLayout layout(withLineSeparators(words), font);
    return int(std::ceil(layOut(layout, width)));
}

void drawWords(QPainter& painter, const QRect& area, const QString& words)
{
    QTextLayout layout(withLineSeparators(words), painter.font());
    layOut(layout, area.width());
    layout.draw(&painter, area.topLeft());
}

/// Paints a row: icon, wrapped text, aside on the right, and the unfolded detail below. Heights are measured once per
/// content and width.
class RowDelegate final : public QStyledItemDelegate {
public:
    explicit RowDelegate(QListView& view) : QStyledItemDelegate(&view), m_view(view) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto width = m_view.viewport()->width();
        const auto kind = Kind(index.data(TranscriptModel::KindRole).toInt());
        auto height = textHeight(index.data().toString(), fontOf(option.font, kind), textWidth(width, option, index));
        if (index.data(TranscriptModel::UnfoldedRole).toBool())
            height += 4 + textHeight(index.data(TranscriptModel::DetailRole).toString(), detailFont(option.font), width - kIndent - kMargin);
        return {width, height + (kind == Kind::Stage ? 16 : 8)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        const auto kind = Kind(index.data(TranscriptModel::KindRole).toInt());
        const auto& palette = option.palette;
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, palette.color(QPalette::AlternateBase));
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(QPen(accent(), 2));
            painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
        }
        auto area = option.rect.adjusted(0, kind == Kind::Stage ? 8 : 4, 0, 0);
        const auto shape = index.data(TranscriptModel::ShapeRole).toInt();
        const auto colour = index.data(TranscriptModel::ColourRole).value<QColor>();
        const auto font = fontOf(option.font, kind);
        if (shape >= 0)
            paintShape(*painter, QRectF(area.left() + kMargin, area.top() + (QFontMetrics(font).height() - kIcon) / 2.0, kIcon, kIcon), Shape(shape), colour);

        painter->setFont(font);
        const bool quiet = kind == Kind::Thinking || kind == Kind::Note;
        painter->setPen(quiet ? quietText() : palette.color(QPalette::Text));
        const auto words = index.data().toString();
        const QRect textArea(area.left() + kIndent, area.top(), textWidth(option.rect.width(), option, index), area.height());
        drawWords(*painter, textArea, words);

        painter->setPen(quietText());
        painter->setFont(option.font);
        painter->drawText(QRect(area.left(), area.top(), area.width() - kMargin, QFontMetrics(option.font).height()), Qt::AlignRight, aside(index));

        if (index.data(TranscriptModel::UnfoldedRole).toBool()) {
            const auto top = area.top() + textHeight(words, font, textArea.width()) + 4;
            painter->setFont(detailFont(option.font));
            drawWords(*painter, QRect(area.left() + kIndent, top, area.width() - kIndent - kMargin, option.rect.bottom() - top),
                      index.data(TranscriptModel::DetailRole).toString());
        }
        painter->restore();
    }

private:
    static QString aside(const QModelIndex& index)
    {
        auto words = index.data(TranscriptModel::AsideRole).toString();
        if (!index.data(TranscriptModel::DetailRole).toString().isEmpty())
            words += index.data(TranscriptModel::UnfoldedRole).toBool() ? QStringLiteral("  ▾") : QStringLiteral("  ▸");
        return words;
    }
    static int textWidth(int width, const QStyleOptionViewItem& option, const QModelIndex& index)
    {
        const auto side = QFontMetrics(option.font).horizontalAdvance(aside(index));
        return std::max(80, width - kIndent - kMargin - (side > 0 ? side + 12 : 0));
    }
    int textHeight(const QString& words, const QFont& font, int width) const
    {
        if (const auto viewWidth = m_view.viewport()->width(); viewWidth != m_measuredWidth) {
            m_heights.clear(); // of another window size: they will not come back
            m_measuredWidth = viewWidth;
        }
        const auto key = qHashMulti(0, words, font.key(), width);
        const auto known = m_heights.constFind(key);
        if (known != m_heights.constEnd())
            return *known;
        const auto height = heightOf(words, font, width);
        m_heights.insert(key, height);
        return height;
    }

    QListView& m_view;
    mutable QHash<size_t, int> m_heights; // content, font and width -> height, while the view is m_measuredWidth wide
    mutable int m_measuredWidth = 0;
};

} // namespace

TranscriptView::TranscriptView(TranscriptModel& transcript, QWidget* parent) :
    QListView(parent),
    m_transcript(transcript),
    m_pill(new QPushButton(this))
{
    setObjectName("transcript");
    setAccessibleName(tr("Transcript"));
    setModel(&transcript);
    setItemDelegate(new RowDelegate(*this));
    setResizeMode(QListView::Adjust);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::SingleSelection);
    connect(this, &QListView::clicked, &transcript, &TranscriptModel::toggle);

    m_pill->setObjectName("newRows");
    m_pill->setAccessibleName(tr("Go to the newest row"));
    m_pill->hide();
    connect(m_pill, &QPushButton::clicked, this, &TranscriptView::followEnd);

    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (m_scrollingMyself)
            return;
        m_follow = isAtEnd();
        if (m_follow)
            m_new = 0;
        m_pill->setVisible(m_new > 0);
    });
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this] {
        if (!m_follow)
            return;
        m_scrollingMyself = true;
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        m_scrollingMyself = false;
    });
    connect(&transcript, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first, int last) {
        if (m_follow)
            return;
        m_new += last - first + 1;
        m_pill->setText(tr("↓ %n new", nullptr, m_new));
        placePill();
        m_pill->show();
    });
    connect(&transcript, &QAbstractItemModel::modelReset, this, &TranscriptView::followEnd);
}

void TranscriptView::followEnd()
{
    m_follow = true;
    m_new = 0;
    m_pill->hide();
    m_scrollingMyself = true;
    scrollToBottom();
    m_scrollingMyself = false;
}

void TranscriptView::showStage(StageId stage)
{
    const auto begin = m_transcript.beginOf(stage);
    if (!begin.isValid())
        return;
    setCurrentIndex(begin);
    scrollTo(begin, QAbstractItemView::PositionAtTop);
    setFocus();
}

bool TranscriptView::isAtEnd() const
{
    return verticalScrollBar()->value() >= verticalScrollBar()->maximum() - 4;
}

void TranscriptView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        m_transcript.toggle(currentIndex());
    else
        QListView::keyPressEvent(event);
}

void TranscriptView::resizeEvent(QResizeEvent* event)
{
    QListView::resizeEvent(event);
    placePill();
}

void TranscriptView::paintEvent(QPaintEvent* event)
{
    QListView::paintEvent(event);
    if (m_transcript.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(quietText());
    painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("What the agents say and do appears here."));
}

void TranscriptView::placePill()
{
    m_pill->adjustSize();
    m_pill->move((viewport()->width() - m_pill->width()) / 2, viewport()->height() - m_pill->height() - 8);
}

} // namespace aap
