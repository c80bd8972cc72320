#include "ui/run/transcript_row.h"

#include <algorithm>
#include <cmath>

#include <QAbstractTextDocumentLayout>
#include <QFontDatabase>
#include <QPainter>
#include <QTextLayout>

#include "ui/run/transcript_model.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kMargin = 12;
constexpr int kIcon = 16;
constexpr int kIndent = kMargin + kIcon + 8;

using Kind = TranscriptModel::Kind;

Kind kindOf(const QModelIndex& index)
{
    return Kind(index.data(TranscriptModel::KindRole).toInt());
}

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

int plainHeight(const QString& words, const QFont& font, int width)
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

QString aside(const QModelIndex& index)
{
    auto words = index.data(TranscriptModel::AsideRole).toString();
    if (!index.data(TranscriptModel::DetailRole).toString().isEmpty())
        words += index.data(TranscriptModel::UnfoldedRole).toBool() ? QStringLiteral("  ▾") : QStringLiteral("  ▸");
    return words;
}

bool isMarkdown(const QModelIndex& index)
{
    return index.data(TranscriptModel::MarkdownRole).toBool();
}

} // namespace

void TranscriptRow::setWidth(int width)
{
    if (width != m_width)
        forget();
    m_width = width;
}

int TranscriptRow::textWidth(const QModelIndex& index) const
{
    const auto side = QFontMetrics(m_font).horizontalAdvance(aside(index));
    return std::max(80, m_width - kIndent - kMargin - (side > 0 ? side + 12 : 0));
}

QTextDocument* TranscriptRow::markdownOf(const QModelIndex& index, int width)
{
    if (auto* known = m_documents.object(index.row()))
        return known;
    auto* made = new InertDocument; // the cache owns it
    made->setDefaultFont(m_font);
    made->setDocumentMargin(0);
    made->showMarkdown(index.data().toString());
    made->setTextWidth(width);
    m_documents.insert(index.row(), made);
    return made;
}

int TranscriptRow::wordsHeight(const QModelIndex& index)
{
    const auto width = textWidth(index);
    if (isMarkdown(index))
        return int(std::ceil(markdownOf(index, width)->size().height()));
    return plainHeight(index.data().toString(), fontOf(m_font, kindOf(index)), width);
}

int TranscriptRow::height(const QModelIndex& index)
{
    auto height = wordsHeight(index);
    if (index.data(TranscriptModel::UnfoldedRole).toBool())
        height += 4 + plainHeight(index.data(TranscriptModel::DetailRole).toString(), detailFont(m_font), m_width - kIndent - kMargin);
    return height + (kindOf(index) == Kind::Stage ? 16 : 8);
}

int TranscriptRow::guessedHeight(qsizetype characters, bool isStage) const
{
    const QFontMetrics metrics(m_font);
    const auto perLine = std::max(10, (m_width - kIndent - kMargin) / std::max(1, metrics.averageCharWidth()));
    return int(characters / perLine + 1) * metrics.lineSpacing() + (isStage ? 16 : 8);
}

void TranscriptRow::paint(QPainter& painter, const QModelIndex& index, const QRect& place, const QPalette& palette, bool selected, bool focused)
{
    painter.save();
    const auto kind = kindOf(index);
    if (selected)
        painter.fillRect(place, palette.color(QPalette::AlternateBase));
    if (focused) {
        painter.setPen(QPen(accent(), 2));
        painter.drawRect(place.adjusted(1, 1, -1, -1));
    }
    const auto area = place.adjusted(0, kind == Kind::Stage ? 8 : 4, 0, 0);
    const auto shape = index.data(TranscriptModel::ShapeRole).toInt();
    const auto font = fontOf(m_font, kind);
    if (shape >= 0)
        paintShape(painter, QRectF(area.left() + kMargin, area.top() + (QFontMetrics(font).height() - kIcon) / 2.0, kIcon, kIcon), Shape(shape),
                   index.data(TranscriptModel::ColourRole).value<QColor>());
    if (const auto beside = aside(index); !beside.isEmpty()) {
        painter.setFont(m_font);
        painter.setPen(quietText());
        painter.drawText(QRect(area.left(), area.top(), area.width() - kMargin, QFontMetrics(m_font).height()), Qt::AlignRight, beside);
    }

    const QRect words(area.left() + kIndent, area.top(), textWidth(index), area.height());
    if (isMarkdown(index)) {
        painter.translate(words.topLeft());
        QAbstractTextDocumentLayout::PaintContext context;
        context.palette = palette;
        markdownOf(index, words.width())->documentLayout()->draw(&painter, context);
        painter.translate(-words.topLeft());
    } else {
        painter.setFont(font);
        painter.setPen(kind == Kind::Thinking || kind == Kind::Note ? quietText() : palette.color(QPalette::Text));
        drawWords(painter, words, index.data().toString());
    }
    if (index.data(TranscriptModel::UnfoldedRole).toBool()) {
        const auto top = area.top() + wordsHeight(index) + 4;
        painter.setFont(detailFont(m_font));
        painter.setPen(quietText());
        drawWords(painter, QRect(area.left() + kIndent, top, area.width() - kIndent - kMargin, place.bottom() - top), index.data(TranscriptModel::DetailRole).toString());
    }
    painter.restore();
}

} // namespace aap
