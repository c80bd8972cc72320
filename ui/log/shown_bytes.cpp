#include "ui/log/shown_bytes.h"

#include <cstdint>
#include <cstring>

#include <QChar>

#include "ui/log/log_line.h"
#include "ui/log/terminal_escape.h"

namespace aap {
namespace {

constexpr std::uint64_t kEachByte = 0x0101010101010101U;
constexpr std::uint64_t kEachTopBit = 0x80 * kEachByte;

bool isPlain(char c)
{
    return c >= ' ' && c < '\x7f';
}

/// Eight at once: no borrow, no carry and no top bit means that all are printable ASCII.
bool arePlain(std::uint64_t eight)
{
    return ((eight | (eight - 0x20 * kEachByte) | (eight + kEachByte)) & kEachTopBit) == 0;
}

std::uint64_t eightAt(const char* at)
{
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, sizeof eight);
    return eight;
}

std::size_t plainEnd(std::string_view bytes, std::size_t at)
{
    while (at + 8 <= bytes.size() && arePlain(eightAt(bytes.data() + at)))
        at += 8;
    while (at < bytes.size() && isPlain(bytes[at]))
        ++at;
    return at;
}

struct Letter {
    std::size_t bytes = 0; ///< 0: not one that is shown as it is
    std::size_t units = 1; ///< of UTF-16
};

bool isShownAsIs(char32_t point)
{
    const auto kind = QChar::category(point);
    return point >= 0xa0 && kind != QChar::Other_Format && kind != QChar::Separator_Line && kind != QChar::Separator_Paragraph;
}

/// A letter beyond ASCII, when it is well formed.
Letter letterAt(std::string_view bytes, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U; };
    const auto first = byte(0);
    const std::size_t length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    char32_t point = first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80)
            return {};
        point = point << 6U | (byte(i) & 0x3fU);
    }
    if (length == 4)
        return point >= 0x10000 && point < 0x110000 ? Letter{4, 2} : Letter{};
    const bool wellFormed = length == 2 || (length == 3 && point >= 0x800 && (point < 0xd800 || point > 0xdfff));
    return wellFormed && isShownAsIs(point) ? Letter{length, 1} : Letter{};
}

/// False when it met what only parseLogLine() knows to show.
bool appendQuickly(std::string_view line, std::string& shown)
{
    std::size_t column = 0;
    for (std::size_t at = 0; at < line.size();) {
        const auto end = plainEnd(line, at);
        shown.append(line, at, end - at);
        column += end - at;
        at = end;
        if (at == line.size())
            break;
        if (line[at] == kEscape) {
            at = behindEscape(line, at);
        } else if (line[at] == '\t') {
            const auto blanks = kTabColumns - column % kTabColumns;
            shown.append(blanks, ' ');
            column += blanks;
            ++at;
        } else if (static_cast<unsigned char>(line[at]) < 0x80) {
            ++at;
        } else {
            const auto letter = letterAt(line, at);
            if (letter.bytes == 0)
                return false;
            shown.append(line, at, letter.bytes);
            column += letter.units;
            at += letter.bytes;
        }
    }
    return true;
}

} // namespace

void appendShownBytes(std::string_view line, std::string& shown)
{
    line = lastStateOf(line);
    const auto begin = shown.size();
    if (!appendQuickly(line, shown)) {
        shown.resize(begin);
        shown += parseLogLine(line).text.toStdString();
    }
}

void lowerAscii(std::string& bytes)
{
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        const auto eight = eightAt(bytes.data() + at);
        const auto low = eight & ~kEachTopBit;
        const auto capital = (low + (0x80 - 'A') * kEachByte) & ~(low + (0x7f - 'Z') * kEachByte) & ~eight & kEachTopBit;
        const auto lowered = eight | capital >> 2U;
        std::memcpy(bytes.data() + at, &lowered, sizeof lowered);
    }
    for (; at < bytes.size(); ++at)
        bytes[at] = char(bytes[at] >= 'A' && bytes[at] <= 'Z' ? bytes[at] | 0x20 : bytes[at]);
}

} // namespace aap
