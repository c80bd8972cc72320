#include "ui/log/line_matcher.h"

#include <algorithm>
#include <cstring>

#include "ui/log/shown_bytes.h"

namespace aap {
namespace {

constexpr std::size_t kMatchedOfLine = 64U << 10U; // an expression may take its time with one long line

/// What a line as shown may hold: neither control codes nor the sign that stands for bytes that are no text.
bool canBeBytes(const LogQuery& query)
{
    return std::ranges::all_of(query.words, [&](QChar c) {
        return c.unicode() >= 0x20 && c.unicode() != 0x7f && c != QChar::ReplacementCharacter && !c.isSurrogate() && (query.matchCase || c.unicode() < 0x80);
    });
}

} // namespace

QRegularExpression LogQuery::expression() const
{
    auto pattern = regex ? words : QRegularExpression::escape(words);
    if (wholeWord)
        pattern = QStringLiteral("\\b(?:%1)\\b").arg(pattern);
    QRegularExpression made(pattern, QRegularExpression::UseUnicodePropertiesOption);
    if (!matchCase)
        made.setPatternOptions(made.patternOptions() | QRegularExpression::CaseInsensitiveOption);
    return made;
}

LineMatcher::LineMatcher(const LogQuery& query) :
    m_expression(query.expression()),
    m_needle(query.words.toStdString()),
    m_asBytes(!query.regex && canBeBytes(query)),
    m_lower(m_asBytes && !query.matchCase),
    m_wholeWord(query.wholeWord)
{
    if (m_lower)
        lowerAscii(m_needle);
}

void LineMatcher::find(std::string_view block, std::uint64_t firstLine, std::vector<std::uint64_t>& hits, const std::stop_token& stop)
{
    show(block);
    if (m_asBytes)
        findBytes(firstLine, hits, stop);
    else
        findExpression(firstLine, hits, stop);
}

void LineMatcher::show(std::string_view block)
{
    m_shown.clear();
    while (!block.empty()) {
        const auto* end = static_cast<const char*>(std::memchr(block.data(), '\n', block.size()));
        const auto length = end == nullptr ? block.size() : std::size_t(end - block.data()) + 1;
        appendShownBytes(block.substr(0, length), m_shown);
        m_shown += '\n';
        block.remove_prefix(length);
    }
    if (m_lower)
        lowerAscii(m_shown);
}

void LineMatcher::findBytes(std::uint64_t line, std::vector<std::uint64_t>& hits, const std::stop_token& stop) const
{
    const char* begin = m_shown.data(); // of `line`
    const char* const end = begin + m_shown.size();
    while (begin < end && !stop.stop_requested()) {
        const auto* hit = static_cast<const char*>(::memmem(begin, std::size_t(end - begin), m_needle.data(), m_needle.size()));
        if (hit == nullptr)
            return;
        const auto* next = begin;
        for (; next <= hit; ++line) {
            begin = next;
            next = static_cast<const char*>(std::memchr(begin, '\n', std::size_t(end - begin))) + 1; // every line has one
        }
        if (!m_wholeWord || matches({begin, std::size_t(next - begin) - 1}))
            hits.push_back(line - 1);
        begin = next;
    }
}

void LineMatcher::findExpression(std::uint64_t line, std::vector<std::uint64_t>& hits, const std::stop_token& stop) const
{
    for (std::string_view rest(m_shown); !rest.empty() && !stop.stop_requested(); ++line) {
        const auto end = rest.find('\n');
        if (matches(rest.substr(0, end)))
            hits.push_back(line);
        rest.remove_prefix(end + 1);
    }
}

bool LineMatcher::matches(std::string_view line) const
{
    line = line.substr(0, kMatchedOfLine);
    return m_expression.match(QString::fromUtf8(line.data(), qsizetype(line.size()))).hasMatch();
}

} // namespace aap
