#include "core/pipeline/checks/strict_yaml.h"

#include <set>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::size_t kMostYaml = 256U << 10U;
constexpr std::size_t kMostDocuments = 100;
constexpr int kMostLevels = 64;

/// yaml-cpp goes down by recursion, so brackets and dashes are counted before it begins.
bool isTooDeep(std::string_view text)
{
    int flow = 0;
    int dashes = 0;
    bool atLineStart = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n') {
            atLineStart = true;
            dashes = 0;
        } else if (atLineStart && (c == '-' || c == '?' || c == ':')) {
            ++dashes;
        } else if (c != ' ' && c != '\t') {
            atLineStart = false;
        }
        flow += c == '[' || c == '{' ? 1 : 0;
        flow -= (c == ']' || c == '}') && flow > 0 ? 1 : 0;
        if (flow > kMostLevels || dashes > kMostLevels)
            return true;
    }
    return false;
}

bool isTooIndented(std::string_view text)
{
    std::set<std::size_t> widths;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto first = text.find_first_not_of(' ', begin);
        if (first < end)
            widths.insert(first - begin);
        begin = end + 1;
    }
    return widths.size() > 4 * static_cast<std::size_t>(kMostLevels);
}

} // namespace

Result<std::vector<YAML::Node>> parseYaml(std::string_view text)
try {
    if (text.size() > kMostYaml)
        return Error{ErrorCode::Limit, "the file is larger than 256 KiB"};
    if (isTooDeep(text) || isTooIndented(text))
        return Error{ErrorCode::Limit, "the file is nested too deeply"};
    auto documents = YAML::LoadAll(std::string(text));
    if (documents.size() > kMostDocuments)
        return Error{ErrorCode::Limit, "the file holds more than 100 documents"};
    return documents;
} catch (const YAML::Exception& e) {
    return Error{ErrorCode::Invalid, fmt::format("line {}: {}", e.mark.line + 1, e.msg)};
} catch (const std::exception& e) {
    return Error{ErrorCode::Invalid, fmt::format("no YAML: {}", e.what())};
}

void StrictYaml::say(const YAML::Node& at, std::string text)
{
    m_findings.push_back({static_cast<std::size_t>(std::max(0, at.Mark().line + 1)), std::move(text)});
}

void StrictYaml::eachMember(const YAML::Node& map, std::string_view what,
                            const std::function<void(const std::string& key, const YAML::Node& value)>& visit)
{
    if (!map.IsDefined() || map.IsNull())
        return;
    if (!map.IsMap())
        return say(map, fmt::format("{} must be a mapping.", what));
    std::set<std::string> seen;
    for (const auto& member : map) {
        if (!member.first.IsScalar())
            say(member.first, fmt::format("A key of {} must be a word.", what));
        else if (!seen.insert(member.first.Scalar()).second)
            say(member.first, fmt::format("{} has the key {} twice.", what, member.first.Scalar()));
        else
            visit(member.first.Scalar(), member.second);
    }
}

void StrictYaml::members(const YAML::Node& map, std::string_view what, const Readers& readers)
{
    eachMember(map, what, [&](const std::string& key, const YAML::Node& value) {
        if (const auto reader = readers.find(key); reader != readers.end())
            reader->second(value);
        else
            say(value, fmt::format("{} may not have the key \"{}\".", what, key.substr(0, 60)));
    });
}

std::string StrictYaml::text(const YAML::Node& node, std::string_view what)
{
    if (node.IsScalar() && node.Scalar().find('\0') == std::string::npos)
        return node.Scalar();
    say(node, fmt::format("{} must be a single value.", what));
    return {};
}

bool StrictYaml::boolean(const YAML::Node& node, std::string_view what)
{
    const auto value = node.IsScalar() ? node.Scalar() : std::string();
    if (value != "true" && value != "false")
        say(node, fmt::format("{} must be true or false.", what));
    return value == "true";
}

std::vector<std::string> StrictYaml::texts(const YAML::Node& node, std::string_view what)
{
    if (!node.IsSequence()) {
        say(node, fmt::format("{} must be a list.", what));
        return {};
    }
    std::vector<std::string> values;
    for (const auto& item : node)
        values.push_back(text(item, fmt::format("An entry of {}", what)));
    return values;
}

} // namespace aap
