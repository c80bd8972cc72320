#pragma once

#include <QSet>
#include <QSyntaxHighlighter>

namespace aap {

/// How a language writes comments, texts and its words.
struct SourceLanguage {
    const char* name = "";
    const char* suffixes = "";     ///< " py pyi "
    const char* fileNames = "";    ///< " Makefile "
    const char* words = "";        ///< " if else "
    const char* lineComment = "";
    const char* blockBegin = "";
    const char* blockEnd = "";
    const char* quotes = "\"'";
    bool keysBeforeColon = false;  ///< as in YAML and JSON
};

/// By file name; null when it is no language we know.
const SourceLanguage* languageOf(const QString& path);

/// Colours source in a text document with the scheme's colours: comments, texts, numbers, words. Does not understand it.
class SourceColours : public QSyntaxHighlighter {
    Q_OBJECT

public:
    explicit SourceColours(QTextDocument* document);

    /// Null: no colours. Colours the document anew.
    void setLanguage(const SourceLanguage* language);

protected:
    void highlightBlock(const QString& text) override;

private:
    enum Part { Word, Quote, Comment, Number, Key };
    QTextCharFormat look(Part part) const;
    int behindQuote(const QString& text, int at) const;
    void colourWord(const QString& text, int begin, int end);

    const SourceLanguage* m_language = nullptr;
    QSet<QString> m_words;
};

} // namespace aap
