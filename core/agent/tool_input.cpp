#include "core/agent/tool_input.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/domain/json_schema.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

/// What models call a parameter, and what it is called here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOtherNames{{
    {"path", "filepath"},
    {"file_path", "filepath"},
    {"file", "filepath"},
    {"filename", "filepath"},
    {"filepath", "path"},
    {"file_path", "path"},
    {"cmd", "command"},
    {"old_str", "old_string"},
    {"new_str", "new_string"},
    {"query", "pattern"},
}};

constexpr std::size_t kLongestText = 4U << 20U; ///< bytes of one text: no file that a tool writes is longer

bool hasTooLongText(const Json& value)
{
    return value.is_string() ? value.get_ref<const std::string&>().size() > kLongestText : value.is_structured() && std::ranges::any_of(value, hasTooLongText);
}

bool sameLetters(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool allows(const Json& schema, std::string_view type)
{
    const auto found = schema.find("type");
    if (found == schema.end())
        return false;
    return found->is_array() ? std::ranges::find(*found, Json(type)) != found->end() : *found == Json(type);
}

template <typename Number>
std::optional<Number> wholeText(const std::string& text)
{
    Number number{};
    const auto* end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, number);
    return failed == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

/// Text that spells a value of another type the schema asks for.
Json fromText(const std::string& text, const Json& schema)
{
    if (allows(schema, "integer"))
        if (const auto number = wholeText<std::int64_t>(text))
            return *number;
    if (allows(schema, "number"))
        if (const auto number = wholeText<double>(text))
            return *number;
    if (allows(schema, "boolean") && (sameLetters(text, "true") || sameLetters(text, "false")))
        return sameLetters(text, "true");
    if (allows(schema, "array") || allows(schema, "object")) {
        auto parsed = parseBounded(text);
        if (allows(schema, parsed.is_array() ? "array" : parsed.is_object() ? "object" : "nothing"))
            return parsed;
    }
    return text;
}

bool isRequired(const Json& schema, const std::string& name)
{
    const auto required = schema.find("required");
    return required != schema.end() && std::ranges::find(*required, Json(name)) != required->end();
}

Json madeRight(const Json& value, const Json& schema);

Json objectMadeRight(const Json& object, const Json& schema)
{
    const auto properties = schema.find("properties");
    if (properties == schema.end())
        return object;
    Json right = Json::object();
    for (const auto& [key, member] : object.items()) {
        const auto known = properties->find(key);
        if (known == properties->end())
            right[key] = member;
        else if (!member.is_null() || isRequired(schema, key) || allows(*known, "null"))
            right[key] = madeRight(member, *known);
    }
    for (const auto& [key, member] : properties->items())
        if (member.contains("const") && isRequired(schema, key) && !right.contains(key))
            right[key] = member.at("const");
    return right;
}

Json madeRight(const Json& value, const Json& schema)
{
    if (!schema.is_object())
        return value;
    if (value.is_object())
        return objectMadeRight(value, schema);
    if (value.is_array()) {
        Json right = Json::array();
        for (const auto& element : value)
            right.push_back(schema.contains("items") ? madeRight(element, schema.at("items")) : element);
        return right;
    }
    if (value.is_string() && !allows(schema, "string") && schema.contains("type")) {
        auto meant = fromText(value.get_ref<const std::string&>(), schema);
        return meant.is_structured() ? madeRight(meant, schema) : meant;
    }
    if (value.is_number_float() && allows(schema, "integer") && !allows(schema, "number")) {
        const auto number = value.get<double>();
        if (std::trunc(number) == number && std::abs(number) < 1e15)
            return std::int64_t(number);
    }
    if ((value.is_number() || value.is_boolean()) && schema.value("type", Json()) == Json("string"))
        return value.dump();
    return value;
}

Json renamed(const Json& input, const Json& properties)
{
    Json ours = Json::object();
    for (const auto& [key, value] : input.items()) {
        std::string name = key;
        for (const auto& [other, own] : kOtherNames)
            if (key == other && !properties.contains(key) && properties.contains(std::string(own)) && !input.contains(std::string(own)) && !ours.contains(std::string(own)))
                name = own;
        ours[name] = value;
    }
    return ours;
}

/// {"filepath": text (required), "limit": a whole number}
std::string signature(const Json& schema)
{
    std::vector<std::string> parts;
    for (const auto& [key, member] : memberOf(schema, "properties").items())
        parts.push_back(fmt::format("\"{}\": {}{}", key, expectation(member), isRequired(schema, key) ? " (required)" : ""));
    return fmt::format("{{{}}}", fmt::join(parts, "; "));
}

std::string firstLine(std::string_view text)
{
    text = text.substr(0, std::min(text.find('\n'), std::size_t(1000)));
    return shortened(cleanText(text), 120);
}

} // namespace

Tool* findTool(const Toolbox& tools, std::string_view name)
{
    const auto found = std::ranges::find_if(tools, [&](const auto& tool) { return sameLetters(tool->definition().name, name); });
    return found == tools.end() ? nullptr : found->get();
}

Result<Json> checkedInput(const ToolDefinition& definition, const Json& input)
{
    for (const auto& [name, member] : input.items())
        if (hasTooLongText(member))
            return Error{ErrorCode::Invalid, fmt::format("{} was not run: `{}` must not be longer than 4 MiB; send less at a time.", definition.name, firstLine(name))};
    const auto& schema = definition.inputSchema;
    const auto right = madeRight(renamed(input.is_object() ? input : Json::object(), schema.value("properties", Json::object())), schema);
    const auto errors = JsonSchema(schema).errors(right);
    if (errors.empty())
        return right;
    return Error{ErrorCode::Invalid, fmt::format("{} was not run: {}; send {}.", definition.name,
                                                 fmt::join(errors, "; "), signature(schema))};
}

std::string callSummary(const Json& input)
{
    if (!input.is_object())
        return {};
    for (const auto* key : {"command", "filepath", "pattern", "path", "doc_name", "endpoint", "tag", "test_path"})
        if (const auto found = input.find(key); found != input.end() && found->is_string())
            return firstLine(found->get_ref<const std::string&>());
    for (const auto& value : input)
        if (value.is_string())
            return firstLine(value.get_ref<const std::string&>());
    return {};
}

} // namespace aap
