#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aap {

/// One line of a requirements text and what its beginning says it is.
struct IntakeLine {
    enum class Kind { Blank, Heading, Rule, Fence, FenceContent, Entry, TableRow, TableRule, Comment, Text };
    Kind kind = Kind::Text;
    std::size_t number = 0; ///< from 1
    std::size_t indent = 0; ///< columns, a tab counts to the next multiple of four
    std::string raw{};      ///< without its line end
    std::string text{};     ///< without bullet, number, id, mark and heading signs
    std::string id{};       ///< Entry: "R3" when the line names itself so
    char mark = ' ';        ///< Entry: '!' or '?', when it stands before the text
    bool ordered = false;   ///< Entry: numbered or named, not bulleted
};

/// Valid UTF-8 with '\n' line ends and without BOM and NUL.
std::string tidyText(std::string_view bytes);
/// Lines of tidy text; a text that ends with '\n' has no empty last line.
std::vector<IntakeLine> readLines(std::string_view tidy);
/// The cells of a table row, trimmed.
std::vector<std::string> cellsOf(std::string_view row);

std::string_view trimmed(std::string_view text);
/// At most `limit` bytes, never within a character.
std::string_view cutUtf8(std::string_view text, std::size_t limit);

} // namespace aap
