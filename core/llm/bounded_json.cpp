#include "core/llm/bounded_json.h"

#include <vector>

namespace aap {
namespace {

constexpr std::size_t kMaxDepth = 200;
constexpr std::size_t kMaxMembers = 10'000;

/// Counts levels and members without building anything. Text that is no JSON may pass: the parser sees it next.
bool isWithinBounds(std::string_view text)
{
    struct Level { bool isObject = false; std::size_t commas = 0; };
    std::vector<Level> levels;
    bool inString = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (inString) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (levels.size() == kMaxDepth)
                return false;
            levels.push_back({c == '{'});
        } else if ((c == '}' || c == ']') && !levels.empty()) {
            levels.pop_back();
        } else if (c == ',' && !levels.empty() && levels.back().isObject && ++levels.back().commas >= kMaxMembers) {
            return false;
        }
    }
    return true;
}

} // namespace

Json parseBounded(std::string_view text)
{
    if (!isWithinBounds(text))
        return Json(Json::value_t::discarded);
    return Json::parse(text, nullptr, false);
}

const Json& memberOf(const Json& object, const char* key)
{
    static const Json null;
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found == object.end() ? null : *found;
}

std::string stringIn(const Json& object, const char* key)
{
    const auto& member = memberOf(object, key);
    return member.is_string() ? member.get<std::string>() : std::string();
}

} // namespace aap
