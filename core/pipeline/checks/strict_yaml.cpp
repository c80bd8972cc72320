#include "core/pipeline/checks/strict_yaml.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::size_t kMostYaml = 256U << 10U;
constexpr std::size_t kMostDocuments = 100;
constexpr int kMostLevels = 64;
constexpr std::size_t kMostYamlValues = 20000;

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

bool isAnyOf(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::ranges::find(words, text) != words.end();
}

/// A whole number as YAML 1.1 writes one: a leading 0 is octal, 0x hexadecimal.
std::optional<std::int64_t> yamlInteger(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    int base = 10;
    if (text.starts_with("0x")) {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() > 1 && text.front() == '0') {
        base = 8;
        text.remove_prefix(text.starts_with("0o") ? 2 : 1);
    }
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || text.front() == '-' || failed != std::errc() || end != text.data() + text.size())
        return {};
    return negative ? -value : value;
}

Json plainScalar(const std::string& text)
{
    if (isAnyOf(text, {"", "~", "null", "Null", "NULL"}))
        return {};
    if (isAnyOf(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}))
        return true;
    if (isAnyOf(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"}))
        return false;
    if (const auto whole = yamlInteger(text))
        return *whole;
    double number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = text.find_first_not_of("+-.eE0123456789") == std::string::npos && failed == std::errc() && end == text.data() + text.size();
    return isNumber ? Json(number) : Json(text);
}

/// Aliases are followed, so a small text may be a large tree: values are counted.
class YamlToJson {
public:
    Result<Json> convert(const YAML::Node& node)
    {
        if (++m_values > kMostYamlValues)
            return Error{ErrorCode::Limit, "the file holds more than 20,000 values"};
        if (node.IsMap())
            return mapping(node);
        if (!node.IsSequence())
            return node.IsScalar() ? (node.Tag() == "?" || node.Tag().empty() ? plainScalar(node.Scalar()) : Json(node.Scalar())) : Json();
        Json list = Json::array();
        for (const auto& item : node) {
            auto value = convert(item);
            if (!value)
                return value;
            list.push_back(*std::move(value));
        }
        return list;
    }

private:
    Result<Json> mapping(const YAML::Node& node)
    {
        Json map = Json::object();
        for (const auto& item : node) {
            const int line = std::max(0, item.first.Mark().line + 1);
            if (!item.first.IsScalar())
                return Error{ErrorCode::Invalid, fmt::format("line {}: a key must be a word", line)};
            if (map.contains(item.first.Scalar()))
                return Error{ErrorCode::Invalid, fmt::format("line {}: the key {} is there twice", line, item.first.Scalar().substr(0, 60))};
            auto value = convert(item.second);
            if (!value)
                return value;
            map[item.first.Scalar()] = *std::move(value);
        }
        return map;
    }

    std::size_t m_values = 0;
};

} // namespace

Result<Json> jsonFromYaml(const YAML::Node& node)
try {
    return YamlToJson().convert(node);
} catch (const YAML::Exception& e) { // the library's own idea of a node's kind may differ from ours
    return Error{ErrorCode::Invalid, e.what()};
}

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
