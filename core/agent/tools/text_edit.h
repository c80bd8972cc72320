#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aap {

/// What an edit wants: `before` becomes `after`.
struct TextEdit {
    std::string before{};
    std::string after{};
    bool everywhere = false;
};

/// What became of it.
struct EditedText {
    std::string text{};
    std::size_t replaced = 0;
    std::size_t firstLine = 0; ///< of the first replacement, from 1
    std::size_t lines = 0;     ///< of the first replacement, afterwards
    std::string how{};         ///< "exactly", "ignoring spaces at the ends of lines", "ignoring indentation"
};

/// Replaces exactly, else line by line without the spaces at their ends, else without indentation (then `after` is indented
/// as the place was); the two tolerant ways only where the place is unique. Line ends stay what the file's are (CRLF or LF)
/// and a BOM stays at the start; everything else stays byte for byte.
/// The string says why not and what to do: the nearest lines when nothing matched, the line numbers when too much did.
std::variant<EditedText, std::string> editText(std::string_view text, const TextEdit& edit);

/// Lines without their ends; a text that ends with a newline has no empty last line.
std::vector<std::string_view> splitLines(std::string_view text);

/// How alike two texts are, from 0 to 1, by their pairs of neighbouring characters; letter case aside.
double likeness(std::string_view a, std::string_view b);

} // namespace aap
