#include "ui/widgets/inert_text.h"

#include <QImage>

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

} // namespace

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

QVariant InertBrowser::loadResource(int type, const QUrl& /*name*/)
{
    return nothingOf(type);
}

} // namespace aap
