#pragma once

#include <QPointer>
#include <QTextBrowser>
#include <QTextDocument>

class QLabel;

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

/// Whether Markdown is laid out within about so many milliseconds of the GUI thread, which Qt needs for it: a document whose time
/// grows with the square of what stands in one paragraph or table can hold everything up for minutes.
bool isQuickMarkdown(const QString& words, int milliseconds);

/// Shows such a document: no link leads anywhere.
class InertBrowser : public QTextBrowser {
    Q_OBJECT

public:
    explicit InertBrowser(QWidget* parent = nullptr);

    /// Markdown without HTML, laid out at once: not for texts of megabytes.
    void showMarkdown(const QString& words);
    QVariant loadResource(int type, const QUrl& name) override;

private:
    QPointer<InertDocument> m_shown; ///< a child of ours
};

/// A label of plain text that wraps, found as `name`.
QLabel* plainLabel(const char* name, QWidget* parent);

} // namespace aap
