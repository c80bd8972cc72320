#include "core/store/findings.h"

#include <algorithm>
#include <array>

#include "core/store/lenient_json.h"

namespace aap {
namespace {

constexpr std::array<std::string_view, 5> kSeverities{"critical", "high", "medium", "low", "info"};

auto rankOf(const ReviewFinding& finding)
{
    return std::ranges::find(kSeverities, finding.severity) - kSeverities.begin();
}

ReviewFinding findingFrom(const Json& json, StageId stage)
{
    return {.stage = stage, .id = textIn(json, "id"), .title = textIn(json, "title"), .severity = textIn(json, "severity"),
            .cwe = textIn(json, "cwe"), .file = textIn(json, "file"), .line = numberIn(json, "line"), .evidence = textIn(json, "evidence"),
            .explanation = textIn(json, "explanation"), .fix = textIn(json, "fix")};
}

std::string levelOf(const ReviewFinding& finding)
{
    const auto rank = rankOf(finding);
    return rank <= 1 ? "error" : rank == 2 ? "warning" : "note";
}

Json sarifResult(const ReviewFinding& finding)
{
    const Json region{{"startLine", std::max<std::int64_t>(finding.line, 1)}, {"snippet", {{"text", finding.evidence}}}};
    const Json place{{"physicalLocation", {{"artifactLocation", {{"uri", finding.file}, {"uriBaseId", "WORKSPACE"}}}, {"region", region}}}};
    return {{"ruleId", finding.cwe.empty() ? "finding" : finding.cwe},
            {"level", levelOf(finding)},
            {"message", {{"text", finding.title + "\n\n" + finding.explanation + "\n\nFix: " + finding.fix}}},
            {"locations", Json::array({place})},
            {"properties", {{"id", finding.id}, {"severity", finding.severity}, {"stage", std::string(slug(finding.stage))}}}};
}

} // namespace

std::map<StageId, Json> stageDocuments(const RunState& state, const std::vector<RunEvent>& events)
{
    std::map<StageId, Json> documents;
    for (const auto& event : events)
        if (const auto* submitted = std::get_if<Submitted>(&event.payload); submitted && event.stage)
            documents[*event.stage] = submitted->document;
    for (const auto& stage : state.stages)
        if (!stage.document.is_null())
            documents[stage.id] = stage.document;
    return documents;
}

std::vector<ReviewFinding> findingsIn(const std::map<StageId, Json>& documents)
{
    std::vector<ReviewFinding> findings;
    for (const auto& [stage, document] : documents)
        for (const auto& finding : listIn(document, "findings"))
            if (finding.is_object())
                findings.push_back(findingFrom(finding, stage));
    std::ranges::stable_sort(findings, {}, rankOf);
    return findings;
}

Json findingsJson(const std::vector<ReviewFinding>& findings)
{
    Json list = Json::array();
    for (const auto& finding : findings)
        list.push_back({{"id", finding.id}, {"stage", std::string(slug(finding.stage))}, {"title", finding.title}, {"severity", finding.severity},
                        {"cwe", finding.cwe}, {"file", finding.file}, {"line", finding.line}, {"evidence", finding.evidence},
                        {"explanation", finding.explanation}, {"fix", finding.fix}});
    return list;
}

Json sarifJson(const std::vector<ReviewFinding>& findings, const std::string& programVersion)
{
    Json results = Json::array();
    for (const auto& finding : findings)
        results.push_back(sarifResult(finding));
    const Json driver{{"name", "AI Agent Pipeline"}, {"version", programVersion.empty() ? AAP_VERSION : programVersion}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"results", results}}})}};
}

} // namespace aap
