#include "core/store/csv.h"

#include <string_view>

namespace aap {
namespace {

std::string cell(const std::string& text)
{
    constexpr std::string_view kFormula = "=+-@\t\r\n";
    const auto safe = !text.empty() && kFormula.find(text.front()) != std::string_view::npos ? "'" + text : text;
    if (safe.find_first_of(",\"\r\n") == std::string::npos)
        return safe;
    std::string quoted = "\"";
    for (const char c : safe)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

} // namespace

std::string csvLine(const std::vector<std::string>& cells)
{
    std::string line;
    for (const auto& text : cells)
        line.append(&text == &cells.front() ? "" : ",").append(cell(text));
    return line + "\r\n";
}

} // namespace aap
