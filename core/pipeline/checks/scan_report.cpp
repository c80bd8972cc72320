#include "core/pipeline/checks/scan_report.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "core/agent/tool_text.h"

namespace aap {
namespace {

constexpr std::size_t kMostScanHits = 5000;
constexpr std::size_t kLongestScanText = 2000;
constexpr std::size_t kLongestRule = 40;

/// A number off the front, up to ':'. 0: there is none.
std::size_t numberUpToColon(std::string_view& text)
{
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto used = std::size_t(end - text.data());
    if (failed != std::errc() || used == 0 || used >= text.size() || text[used] != ':')
        return 0;
    text.remove_prefix(used + 1);
    return number;
}

bool isRule(std::string_view word)
{
    return !word.empty() && word.size() <= kLongestRule && std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; })
        && std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

std::string ruleOf(const ScanHit& hit)
{
    const auto word = hit.what.substr(0, std::min(hit.what.find_first_of(": "), hit.what.size()));
    return isRule(word) ? word : "finding";
}

std::string levelOf(const ScanHit& hit)
{
    return hit.severity == "info" ? "none" : hit.severity == "high" ? "error" : hit.severity == "medium" ? "warning" : "note";
}

std::string shownText(const std::string& text)
{
    return shortened(cleanText(text), kLongestScanText);
}

Json sarifResultOf(const ScanHit& hit)
{
    Json place{{"artifactLocation", {{"uri", cleanText(hit.file)}, {"uriBaseId", "WORKSPACE"}}}};
    place["region"] = {{"startLine", std::max<std::size_t>(hit.line, 1)}};
    return {{"ruleId", ruleOf(hit)},
            {"level", levelOf(hit)},
            {"message", {{"text", shownText(hit.what)}}},
            {"locations", Json::array({{{"physicalLocation", std::move(place)}}})},
            {"properties", {{"severity", hit.severity}}}};
}

/// As code, which takes nothing for markup.
std::string asCode(std::string text)
{
    std::ranges::replace_if(text, [](char c) { return c == '`' || c == '\n' || c == '\r' || c == '|'; }, ' ');
    return "`" + text + "`";
}

} // namespace

std::vector<ScanHit> linterHits(std::string_view output)
{
    std::vector<ScanHit> hits;
    while (!output.empty() && hits.size() < kMostScanHits) {
        const auto end = std::min(output.find('\n'), output.size());
        auto line = output.substr(0, end);
        output.remove_prefix(std::min(end + 1, output.size()));
        const auto colon = line.find(':');
        if (colon == 0 || colon == line.npos || line.substr(0, colon).find_first_of(" \t(\"") != line.npos)
            continue;
        auto path = line.substr(line.starts_with("./") ? 2 : 0, colon - (line.starts_with("./") ? 2 : 0));
        line.remove_prefix(colon + 1);
        const auto number = numberUpToColon(line);
        if (number == 0 || path.empty() || path.front() == '/')
            continue;
        (void)numberUpToColon(line); // the column
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        hits.push_back({.file = cleanText(path), .line = number, .severity = "low", .what = shownText(std::string(line))});
    }
    return hits;
}

Json scanSarif(std::string_view tool, const std::vector<ScanHit>& hits)
{
    Json results = Json::array();
    std::set<std::string> names;
    for (const auto& hit : hits) {
        if (results.size() == kMostScanHits)
            break;
        results.push_back(sarifResultOf(hit));
        names.insert(ruleOf(hit));
    }
    Json rules = Json::array();
    for (const auto& name : names)
        rules.push_back({{"id", name}});
    const Json driver{{"name", cleanText(tool)}, {"rules", std::move(rules)}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"columnKind", "utf16CodeUnits"}, {"results", std::move(results)}}})}};
}

std::string scanMarkdown(std::string_view tool, const std::vector<ScanHit>& hits)
{
    auto text = fmt::format("# What {} found\n\n", cleanText(tool));
    for (const auto* severity : {"high", "medium", "low", "info"}) {
        if (std::string_view(severity) == "info" && std::ranges::count(hits, severity, &ScanHit::severity) == 0)
            continue;
        const auto count = std::ranges::count(hits, severity, &ScanHit::severity);
        text += fmt::format("- {}: {}\n", severity, count);
    }
    if (!hits.empty())
        text += "\n| severity | place | what |\n| --- | --- | --- |\n";
    for (const auto& hit : hits)
        text += fmt::format("| {} | {} | {} |\n", hit.severity, asCode(fmt::format("{}:{}", cleanText(hit.file), hit.line)), asCode(shownText(hit.what)));
    return text;
}

Result<void> saveScan(const CheckContext& context, const std::string& name, std::string_view tool, const std::vector<ScanHit>& hits)
{
    auto sorted = hits;
    const auto rank = [](const ScanHit& hit) { return hit.severity == "high" ? 0 : hit.severity == "medium" ? 1 : hit.severity == "low" ? 2 : 3; };
    std::ranges::stable_sort(sorted, {}, rank);
    if (auto saved = context.saveReport("reports/" + name + ".sarif", scanSarif(tool, sorted).dump(1, ' ', false, Json::error_handler_t::replace)); !saved)
        return saved;
    return context.saveReport("reports/" + name + ".md", scanMarkdown(tool, sorted));
}

} // namespace aap
