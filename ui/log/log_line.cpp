#include "ui/log/log_line.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "ui/describe.h"
#include "ui/log/terminal_escape.h"

namespace aap {
namespace {

/// The six-by-six-by-six cube and the greys of 256 colours.
int colourOf256(int number)
{
    if (number < 16)
        return number;
    if (number >= 232) {
        const int grey = 8 + (number - 232) * 10;
        return LogStyle::kRgb | grey << 16 | grey << 8 | grey;
    }
    const auto level = [](int step) { return step == 0 ? 0 : 55 + step * 40; };
    const int cube = number - 16;
    return LogStyle::kRgb | level(cube / 36) << 16 | level(cube / 6 % 6) << 8 | level(cube % 6);
}

std::vector<int> numbersOf(std::string_view parameters)
{
    std::vector<int> numbers;
    for (std::size_t at = 0; at <= parameters.size() && numbers.size() < 32;) {
        const auto end = std::min(parameters.find_first_of(";:", at), parameters.size());
        int number = 0;
        std::from_chars(parameters.data() + at, parameters.data() + end, number);
        numbers.push_back(std::clamp(number, 0, 255));
        at = end + 1;
    }
    return numbers;
}

/// "38;5;n" and "38;2;r;g;b": `at` stands on 38 and ends on the last number of it.
int extendedColour(const std::vector<int>& numbers, std::size_t& at)
{
    if (at + 2 < numbers.size() && numbers[at + 1] == 5) {
        at += 2;
        return colourOf256(numbers[at]);
    }
    if (at + 4 < numbers.size() && numbers[at + 1] == 2) {
        at += 4;
        return LogStyle::kRgb | numbers[at - 2] << 16 | numbers[at - 1] << 8 | numbers[at];
    }
    at = numbers.size();
    return LogStyle::kDefault;
}

void applySgr(LogStyle& style, std::string_view parameters)
{
    const auto numbers = numbersOf(parameters);
    for (std::size_t at = 0; at < numbers.size(); ++at) {
        const int code = numbers[at];
        if (code == 0)
            style = {};
        else if (code == 1)
            style.bold = true;
        else if (code == 2)
            style.faint = true;
        else if (code == 3 || code == 23)
            style.italic = code == 3;
        else if (code == 4 || code == 24)
            style.underlined = code == 4;
        else if (code == 7 || code == 27)
            style.inverse = code == 7;
        else if (code == 22)
            style.bold = style.faint = false;
        else if (code >= 30 && code <= 37)
            style.text = code - 30;
        else if (code >= 90 && code <= 97)
            style.text = code - 90 + 8;
        else if (code >= 40 && code <= 47)
            style.ground = code - 40;
        else if (code >= 100 && code <= 107)
            style.ground = code - 100 + 8;
        else if (code == 38)
            style.text = extendedColour(numbers, at);
        else if (code == 48)
            style.ground = extendedColour(numbers, at);
        else if (code == 39)
            style.text = LogStyle::kDefault;
        else if (code == 49)
            style.ground = LogStyle::kDefault;
    }
}

/// Goes behind an escape sequence; colours are applied, everything else does nothing.
std::size_t actOn(std::string_view bytes, std::size_t at, LogStyle& style)
{
    const auto end = behindEscape(bytes, at);
    if (end - at > 2 && bytes[at + 1] == '[' && bytes[end - 1] == 'm')
        applySgr(style, bytes.substr(at + 2, end - at - 3));
    return end;
}

class LineWriter {
public:
    void put(QString piece, const LogStyle& style)
    {
        if (piece.isEmpty())
            return;
        auto& runs = m_line.runs;
        if (runs.isEmpty() || !(runs.last().style == style))
            runs << LogRun{.start = int(m_line.text.size()), .length = 0, .style = style};
        runs.last().length += int(piece.size());
        m_line.text += piece;
    }
    void putText(std::string_view utf8, const LogStyle& style)
    {
        QString shown;
        for (const auto c : text(utf8)) {
            if (c.unicode() >= 0x7f && c.unicode() < 0xa0)
                continue;
            const auto kind = c.unicode() < 0xa0 ? QChar::Other_NotAssigned : c.category();
            if (kind == QChar::Other_Format || kind == QChar::Separator_Line || kind == QChar::Separator_Paragraph) {
                shown += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
                continue;
            }
            m_line.oneCellEach = m_line.oneCellEach && c.unicode() < 0x7f;
            shown += c;
        }
        put(std::move(shown), style);
    }
    void putTab(const LogStyle& style) { put(QString(qsizetype(kTabColumns - std::size_t(m_line.text.size()) % kTabColumns), u' '), style); }
    LogLine take() { return std::move(m_line); }
    void notPlain() { m_line.oneCellEach = false; }

private:
    LogLine m_line;
};

} // namespace

LogLine parseLogLine(std::string_view bytes, std::uint64_t moreBytes)
{
    LogStyle style;
    LineWriter writer;
    const auto shown = lastStateOf(bytes);
    const auto overwritten = bytes.substr(0, std::size_t(shown.data() - bytes.data()));
    for (auto at = overwritten.find(kEscape); at < overwritten.size(); at = overwritten.find(kEscape, at))
        at = actOn(overwritten, at, style); // its colours go on to count
    bytes = shown;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto c = bytes[at];
        if (c == kEscape) {
            at = actOn(bytes, at, style);
        } else if (c == '\t') {
            writer.putTab(style);
            ++at;
        } else if (static_cast<unsigned char>(c) < ' ') {
            ++at;
        } else {
            auto end = at;
            while (end < bytes.size() && static_cast<unsigned char>(bytes[end]) >= ' ')
                ++end;
            writer.putText(bytes.substr(at, end - at), style);
            at = end;
        }
    }
    if (moreBytes > 0) {
        writer.notPlain();
        writer.put(QObject::tr("  … %1 more").arg(sizeText(moreBytes)), {.quiet = true});
    }
    return writer.take();
}

} // namespace aap
