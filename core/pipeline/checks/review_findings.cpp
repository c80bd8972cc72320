#include "core/pipeline/checks/review_findings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::array<std::string_view, 5> kSeverities{"critical", "high", "medium", "low", "info"};

std::size_t rank(const Json& finding)
{
    const auto severity = finding.at("severity").get<std::string>();
    return std::size_t(std::ranges::find(kSeverities, severity) - kSeverities.begin());
}

/// Markdown's signs lose their meaning; line ends become blanks.
std::string plain(const std::string& text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '\n' || c == '\r') {
            escaped += ' ';
            continue;
        }
        if (std::string_view("\\`*_{}[]<>()#+!|~").find(c) != std::string_view::npos)
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string member(const Json& finding, const char* name)
{
    return finding.value(name, std::string());
}

std::string entry(std::size_t number, const Json& finding)
{
    return fmt::format("### {}. {}: {}\n\n{}:{}, {} ({})\n\n    {}\n\nWhy: {}\n\nFix: {}\n\n", number, member(finding, "severity"), plain(member(finding, "title")),
                       plain(member(finding, "file")), finding.at("line").get<int>(), member(finding, "cwe"), member(finding, "reviewer"),
                       plain(member(finding, "evidence")), plain(member(finding, "why")), plain(member(finding, "fix")));
}

} // namespace

Json mergedFindings(const std::vector<std::pair<StageId, Json>>& reviews)
{
    Json summaries = Json::array();
    std::vector<Json> findings;
    for (const auto& [reviewer, review] : reviews) {
        summaries.push_back({{"reviewer", title(reviewer)}, {"summary", review.value("summary", "")}});
        for (const auto& finding : review.value("findings", Json::array()))
            findings.push_back({{"reviewer", title(reviewer)}, {"severity", finding.at("severity")}, {"file", finding.at("file")}, {"line", finding.at("line")},
                                {"title", finding.at("title")}, {"why", finding.at("explanation")}, {"fix", finding.at("fix")}, {"cwe", finding.at("cwe")},
                                {"evidence", finding.at("evidence")}});
    }
    std::ranges::stable_sort(findings, {}, rank);
    return {{"schema", "aap/findings/1"}, {"summaries", summaries}, {"findings", findings}};
}

std::string findingsMarkdown(const Json& findings)
{
    std::string text = "# Review findings\n\n";
    for (const auto& summary : findings.at("summaries"))
        text += fmt::format("{}: {}\n\n", summary.at("reviewer").get<std::string>(), plain(summary.at("summary").get<std::string>()));
    const auto& list = findings.at("findings");
    text += list.empty() ? "Nothing was found.\n" : fmt::format("## {} finding(s)\n\n", list.size());
    std::size_t number = 0;
    for (const auto& finding : list)
        text += entry(++number, finding);
    return text;
}

} // namespace aap
