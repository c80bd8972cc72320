#include "core/store/run_facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/agent/dialogue_texts.h"
#include "core/base/files.h"
#include "core/llm/bounded_json.h"
#include "core/store/lasting_text.h"
#include "core/store/snapshot_files.h"

namespace aap {
namespace {

constexpr std::size_t kMostCompared = 1U << 20U; // larger files are compared byte by byte, moments and all

std::string printOf(std::string_view content)
{
    const bool isText = content.size() <= kMostCompared && content.find('\0') == std::string_view::npos;
    return isText ? sha256(withoutMoments(content)) : sha256(content);
}

Json valueOf(const ToolFinished& tool)
{
    if (tool.isError && tool.result == dialogue_text::interrupted)
        return {};
    return {{"error", tool.isError}, {"exit_code", tool.exitCode ? Json(*tool.exitCode) : Json()}, {"result", lastingText(tool.result)}};
}

/// The first line that is not the same in both.
std::pair<std::string, std::string> differingLines(std::string_view one, std::string_view other)
{
    for (;;) {
        const auto lineOf = [](std::string_view text) { return text.substr(0, text.find('\n')); };
        const auto a = lineOf(one);
        const auto b = lineOf(other);
        if (a != b || one.size() == a.size() || other.size() == b.size())
            return {std::string(a), std::string(b)};
        one.remove_prefix(a.size() + 1);
        other.remove_prefix(b.size() + 1);
    }
}

/// Paths that only one has, or that have other content.
std::string differingFiles(const Json& expected, const Json& actual)
{
    std::string names;
    const auto add = [&names](std::string_view how, const std::string& path) { names += fmt::format("{}{} {}", names.empty() ? "" : ", ", how, path); };
    for (const auto& [path, print] : expected.items())
        if (!actual.contains(path))
            add("missing", path);
        else if (actual.at(path) != print)
            add("changed", path);
    for (const auto& [path, print] : actual.items())
        if (!expected.contains(path))
            add("new", path);
    return names;
}

std::string inWords(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<FactDifference> memberDifference(const std::string& what, const Json& expected, const Json& actual, const char* member)
{
    const auto one = expected.find(member);
    const auto other = actual.find(member);
    if (one == expected.end() || other == actual.end() || *one == *other)
        return std::nullopt;
    if (one->is_object() && other->is_object())
        return FactDifference{what, "the files as they were", differingFiles(*one, *other)};
    if (one->is_string() && other->is_string()) {
        auto [a, b] = differingLines(one->get<std::string>(), other->get<std::string>());
        return FactDifference{what, std::move(a), std::move(b)};
    }
    return FactDifference{what, fmt::format("{} {}", member, inWords(*one)), fmt::format("{} {}", member, inWords(*other))};
}

} // namespace

std::optional<RunFact> FactReader::read(const RunEvent& event)
{
    if (const auto* run = std::get_if<RunFinished>(&event.payload))
        return RunFact{"the end of the run", std::string(slug(run->ending))};
    if (!event.stage)
        return std::nullopt;
    const std::string stage(slug(*event.stage));
    if (const auto* tool = std::get_if<ToolFinished>(&event.payload))
        return RunFact{fmt::format("{}, call {}: {}", stage, ++m_calls[*event.stage], tool->tool), valueOf(*tool)};
    if (const auto* checked = std::get_if<CheckFinished>(&event.payload))
        return RunFact{fmt::format("{}, check {}", stage, checked->check.id), std::string(slug(checked->check.status))};
    if (const auto* finished = std::get_if<StageFinished>(&event.payload)) {
        Json value{{"status", std::string(slug(finished->status))}};
        if (auto files = filesAt(finished->commit); files.is_object())
            value["files"] = std::move(files);
        return RunFact{fmt::format("the end of {}", stage), std::move(value)};
    }
    return std::nullopt;
}

/// Path -> SHA-256; null when they cannot be read.
Json FactReader::filesAt(const std::string& commit) const
{
    if (commit.empty() || m_snapshots.empty())
        return {};
    Json files = Json::object();
    const auto read = readSnapshot(m_snapshots, commit, [&files](const SnapshotFile& file, std::string_view content) { files[file.path] = printOf(content); });
    return read ? files : Json();
}

std::vector<RunFact> factsOf(const std::vector<RunEvent>& events, const std::filesystem::path& snapshots)
{
    FactReader reader(snapshots);
    std::vector<RunFact> facts;
    for (const auto& event : events) {
        const auto* started = std::get_if<StageStarted>(&event.payload);
        const bool isRepeated = std::holds_alternative<RunResumed>(event.payload) || (started && started->resumed);
        while (isRepeated && !facts.empty() && (facts.back().what.find(", check ") != std::string::npos || facts.back().what == "the end of the run"))
            facts.pop_back();
        if (auto fact = reader.read(event))
            facts.push_back(*std::move(fact));
    }
    return facts;
}

Json toJson(const std::vector<RunFact>& facts)
{
    Json list = Json::array();
    for (const auto& fact : facts)
        list.push_back({{"what", fact.what}, {"value", fact.value}});
    return list;
}

std::optional<std::vector<RunFact>> parseFacts(const Json& json)
{
    std::vector<RunFact> facts;
    if (!json.is_array())
        return std::nullopt;
    for (const auto& fact : json) {
        if (!fact.is_object() || stringIn(fact, "what").empty() || !fact.contains("value"))
            return std::nullopt;
        facts.push_back({std::string(stringIn(fact, "what")), fact.at("value")});
    }
    return facts;
}

std::optional<FactDifference> differenceOf(const RunFact& expected, const RunFact& actual)
{
    if (expected.what != actual.what)
        return FactDifference{"the course of the run", expected.what, actual.what};
    if (expected.value.is_null() || actual.value.is_null() || expected.value == actual.value)
        return std::nullopt;
    if (!expected.value.is_object() || !actual.value.is_object())
        return FactDifference{expected.what, inWords(expected.value), inWords(actual.value)};
    for (const auto* member : {"status", "error", "exit_code", "result", "files"})
        if (auto difference = memberDifference(expected.what, expected.value, actual.value, member))
            return difference;
    return std::nullopt;
}

} // namespace aap
