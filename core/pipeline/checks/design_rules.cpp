#include "core/pipeline/checks/design_rules.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "core/agent/tools/text_edit.h"
#include "core/llm/bounded_json.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/intake_lines.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostDocument = 4U << 20U;
constexpr const char* kOverview = "docs/architecture/overview.md";

using Problems = std::vector<std::string>;
using Graph = std::map<std::string, std::vector<std::string>>;

/// Depth first without recursion: a design may chain thousands of components. "a → b → a", or nothing.
std::optional<std::string> cycleIn(const Graph& graph)
{
    std::set<std::string> done;
    for (const auto& [start, unused] : graph) {
        std::vector<std::pair<std::string, std::size_t>> path{{start, 0}};
        while (!path.empty()) {
            const auto name = path.back().first;
            const auto& next = graph.at(name);
            const auto position = path.back().second++;
            if (done.contains(name) || position == next.size()) {
                done.insert(name);
                path.pop_back();
                continue;
            }
            const auto& target = next[position];
            const auto seen = std::ranges::find(path, target, &std::pair<std::string, std::size_t>::first);
            if (seen != path.end()) {
                std::string words;
                for (auto step = seen; step != path.end(); ++step)
                    words += step->first + " → ";
                return words + target;
            }
            if (graph.contains(target) && !done.contains(target))
                path.emplace_back(target, 0);
        }
    }
    return std::nullopt;
}

std::string plainPath(const std::string& path)
{
    return std::filesystem::path(path).lexically_normal().generic_string();
}

bool hasEnding(std::string_view path, std::initializer_list<std::string_view> endings)
{
    return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); });
}

/// Finds out whether brackets outside of quotes close in order.
bool bracketsClose(std::string_view text)
{
    std::string open;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (c == '[' || c == '(' || c == '{')
            open += c == '[' ? ']' : c == '(' ? ')' : '}';
        else if ((c == ']' || c == ')' || c == '}') && (open.empty() || open.back() != c))
            return false;
        else if (c == ']' || c == ')' || c == '}')
            open.pop_back();
    }
    return open.empty() && !quoted;
}

std::optional<std::string> whyNoMermaid(const std::vector<std::string_view>& block)
{
    static constexpr std::array<std::string_view, 18> kinds{"flowchart", "graph", "sequenceDiagram", "classDiagram", "stateDiagram", "erDiagram", "journey", "gantt", "pie",
        "mindmap", "timeline", "gitGraph", "C4Context", "C4Container", "C4Component", "quadrantChart", "requirementDiagram", "sankey-beta"};
    std::string_view kind;
    int depth = 0;
    for (const auto raw : block) {
        const auto line = trimmed(raw);
        if (line.empty() || line.starts_with("%%"))
            continue;
        if (kind.empty()) {
            kind = line;
            if (std::ranges::none_of(kinds, [&](auto known) { return line.starts_with(known); }))
                return fmt::format("begins with \"{}\", which is no kind of diagram", cutUtf8(line, 60));
        }
        if (!kind.starts_with("flowchart") && !kind.starts_with("graph"))
            continue;
        if (!bracketsClose(line))
            return fmt::format("has brackets or quotes that do not close in \"{}\"", cutUtf8(line, 80));
        depth += line.starts_with("subgraph") ? 1 : line == "end" ? -1 : 0;
    }
    if (kind.empty())
        return "is empty";
    return depth == 0 ? std::nullopt : std::optional<std::string>("has subgraphs that do not end");
}

} // namespace

Problems requirementProblems(const Json& design, const Json& requirements)
{
    const auto known = allIds(requirements);
    auto open = mustIds(requirements);
    Problems problems;
    for (const auto& component : listOf(design, "components"))
        for (const auto& id : stringsOf(component, "requirements")) {
            open.erase(id);
            if (!known.contains(id))
                problems.push_back(fmt::format("component \"{}\" names {}, which is no requirement", stringIn(component, "name"), id));
        }
    for (const auto& id : open)
        problems.push_back(fmt::format("no component has {}", id));
    return problems;
}

Problems componentProblems(const Json& design)
{
    Graph graph;
    Problems problems;
    for (const auto& component : listOf(design, "components"))
        if (!graph.emplace(stringIn(component, "name"), stringsOf(component, "depends_on")).second)
            problems.push_back(fmt::format("two components are named \"{}\"", stringIn(component, "name")));
    for (const auto& [name, needs] : graph)
        for (const auto& other : needs)
            if (!graph.contains(other))
                problems.push_back(fmt::format("\"{}\" depends on \"{}\", which is no component", name, other));
    if (const auto cycle = cycleIn(graph))
        problems.push_back("components depend on each other in a circle: " + *cycle);
    return problems;
}

