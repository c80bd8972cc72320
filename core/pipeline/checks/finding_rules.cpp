#include "core/pipeline/checks/finding_rules.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/text_edit.h"
#include "core/llm/bounded_json.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/intake_lines.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostReviewed = 16U << 20U;
constexpr std::size_t kNearFinding = 3; // lines

/// Every run of white space as one blank, none at the ends.
std::string squeezed(std::string_view text)
{
    std::string words;
    for (const char c : trimmed(text)) {
        const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!blank || !words.ends_with(' '))
            words += blank ? ' ' : c;
    }
    return words;
}

/// What stands around a line: as many lines more as the evidence has.
std::string around(const std::vector<std::string_view>& lines, std::size_t line, std::size_t evidenceLines)
{
    std::string text;
    const auto end = std::min(lines.size(), line + kNearFinding + evidenceLines - 1);
    for (auto i = line > kNearFinding ? line - kNearFinding : 1; i <= end; ++i)
        text += std::string(lines[i - 1]) + "\n";
    return squeezed(text);
}

std::optional<std::string> whyInvented(const Json& finding, const Folder& repo)
{
    const auto file = stringIn(finding, "file");
    const auto text = repo.read(file, kMostReviewed);
    if (!text)
        return text.error().detail;
    const auto& number = memberOf(finding, "line");
    const auto line = number.is_number_unsigned() || (number.is_number_integer() && number.get<std::int64_t>() > 0) ? number.get<std::size_t>() : 0;
    const auto lines = splitLines(*text);
    if (line == 0 || line > lines.size())
        return fmt::format("{} has {} lines, not {}", file, lines.size(), line);
    const auto evidence = stringIn(finding, "evidence");
    const auto words = squeezed(evidence);
    if (words.empty() || around(lines, line, splitLines(evidence).size()).find(words) == std::string::npos)
        return fmt::format("the evidence does not stand at {}:{}; there is \"{}\"", file, line, shortened(trimmed(lines[line - 1]), 120));
    return std::nullopt;
}

} // namespace

std::vector<std::string> inventedFindings(const Json& document, const Folder& repo)
{
    std::set<std::string> ids;
    std::vector<std::string> problems;
    for (const auto& finding : listOf(document, "findings")) {
        const auto id = stringIn(finding, "id");
        if (!ids.insert(id).second)
            problems.push_back(id + " is used twice");
        if (const auto why = whyInvented(finding, repo))
            problems.push_back(id + ": " + *why);
    }
    return problems;
}

} // namespace aap
