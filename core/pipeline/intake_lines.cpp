#include "core/pipeline/intake_lines.h"

#include <algorithm>
#include <array>
#include <optional>

#include <QString>

namespace aap {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";
constexpr std::size_t kFrontMatterLines = 50;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isLetter(char c) { return isUpper(c) || (c >= 'a' && c <= 'z'); }
bool isBlankOrEnd(std::string_view text, std::size_t at) { return at >= text.size() || kBlanks.find(text[at]) != std::string_view::npos; }

std::size_t indentOf(std::string_view raw)
{
    std::size_t columns = 0;
    for (const char c : raw) {
        if (c == ' ')
            ++columns;
        else if (c == '\t')
            columns += 4 - columns % 4;
        else
            break;
    }
    return columns;
}

bool consistsOf(std::string_view text, std::string_view allowed)
{
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool isRule(std::string_view text)
{
    for (const std::string_view sign : {"-", "*", "_", "="}) {
        const std::string allowed = std::string(sign) + " ";
        if (consistsOf(text, allowed) && std::ranges::count(text, sign[0]) >= 3)
            return true;
    }
    return false;
}

/// Length of the bullet and the blanks after it; nothing for a line without one.
std::optional<std::size_t> bulletLength(std::string_view text)
{
    for (const std::string_view sign : {"-", "*", "+", "•", "‣", "◦", "–", "—", "·"}) {
        if (!text.starts_with(sign))
            continue;
        const bool tight = sign == "•" || sign == "‣" || sign == "◦" || (sign == "-" && text.size() > 1 && isLetter(text[1]));
        if (!tight && !isBlankOrEnd(text, sign.size()))
            return std::nullopt;
        return std::min(text.find_first_not_of(kBlanks, sign.size()), text.size());
    }
    return std::nullopt;
}

/// "1.", "12)", "(3)", "1.2.3", "a)" and the blanks after it.
std::optional<std::size_t> numberLength(std::string_view text)
{
    std::size_t at = text.starts_with('(') ? 1 : 0;
    const bool opened = at == 1;
    const std::size_t first = at;
    bool dotted = false;
    while (at < text.size() && (isDigit(text[at]) || (text[at] == '.' && at > first && at + 1 < text.size() && isDigit(text[at + 1])))) {
        dotted = dotted || text[at] == '.';
        ++at;
    }
    const std::size_t digits = at - first;
    const bool letter = digits == 0 && at + 1 < text.size() && text[at] >= 'a' && text[at] <= 'z' && text[at + 1] == ')';
    if (letter)
        ++at;
    if (!letter && (digits == 0 || (!dotted && digits > 3)))
        return std::nullopt;
    const bool closed = at < text.size() && (text[at] == ')' || (text[at] == '.' && !opened));
    if (closed)
        ++at;
    if ((!closed && !dotted) || !isBlankOrEnd(text, at))
        return std::nullopt;
    return std::min(text.find_first_not_of(kBlanks, at), text.size());
}

/// What follows a name like "R12": "R12: text", "**R12** text", "[R12] text", "R12 ! text".
struct NamedEntry {
    std::string id;
    std::size_t length;
};

std::optional<NamedEntry> nameOf(std::string_view text)
{
    constexpr std::string_view decoration = "*_[`(";
    const std::size_t start = text.find_first_not_of(decoration);
    if (start == std::string_view::npos || text[start] != 'R')
        return std::nullopt;
    std::size_t at = start + 1;
    while (at < text.size() && isDigit(text[at]))
        ++at;
    const std::size_t digits = at - start - 1;
    if (digits == 0 || digits > 4 || text[start + 1] == '0')
        return std::nullopt;
    const std::string id(text.substr(start, at - start));
    const std::size_t nameEnd = at;
    while (at < text.size() && std::string_view("*_]`):.").find(text[at]) != std::string_view::npos)
        ++at;
    if (at == nameEnd && !isBlankOrEnd(text, at))
        return std::nullopt;
    at = std::min(text.find_first_not_of(kBlanks, at), text.size());
    for (const std::string_view dash : {"-", "–", "—"})
        if (text.substr(at).starts_with(dash) && isBlankOrEnd(text, at + dash.size()))
            at = std::min(text.find_first_not_of(kBlanks, at + dash.size()), text.size());
    return NamedEntry{id, at};
}

void readMark(IntakeLine& line)
{
    if (line.text.size() > 1 && (line.text[0] == '!' || line.text[0] == '?') && isBlankOrEnd(line.text, 1)) {
        line.mark = line.text[0];
        line.text = std::string(trimmed(std::string_view(line.text).substr(1)));
    }
}

bool readEntry(IntakeLine& line, std::string_view text)
{
    if (const auto bullet = bulletLength(text)) {
        text.remove_prefix(*bullet);
        for (const std::string_view box : {"[ ]", "[x]", "[X]"})
            if (text.starts_with(box))
                text = trimmed(text.substr(box.size()));
    } else if (const auto number = numberLength(text)) {
        text.remove_prefix(*number);
        line.ordered = true;
    } else if (!nameOf(text)) {
        return false;
    }
    line.kind = IntakeLine::Kind::Entry;
    if (const auto name = nameOf(text)) {
        line.id = name->id;
        line.ordered = true;
        text.remove_prefix(name->length);
    }
    line.text = std::string(text);
    readMark(line);
    return true;
}

void readHeading(IntakeLine& line, std::string_view text)
{
    const std::size_t signs = std::min(text.find_first_not_of('#'), text.size());
    if (signs >= 1 && signs <= 6 && isBlankOrEnd(text, signs)) {
        auto title = trimmed(text.substr(signs));
        if (const auto end = title.find_last_not_of('#'); end != std::string_view::npos && end + 1 < title.size() && title[end] == ' ')
            title = trimmed(title.substr(0, end));
        line.kind = IntakeLine::Kind::Heading;
        line.text = std::string(title);
        return;
    }
    const bool bold = text.size() > 4 && text.starts_with("**") && text.find("**", 2) + 2 >= text.size() - 1
        && (text.ends_with("**") || text.ends_with("**:") || text.ends_with(":**"));
    if (bold) {
        line.kind = IntakeLine::Kind::Heading;
        line.text = std::string(trimmed(text.substr(2, text.rfind("**") - 2)));
    }
}

IntakeLine readLine(std::string_view raw, std::size_t number)
{
    IntakeLine line{.number = number, .indent = indentOf(raw), .raw = std::string(raw)};
    const auto text = trimmed(raw);
    line.text = std::string(text);
    if (text.empty())
        line.kind = IntakeLine::Kind::Blank;
    else if (text.starts_with("```") || text.starts_with("~~~"))
        line.kind = IntakeLine::Kind::Fence;
    else if (text.find('|') != std::string_view::npos && consistsOf(text, "|-: \t") && text.find('-') != std::string_view::npos)
        line.kind = IntakeLine::Kind::TableRule;
    else if (text.starts_with('|') && text.size() > 1)
        line.kind = IntakeLine::Kind::TableRow;
    else if (isRule(text))
        line.kind = IntakeLine::Kind::Rule;
    else if (!readEntry(line, text))
        readHeading(line, text);
    return line;
}

void markFences(std::vector<IntakeLine>& lines)
{
    for (std::size_t open = 0; open < lines.size(); ++open) {
        if (lines[open].kind != IntakeLine::Kind::Fence)
            continue;
        const char sign = lines[open].text[0];
        std::size_t close = open + 1;
        while (close < lines.size() && !(lines[close].kind == IntakeLine::Kind::Fence && consistsOf(lines[close].text, {&sign, 1})))
            ++close;
        if (close == lines.size()) { // never closed: what follows is not code
            lines[open].kind = IntakeLine::Kind::Text;
            continue;
        }
        for (std::size_t inside = open + 1; inside < close; ++inside)
            lines[inside].kind = IntakeLine::Kind::FenceContent;
        open = close;
    }
}

void markFrontMatter(std::vector<IntakeLine>& lines)
{
    if (lines.empty() || lines[0].text != "---")
        return;
    for (std::size_t close = 1; close < std::min(lines.size(), kFrontMatterLines); ++close)
        if (lines[close].text == "---") {
            for (std::size_t inside = 0; inside <= close; ++inside)
                lines[inside].kind = IntakeLine::Kind::Comment;
            return;
        }
}

void markComments(std::vector<IntakeLine>& lines)
{
    for (std::size_t open = 0; open < lines.size(); ++open) {
        if (lines[open].kind == IntakeLine::Kind::FenceContent || !lines[open].text.starts_with("<!--"))
            continue;
        std::size_t close = open;
        while (close < lines.size() && lines[close].raw.find("-->") == std::string::npos)
            ++close;
        if (close == lines.size())
            continue;
        for (std::size_t inside = open; inside <= close; ++inside)
            lines[inside].kind = IntakeLine::Kind::Comment;
        open = close;
    }
}

/// "Title" over "=====" is a heading too.
void markUnderlinedHeadings(std::vector<IntakeLine>& lines)
{
    for (std::size_t i = 1; i < lines.size(); ++i) {
        auto& above = lines[i - 1];
        const bool alone = i == 1 || lines[i - 2].kind == IntakeLine::Kind::Blank;
        if (lines[i].kind == IntakeLine::Kind::Rule && above.kind == IntakeLine::Kind::Text && alone
            && (lines[i].text[0] == '=' || lines[i].text[0] == '-'))
            above.kind = IntakeLine::Kind::Heading;
    }
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view cutUtf8(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U)
        --limit;
    return text.substr(0, limit);
}

std::string tidyText(std::string_view bytes)
{
    QString text = QString::fromUtf8(bytes.data(), qsizetype(bytes.size())); // replaces what is no UTF-8
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    text.replace(QLatin1Char('\r'), QLatin1Char('\n'));
    QString tidy;
    tidy.reserve(text.size());
    for (const QChar c : std::as_const(text)) {
        const bool invisible = c == QChar(0xFEFF) || c == QChar(0x200B);
        const bool blank = c == QChar(0x00A0) || (c.unicode() < 0x20 && c != QLatin1Char('\n') && c != QLatin1Char('\t')) || c.unicode() == 0x7F;
        if (!invisible)
            tidy.append(blank ? QChar(QLatin1Char(' ')) : c);
    }
    return tidy.toStdString();
}

std::vector<IntakeLine> readLines(std::string_view tidy)
{
    std::vector<IntakeLine> lines;
    while (!tidy.empty()) {
        const auto end = std::min(tidy.find('\n'), tidy.size());
        lines.push_back(readLine(tidy.substr(0, end), lines.size() + 1));
        tidy.remove_prefix(std::min(end + 1, tidy.size()));
    }
    markFences(lines);
    markFrontMatter(lines);
    markComments(lines);
    markUnderlinedHeadings(lines);
    return lines;
}

std::vector<std::string> cellsOf(std::string_view row)
{
    row = trimmed(row);
    if (row.starts_with('|'))
        row.remove_prefix(1);
    if (row.ends_with('|') && !row.ends_with("\\|"))
        row.remove_suffix(1);
    std::vector<std::string> cells(1);
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|')
            cells.back() += row[++i];
        else if (row[i] == '|')
            cells.emplace_back();
        else
            cells.back() += row[i];
    }
    for (auto& cell : cells)
        cell = std::string(trimmed(cell));
    return cells;
}

} // namespace aap
