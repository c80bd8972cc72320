#include "core/agent/tool_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr char kEscape = '\x1b';
constexpr char kBell = '\x07';

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Length of the well-formed UTF-8 character at the start of `bytes`; 0 when there is none.
std::size_t characterLength(std::string_view bytes)
{
    const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
    const auto lead = byte(0);
    const auto follows = [&](std::size_t count) {
        for (std::size_t i = 1; i <= count; ++i)
            if ((byte(i) & 0xC0U) != 0x80U)
                return false;
        return true;
    };
    if (lead < 0x80U)
        return 1;
    if (lead >= 0xC2U && lead <= 0xDFU)
        return follows(1) ? 2 : 0;
    if ((lead & 0xF0U) == 0xE0U) {
        const bool overlong = lead == 0xE0U && byte(1) < 0xA0U;
        const bool surrogate = lead == 0xEDU && byte(1) > 0x9FU;
        return follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0U && lead <= 0xF4U) {
        const bool overlong = lead == 0xF0U && byte(1) < 0x90U;
        const bool beyond = lead == 0xF4U && byte(1) > 0x8FU;
        return follows(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

/// Length of the escape sequence that `bytes` starts with: CSI, OSC and its like, or two characters.
std::size_t escapeLength(std::string_view bytes)
{
    if (bytes.size() < 2)
        return bytes.size();
    const char kind = bytes[1];
    if (kind == '[') {
        const auto end = std::find_if(bytes.begin() + 2, bytes.end(), [](char c) { return c >= '@' && c <= '~'; });
        const auto broken = std::find(bytes.begin() + 2, end, '\n'); // never swallow more than the line
        return std::size_t((broken != end ? broken : end == bytes.end() ? end : end + 1) - bytes.begin());
    }
    if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_') {
        for (std::size_t i = 2; i < bytes.size(); ++i) {
            if (bytes[i] == kBell)
                return i + 1;
            if (bytes[i] == kEscape || bytes[i] == '\n')
                return bytes.substr(i, 2) == "\x1b\\" ? i + 2 : i;
        }
        return bytes.size();
    }
    if (kind >= ' ' && kind <= '/') // "ESC ( B": selects a character set
        return std::min<std::size_t>(3, bytes.size());
    return kind >= '0' && kind <= '~' ? 2 : 1;
}

void appendPrintable(std::string& line, std::string_view character)
{
    const auto first = static_cast<unsigned char>(character.front());
    const bool control = character.size() == 1 && (first < 0x20U || first == 0x7FU) && first != '\t';
    const bool c1 = character.size() == 2 && first == 0xC2U && static_cast<unsigned char>(character[1]) < 0xA0U;
    if (!control && !c1)
        line += character;
}

/// The position `characters` characters after the start of `text`.
std::size_t forward(std::string_view text, std::size_t characters)
{
    std::size_t position = 0;
    while (position < text.size() && characters > 0) {
        ++position;
        while (position < text.size() && isContinuation(text[position]))
            ++position;
        --characters;
    }
    return position;
}

std::size_t countCharacters(std::string_view text)
{
    return std::size_t(std::ranges::count_if(text, [](char c) { return !isContinuation(c); }));
}

/// Back to the end of a line, when that loses less than a tenth.
std::size_t lineEndBefore(std::string_view text, std::size_t position)
{
    const auto newline = text.rfind('\n', position == 0 ? 0 : position - 1);
    return newline != std::string_view::npos && position - newline < position / 10 ? newline + 1 : position;
}

std::size_t lineStartAfter(std::string_view text, std::size_t position)
{
    const auto newline = text.find('\n', position);
    return newline != std::string_view::npos && newline - position < (text.size() - position) / 10 ? newline + 1 : position;
}

} // namespace

std::string cleanText(std::string_view bytes)
{
    std::string text;
    std::string line;
    bool overwrite = false; // a carriage return was seen: what comes next replaces the line
    text.reserve(bytes.size());
    const auto put = [&](std::string_view character) {
        if (std::exchange(overwrite, false))
            line.clear();
        appendPrintable(line, character);
    };
    while (!bytes.empty()) {
        std::size_t length = 1;
        if (bytes.front() == '\n') {
            text += line;
            text += '\n';
            line.clear();
            overwrite = false;
        } else if (bytes.front() == '\r') {
            overwrite = true;
        } else if (bytes.front() == kEscape) {
            length = escapeLength(bytes);
        } else if ((length = characterLength(bytes)) == 0) {
            length = 1;
            put(kReplacement);
        } else {
            put(bytes.substr(0, length));
        }
        bytes.remove_prefix(length);
    }
    return text + line;
}

std::string visibleText(std::string_view line)
{
    std::string text;
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    while (!line.empty()) {
        const auto length = characterLength(line);
        const auto first = static_cast<unsigned char>(line.front());
        if (length == 0)
            text += kReplacement;
        else if (length == 1 && (first < 0x20U || first == 0x7FU) && first != '\t')
            text += {'\xE2', '\x90', static_cast<char>(first == 0x7FU ? 0xA1U : 0x80U + first)}; // U+2400 … U+2421
        else
            text += line.substr(0, length);
        line.remove_prefix(std::max<std::size_t>(1, length));
    }
    return text;
}

std::string shortened(std::string_view text, std::size_t characters)
{
    const auto end = forward(text, characters);
    return end == text.size() ? std::string(text) : std::string(text.substr(0, end)) + "…";
}

std::string cutText(std::string_view text, std::size_t limit, std::string_view fullTextAt)
{
    const auto characters = text.size() <= limit ? text.size() : countCharacters(text);
    if (characters <= limit)
        return std::string(text);
    const auto headEnd = lineEndBefore(text, forward(text, limit / 3));
    const auto tailStart = lineStartAfter(text, forward(text, characters - (limit - limit / 3)));
    const auto omitted = text.substr(headEnd, tailStart - headEnd);
    return fmt::format("{}{}[… {} lines ({} characters) left out; the full text is in {} …]\n{}", text.substr(0, headEnd),
                       headEnd > 0 && text[headEnd - 1] == '\n' ? "" : "\n", std::max<std::ptrdiff_t>(1, std::ranges::count(omitted, '\n')),
                       countCharacters(omitted), fullTextAt, text.substr(tailStart));
}

std::string fileNameOf(std::string_view callId)
{
    std::string name;
    for (const char c : callId.substr(0, 100)) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
        name += plain ? c : '_';
    }
    return name.empty() ? "call" : name;
}

std::string fullTextPath(std::string_view callId)
{
    return "/workspace/.agent/out/" + fileNameOf(callId) + ".txt";
}

ToolOutcome textOutcome(std::string_view bytes, const ToolContext& context)
{
    ToolOutcome outcome;
    auto text = cleanText(bytes);
    outcome.text = cutText(text, context.outputLimit, fullTextPath(context.callId));
    if (outcome.text != text)
        outcome.fullText = std::move(text);
    return outcome;
}

} // namespace aap
