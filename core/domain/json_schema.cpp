#include "core/domain/json_schema.h"

#include <algorithm>
#include <map>

#include <QRegularExpression>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace aap {
namespace {

constexpr std::size_t kMostErrors = 20;

/// The whole without "pattern": valijson hands those to std::regex, which recurses once per character and overflows the
/// stack on the long strings a model may send. We check them with PCRE instead.
Json withoutPatterns(const Json& schema)
{
    if (!schema.is_structured())
        return schema;
    Json copy = schema.is_array() ? Json::array() : Json::object(); // built anew: erase() leaves neighbours without their parent
    for (const auto& [key, member] : schema.items())
        if (schema.is_array())
            copy.push_back(withoutPatterns(member));
        else if (key != "pattern" || !member.is_string())
            copy[key] = withoutPatterns(member);
    return copy;
}

bool matches(const std::string& text, const std::string& pattern)
{
    static const QRegularExpression codePoint(QStringLiteral("\\\\u([0-9A-Fa-f]{4})"));
    const auto perl = QString::fromStdString(pattern).replace(codePoint, QStringLiteral("\\x{\\1}")); // JSON schemas speak ECMAScript
    const QRegularExpression expression(perl, QRegularExpression::DontCaptureOption);
    return expression.match(QString::fromStdString(text)).hasMatch();
}

const Json& memberOrNull(const Json& object, const char* key)
{
    static const Json null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
}

/// What `schema` says about the member or element `step` of what it describes; null when it says nothing.
const Json& below(const Json& schema, const std::string& step)
{
    const auto& properties = memberOrNull(schema, "properties");
    if (properties.is_object() && properties.contains(step))
        return properties.at(step);
    const auto& items = memberOrNull(schema, "items");
    return items.is_object() ? items : memberOrNull(schema, "additionalProperties");
}

std::string join(const std::string& place, const std::string& step, bool isIndex)
{
    if (isIndex)
        return place + '[' + step + ']';
    return place.empty() ? step : place + '.' + step;
}

/// Where in the document something is, in words and in the schema.
struct Place {
    std::string words{};
    const Json* schema = nullptr;
};

/// valijson names places as ["<root>", "[items]", "[0]"].
Place placeOf(const std::vector<std::string>& context, const Json& schema)
{
    Place place{"", &schema};
    for (const auto& part : context) {
        if (part.size() < 2 || part.front() != '[')
            continue;
        const auto step = part.substr(1, part.size() - 2);
        place.words = join(place.words, step, memberOrNull(*place.schema, "items").is_object());
        place.schema = &below(*place.schema, step);
    }
    return place;
}

std::string quotedPart(const std::string& text)
{
    const auto from = text.find('\'');
    const auto to = text.rfind('\'');
    return to > from ? text.substr(from + 1, to - from - 1) : std::string();
}

std::string shortened(std::string text)
{
    if (text.size() > 80)
        text = text.substr(0, 80) + "…";
    return text;
}

/// valijson's sentence in our words; empty for the ones that only repeat that something deeper is wrong.
std::string sentence(const valijson::ValidationResults::Error& error, const Json& schema)
{
    const auto place = placeOf(error.context, schema);
    const auto says = [&](std::string_view start) { return error.description.starts_with(start); };
    if (says("Failed to validate against schema") || says("Failed to validate item"))
        return {};
    if (says("Missing required property")) {
        const auto name = quotedPart(error.description);
        return fmt::format("`{}` is missing: {}", join(place.words, name, false), expectation(below(*place.schema, name)));
    }
    if (says("Object contains a property that could not be validated")) {
        const auto unknown = error.description.substr(error.description.rfind("constraints: ") + 13);
        std::vector<std::string> known;
        for (const auto& [key, unused] : memberOrNull(*place.schema, "properties").items())
            known.push_back(key);
        return fmt::format("`{}` is not known here, known are: {}",
                           join(place.words, shortened(quotedPart(unknown)), false), fmt::join(known, ", "));
    }
    return fmt::format("{} must be {}", place.words.empty() ? "the whole" : '`' + place.words + '`',
                       expectation(*place.schema));
}

void checkPatterns(const Json& value, const Json& schema, const std::string& place, std::vector<std::string>& errors)
{
    if (!schema.is_object() || errors.size() >= kMostErrors)
        return;
    if (value.is_string()) {
        const auto& pattern = memberOrNull(schema, "pattern");
        if (pattern.is_string() && !matches(value.get_ref<const std::string&>(), pattern.get<std::string>()))
            errors.push_back(fmt::format("`{}` must be {}", place, expectation(schema)));
    } else if (value.is_object()) {
        for (const auto& [key, member] : value.items())
            checkPatterns(member, below(schema, key), join(place, key, false), errors);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i)
            checkPatterns(value[i], memberOrNull(schema, "items"), join(place, std::to_string(i), true), errors);
    }
}

