#include "core/store/lenient_json.h"

namespace aap {
namespace {

const Json* member(const Json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

} // namespace

std::string textIn(const Json& object, const char* key)
{
    const auto* value = member(object, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::int64_t numberIn(const Json& object, const char* key)
{
    const auto* value = member(object, key);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

const Json& listIn(const Json& object, const char* key)
{
    static const Json empty = Json::array();
    const auto* value = member(object, key);
    return value && value->is_array() ? *value : empty;
}

std::vector<std::string> textsIn(const Json& object, const char* key)
{
    std::vector<std::string> texts;
    for (const auto& value : listIn(object, key))
        if (value.is_string())
            texts.push_back(value.get<std::string>());
    return texts;
}

std::string dumped(const Json& document, int indent)
{
    return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

} // namespace aap
