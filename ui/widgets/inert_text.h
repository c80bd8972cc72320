#pragma once

#include <QTextBrowser>
#include <QTextDocument>

namespace aap {

/// A document of text that agents wrote: no image is read or fetched, whatever it names. (An empty answer would not do: Qt then
/// opens the name as a local file, and a pipe there never answers.)
class InertDocument : public QTextDocument {
    Q_OBJECT

public:
    using QTextDocument::QTextDocument;

    /// Markdown without HTML.
    void showMarkdown(const QString& words);

protected:
    QVariant loadResource(int type, const QUrl& name) override;
};

/// Shows such a document: no link leads anywhere.
class InertBrowser : public QTextBrowser {
    Q_OBJECT

public:
    explicit InertBrowser(QWidget* parent = nullptr);
    QVariant loadResource(int type, const QUrl& name) override;
};

} // namespace aap
