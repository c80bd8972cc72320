#include "ui/artifacts/source_colours.h"

#include <array>


#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kInBlockComment = 1;

constexpr const char* kCWords = " auto bool break case catch char class const constexpr continue default delete do double else enum explicit export extern false "
                                "final float for friend if inline int long namespace new noexcept nullptr operator override private protected public return short "
                                "signed sizeof static struct switch template this throw true try typedef typename union unsigned using virtual void volatile while ";
constexpr const char* kScriptWords = " abstract as async await boolean break case catch class const continue default delete do else enum export extends false final "
                                     "finally for from function if implements import in instanceof interface let new null number of override package private protected "
                                     "public readonly return static string super switch this throw true try type typeof undefined var void while yield ";

const std::array kLanguages{
    SourceLanguage{"Python", " py pyi ", "", " and as assert async await break class continue def del elif else except False finally for from global if import in is "
                   "lambda None nonlocal not or pass raise return True try while with yield match case ", "#"},
    SourceLanguage{"C++", " c cc cpp cxx h hh hpp hxx ", "", kCWords, "//", "/*", "*/"},
    SourceLanguage{"JavaScript", " js mjs cjs jsx ts tsx java kt cs ", "", kScriptWords, "//", "/*", "*/", "\"'`"},
    SourceLanguage{"Go", " go ", "", " break case chan const continue default defer else fallthrough false for func go goto if import interface map nil package range "
                   "return select struct switch true type var ", "//", "/*", "*/", "\"'`"},
    SourceLanguage{"Rust", " rs ", "", " as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref "
                   "return self Self static struct super trait true type unsafe use where while ", "//", "/*", "*/", "\""},
    SourceLanguage{"Shell", " sh bash zsh env ", " .env .bashrc Makefile makefile GNUmakefile ", " case do done elif else esac exit export fi for function if in local "
                   "return set then until while source ", "#"},
    SourceLanguage{"Dockerfile", " dockerfile ", " Dockerfile Containerfile ", " ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL "
                   "STOPSIGNAL USER VOLUME WORKDIR ", "#"},
    SourceLanguage{"YAML", " yml yaml ", "", " true false null yes no on off ", "#", "", "", "\"'", true},
    SourceLanguage{"JSON", " json jsonl ", "", " true false null ", "", "", "", "\"", true},
    SourceLanguage{"Settings", " ini cfg conf toml properties ", " .gitignore .dockerignore .editorconfig ", " true false ", "#"},
    SourceLanguage{"CMake", " cmake ", " CMakeLists.txt ", " if else elseif endif foreach endforeach function endfunction macro endmacro set include option project "
                   "return while endwhile ", "#", "", "", "\""},
    SourceLanguage{"SQL", " sql ", "", " SELECT FROM WHERE INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE INDEX DROP ALTER ADD PRIMARY KEY FOREIGN REFERENCES NOT NULL "
                   "UNIQUE AND OR IN IS JOIN LEFT INNER ON GROUP BY ORDER LIMIT BEGIN COMMIT ROLLBACK IF EXISTS select from where insert into values update set delete create "
                   "table index drop primary key not null unique and or in is join left on group by order limit ", "--", "/*", "*/", "'\""},
    SourceLanguage{"Markup", " html htm xml svg ", "", "", "", "<!--", "-->", "\""},
    SourceLanguage{"Style", " css scss ", "", "", "", "/*", "*/", "\"'"},
};

bool holds(const char* list, const QString& word)
{
    return QLatin1StringView(list).contains(u' ' + word + u' ');
}

bool isWordStart(QChar c) { return c.isLetter() || c == u'_'; }
bool isWordPart(QChar c) { return c.isLetterOrNumber() || c == u'_'; }

} // namespace

