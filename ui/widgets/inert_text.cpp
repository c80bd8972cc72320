#include "ui/widgets/inert_text.h"

#include <algorithm>
#include <utility>

#include <QImage>
#include <QLabel>

namespace aap {
namespace {

QVariant nothingOf(int type)
{
    if (type != QTextDocument::ImageResource)
        return QByteArray();
    QImage blank(1, 1, QImage::Format_ARGB32_Premultiplied);
    blank.fill(Qt::transparent);
    return blank;
}

/// What Qt 6.4 was measured to take on a slow machine, in microseconds.
constexpr double kOfLine = 32;
constexpr double kOfMarkSquared = 0.027;
constexpr double kOfLetterSquared = 0.00016;
constexpr double kOfCellInRow = 0.06; ///< of a table: cells times rows

/// Counts what stands between two blank lines.
class ParagraphCost {
public:
    void add(QStringView line)
    {
        ++m_lines;
        m_letters += double(line.size());
        m_marks += double(std::ranges::count_if(line, [](QChar c) { return QStringView(u"&[<*_`~-+\\").contains(c); }));
        const auto cells = double(line.count(u'|'));
        m_rows += cells > 0 ? 1 : 0;
        m_cells += cells;
    }
    double microseconds() const
    {
        return m_lines * kOfLine + m_marks * m_marks * kOfMarkSquared + m_letters * m_letters * kOfLetterSquared + m_cells * m_rows * kOfCellInRow;
    }

private:
    double m_lines = 0;
    double m_letters = 0;
    double m_marks = 0;
    double m_rows = 0;
    double m_cells = 0;
};

} // namespace

bool isQuickMarkdown(const QString& words, int milliseconds)
{
    const double most = milliseconds * 1e3;
    double sum = 0;
    ParagraphCost paragraph;
    for (qsizetype at = 0; at < words.size() && sum <= most;) {
        const auto found = words.indexOf(u'\n', at);
        const auto end = found < 0 ? words.size() : found;
        const auto line = QStringView(words).mid(at, end - at);
        if (line.trimmed().isEmpty())
            sum += std::exchange(paragraph, {}).microseconds();
        else
            paragraph.add(line);
        at = end + 1;
    }
    return sum + paragraph.microseconds() <= most;
}

void InertDocument::showMarkdown(const QString& words)
{
    setMarkdown(words, QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub) | QTextDocument::MarkdownNoHTML);
}

QVariant InertDocument::loadResource(int type, const QUrl& /*name*/)
{
    return nothingOf(type);
}

InertBrowser::InertBrowser(QWidget* parent) :
    QTextBrowser(parent)
{
    setOpenLinks(false);
    setUndoRedoEnabled(false);
}

void InertBrowser::showMarkdown(const QString& words)
{
    auto* document = new InertDocument(this); // a fresh one: refilling the shown one takes many times as long
    document->setDefaultFont(font());
    document->showMarkdown(words);
    setDocument(document); // deletes our own first one, never those
    if (m_shown)
        m_shown->deleteLater();
    m_shown = document;
}

QVariant InertBrowser::loadResource(int type, const QUrl& /*name*/)
{
    return nothingOf(type);
}

QLabel* plainLabel(const char* name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace aap
