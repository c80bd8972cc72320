#pragma once

#include <QCache>
#include <QFont>
#include <QModelIndex>
#include <QPalette>
#include <QTextDocument>

class QPainter;
class QRect;

namespace aap {

/// Measures and paints one row of the transcript: shape, wrapped text, aside on the right, unfolded detail below. What agents said is
/// laid out as Markdown that fetches nothing; layouts are kept for rows lately in sight.
class TranscriptRow {
public:
    void setFont(const QFont& font) { m_font = font; forget(); }
    void setWidth(int width);
    void forget() { m_documents.clear(); }
    void forget(int row) { m_documents.remove(row); }

    int height(const QModelIndex& index);
    /// A height for rows nobody has seen: from their length alone.
    int guessedHeight(qsizetype characters, bool isStage) const;
    void paint(QPainter& painter, const QModelIndex& index, const QRect& area, const QPalette& palette, bool selected, bool focused);

private:
    QTextDocument* markdownOf(const QModelIndex& index, int width);
    int textWidth(const QModelIndex& index) const;
    int wordsHeight(const QModelIndex& index);

    QFont m_font;
    int m_width = 400;
    QCache<int, QTextDocument> m_documents{200};
};

} // namespace aap