Problems filePlanProblems(const Json& design, const Folder& repo)
{
    std::set<std::string> paths;
    std::set<std::string> components;
    Problems problems;
    for (const auto& component : listOf(design, "components"))
        components.insert(stringIn(component, "name"));
    for (const auto& file : listOf(design, "files")) {
        const auto path = stringIn(file, "path");
        const auto plain = plainPath(path);
        if (plain.starts_with('/') || plain == ".." || plain.starts_with("../"))
            problems.push_back(path + " leaves the project");
        else if (!paths.insert(plain).second)
            problems.push_back(path + " is listed twice");
        if (const auto component = stringIn(file, "component"); !component.empty() && !components.contains(component))
            problems.push_back(fmt::format("{} belongs to \"{}\", which is no component", path, component));
    }
    for (const auto& entry : stringsOf(design, "entry_points"))
        if (!paths.contains(plainPath(entry)) && !existsIn(repo, entry))
            problems.push_back(fmt::format("the entry point {} is not among the files", entry));
    return problems;
}

Problems documentProblems(const Json& design, const Folder& repo)
{
    Problems problems;
    const auto require = [&](const std::string& path, std::string_view what) {
        if (!existsIn(repo, path))
            problems.push_back(fmt::format("{} ({}) is not there", path, what));
    };
    require(kOverview, "the overview");
    for (const auto& entry : listOf(design, "interfaces"))
        require(stringIn(entry, "spec"), "an interface");
    for (const auto& path : stringsOf(design, "decisions"))
        require(path, "a decision");
    return problems;
}

Problems formatProblems(const Json& design, const Folder& repo)
{
    std::map<std::string, bool> paths; // and whether it describes HTTP
    for (const auto& entry : listOf(design, "interfaces"))
        paths[plainPath(stringIn(entry, "spec"))] = stringIn(entry, "kind") == "http";
    // What cannot be walked has no files to complain about; the documents that must exist are checked on their own.
    (void)repo.walk("docs", [&](const Folder::Entry& entry) {
        if (entry.kind == Folder::Kind::File && hasEnding(entry.path, {".json", ".yaml", ".yml"}))
            paths.emplace(entry.path, false);
        return Folder::Walk::Into;
    });
    Problems problems;
    for (const auto& [path, http] : paths) {
        const auto text = repo.read(path, kMostDocument);
        if (!text) {
            problems.push_back(text.error().detail);
            continue;
        }
        auto why = whyUnreadable(path, *text);
        if (!why && http)
            why = whyNoOpenApi(path, *text);
        if (why)
            problems.push_back(path + " " + *why);
    }
    return problems;
}

Problems mermaidProblems(std::string_view markdown)
{
    Problems problems;
    std::vector<std::string_view> block;
    std::size_t begun = 0;
    std::size_t number = 0;
    for (const auto raw : splitLines(markdown)) {
        ++number;
        const auto line = trimmed(raw);
        if (begun == 0 && line.starts_with("```mermaid")) {
            begun = number;
            block.clear();
        } else if (begun != 0 && line.starts_with("```")) {
            if (const auto why = whyNoMermaid(block))
                problems.push_back(fmt::format("the Mermaid block of line {} {}", begun, *why));
            begun = 0;
        } else if (begun != 0) {
            block.push_back(raw);
        }
    }
    if (begun != 0)
        problems.push_back(fmt::format("the Mermaid block of line {} has no end", begun));
    return problems;
}

std::optional<std::string> whyUnreadable(std::string_view path, std::string_view text)
try {
    if (path.ends_with(".json") && parseBounded(text).is_discarded() && !Json::parse(text).is_discarded()) // parse says where it fails
        return "nests too deeply or has too many members";
    if (hasEnding(path, {".yaml", ".yml"}))
        (void)YAML::LoadAll(std::string(text));
    return std::nullopt;
} catch (const Json::exception& e) {
    return fmt::format("is no JSON: {}", e.what());
} catch (const YAML::Exception& e) {
    return fmt::format("is no YAML: {}", e.what());
}

std::optional<std::string> whyNoOpenApi(std::string_view path, std::string_view text)
try {
    if (!hasEnding(path, {".json", ".yaml", ".yml"}))
        return "is no .json or .yaml file, which an HTTP interface must be";
    const auto root = YAML::Load(std::string(text)); // reads JSON as well
    if (!root.IsMap())
        return "is no OpenAPI document: it is no object";
    const auto version = root["openapi"] ? root["openapi"] : root["swagger"];
    if (!version || !version.IsScalar() || !(version.Scalar().starts_with("3.") || version.Scalar() == "2.0"))
        return "is no OpenAPI document: \"openapi\" must be a version like \"3.0.3\"";
    if (const auto info = root["info"]; !info || !info.IsMap() || !info["title"] || !info["version"])
        return "is no OpenAPI document: \"info\" must have title and version";
    if (const auto paths = root["paths"]; !paths || !paths.IsMap() || paths.size() == 0)
        return "is no OpenAPI document: \"paths\" has no path";
    return std::nullopt;
} catch (const YAML::Exception& e) {
    return fmt::format("cannot be read: {}", e.what());
}

} // namespace aap