std::string typeWords(const Json& type)
{
    static const std::map<std::string, std::string> kWords{{"string", "text"}, {"integer", "a whole number"},
        {"number", "a number"}, {"boolean", "true or false"}, {"array", "a list"}, {"object", "an object"}, {"null", "null"}};
    std::vector<std::string> words;
    for (const auto& name : type.is_array() ? type : Json::array({type}))
        if (name.is_string())
            words.push_back(kWords.contains(name.get<std::string>()) ? kWords.at(name.get<std::string>()) : name.get<std::string>());
    return fmt::format("{}", fmt::join(words, " or "));
}

std::vector<std::string> dumped(const Json& values)
{
    std::vector<std::string> all;
    for (const auto& value : values)
        all.push_back(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    return all;
}

/// What valijson can read. Member by member: the library's own conversion makes GCC 12 warn, at -O2, of bounds that nobody
/// oversteps, and by way of text a long member would be read three times over.
nlohmann::json sorted(const Json& json)
{
    if (json.is_object()) {
        nlohmann::json::object_t members;
        for (const auto& [key, member] : json.items())
            members.insert_or_assign(key, sorted(member));
        return members;
    }
    if (json.is_array()) {
        nlohmann::json::array_t elements;
        for (const auto& element : json)
            elements.push_back(sorted(element));
        return elements;
    }
    if (json.is_string())
        return json.get_ref<const std::string&>();
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_number_unsigned())
        return json.get<std::uint64_t>();
    if (json.is_number_integer())
        return json.get<std::int64_t>();
    return json.is_number_float() ? nlohmann::json(json.get<double>()) : nlohmann::json();
}

} // namespace

struct JsonSchema::Compiled {
    Json schema{};
    valijson::Schema rules{};
};

Json inlined(const Json& schema, const Json& definitions)
{
    if (schema.is_object())
        if (const auto ref = schema.find("$ref"); ref != schema.end() && ref->is_string())
            return inlined(definitions.at(ref->get<std::string>().substr(std::string_view("#/definitions/").size())), definitions);
    Json copy = schema;
    for (auto& member : copy)
        if (member.is_structured())
            member = inlined(member, definitions);
    return copy;
}

JsonSchema::JsonSchema(const Json& schema)
{
    auto compiled = std::make_unique<Compiled>();
    compiled->schema = schema;
    const auto plain = sorted(withoutPatterns(schema));
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(plain), compiled->rules);
    m_compiled = std::move(compiled);
}

JsonSchema::~JsonSchema() = default;

std::vector<std::string> JsonSchema::errors(const Json& document) const
{
    std::vector<std::string> errors;
    const auto plain = sorted(document);
    valijson::ValidationResults results;
    valijson::Validator().validate(m_compiled->rules, valijson::adapters::NlohmannJsonAdapter(plain), &results);
    for (const auto& error : results) {
        auto text = sentence(error, m_compiled->schema);
        if (!text.empty() && std::ranges::find(errors, text) == errors.end() && errors.size() < kMostErrors)
            errors.push_back(std::move(text));
    }
    checkPatterns(document, m_compiled->schema, "", errors);
    return errors;
}

std::string expectation(const Json& schema)
{
    if (!schema.is_object())
        return "anything";
    if (schema.contains("const"))
        return "exactly " + dumped(Json::array({schema.at("const")})).front();
    if (schema.contains("enum"))
        return fmt::format("one of {}", fmt::join(dumped(schema.at("enum")), ", "));
    auto words = schema.contains("type") ? typeWords(schema.at("type")) : std::string("a value");
    const auto add = [&](const char* key, std::string_view text) {
        if (schema.contains(key))
            words += fmt::format(fmt::runtime(text), dumped(Json::array({schema.at(key)})).front());
    };
    add("minLength", ", at least {} characters");
    add("maxLength", ", at most {} characters");
    add("minItems", " with at least {} entries");
    add("maxItems", ", at most {} entries");
    add("minimum", ", at least {}");
    add("maximum", ", at most {}");
    if (schema.contains("pattern"))
        words += " that matches " + schema.at("pattern").get<std::string>();
    if (schema.contains("required"))
        words += fmt::format(" with {}", fmt::join(dumped(schema.at("required")), ", "));
    return words;
}

} // namespace aap