const SourceLanguage* languageOf(const QString& path)
{
    const auto name = path.mid(path.lastIndexOf(u'/') + 1);
    const auto dot = name.lastIndexOf(u'.');
    const auto suffix = dot < 0 ? QString() : name.mid(dot + 1).toLower();
    for (const auto& language : kLanguages)
        if (holds(language.fileNames, name) || (!suffix.isEmpty() && holds(language.suffixes, suffix)))
            return &language;
    return name.startsWith(QStringLiteral("Dockerfile")) ? languageOf(QStringLiteral("Dockerfile")) : nullptr;
}

SourceColours::SourceColours(QTextDocument* document) :
    QSyntaxHighlighter(document)
{
}

void SourceColours::setLanguage(const SourceLanguage* language)
{
    m_language = language;
    const auto words = language == nullptr ? QStringList() : QString::fromLatin1(language->words).split(u' ', Qt::SkipEmptyParts);
    m_words = QSet<QString>(words.begin(), words.end());
    rehighlight();
}

QTextCharFormat SourceColours::look(Part part) const
{
    QTextCharFormat format;
    switch (part) {
    case Word: format.setForeground(accent()); format.setFontWeight(QFont::DemiBold); break;
    case Quote: format.setForeground(lookOf(StageStatus::Passed).colour); break;
    case Comment: format.setForeground(quietText()); format.setFontItalic(true); break;
    case Number: format.setForeground(lookOf(StageStatus::Waiting).colour); break;
    case Key: format.setForeground(lookOf(StageStatus::Cancelled).colour); break;
    }
    return format;
}

int SourceColours::behindQuote(const QString& text, int at) const
{
    const auto quote = text[at];
    for (int i = at + 1; i < text.size(); ++i) {
        if (text[i] == u'\\')
            ++i;
        else if (text[i] == quote)
            return i + 1;
    }
    return int(text.size());
}

void SourceColours::colourWord(const QString& text, int begin, int end)
{
    if (m_words.contains(text.mid(begin, end - begin)))
        setFormat(begin, end - begin, look(Word));
}

void SourceColours::highlightBlock(const QString& text)
{
    setCurrentBlockState(0);
    if (m_language == nullptr)
        return;
    const auto lineComment = QLatin1StringView(m_language->lineComment);
    const auto blockBegin = QLatin1StringView(m_language->blockBegin);
    const auto blockEnd = QLatin1StringView(m_language->blockEnd);
    const QLatin1StringView quotes(m_language->quotes);
    const auto isAt = [&text](int at, QLatin1StringView mark) { return !mark.isEmpty() && QStringView(text).sliced(at).startsWith(mark); };
    bool inBlock = previousBlockState() == kInBlockComment;
    for (int at = 0; at < text.size();) {
        if (inBlock || isAt(at, blockBegin)) {
            const auto end = text.indexOf(blockEnd, inBlock ? at : at + blockBegin.size());
            const auto behind = end < 0 ? int(text.size()) : int(end + blockEnd.size());
            setFormat(at, behind - at, look(Comment));
            inBlock = end < 0;
            at = behind;
        } else if (isAt(at, lineComment)) {
            setFormat(at, int(text.size()) - at, look(Comment));
            break;
        } else if (quotes.contains(text[at])) {
            const auto behind = behindQuote(text, at);
            const bool isKey = m_language->keysBeforeColon && QStringView(text).sliced(behind).trimmed().startsWith(u':');
            setFormat(at, behind - at, look(isKey ? Key : Quote));
            at = behind;
        } else if (text[at].isDigit()) {
            int end = at;
            while (end < text.size() && (isWordPart(text[end]) || text[end] == u'.'))
                ++end;
            setFormat(at, end - at, look(Number));
            at = end;
        } else if (isWordStart(text[at])) {
            int end = at;
            while (end < text.size() && (isWordPart(text[end]) || (m_language->keysBeforeColon && text[end] == u'-')))
                ++end;
            if (m_language->keysBeforeColon && end < text.size() && text[end] == u':')
                setFormat(at, end - at, look(Key));
            else
                colourWord(text, at, end);
            at = end;
        } else {
            ++at;
        }
    }
    setCurrentBlockState(inBlock ? kInBlockComment : 0);
}

} // namespace aap
