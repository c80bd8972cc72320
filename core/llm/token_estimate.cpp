#include "core/llm/token_estimate.h"

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr std::int64_t kCharactersPerToken = 3;
constexpr std::int64_t kTokensPerPicture = 1600;
constexpr std::int64_t kCharactersAround = 8; ///< quotes, colon, comma and the like of one value

std::int64_t characters(const Json& json)
{
    if (json.is_string())
        return std::int64_t(json.get_ref<const std::string&>().size()) + kCharactersAround;
    if (!json.is_structured())
        return kCharactersAround;
    if (stringIn(json, "type") == "image")
        return kTokensPerPicture * kCharactersPerToken;
    std::int64_t sum = kCharactersAround;
    for (const auto& [key, member] : json.items())
        sum += characters(member) + (json.is_object() ? std::int64_t(key.size()) : 0);
    return sum;
}

} // namespace

std::int64_t estimatedTokens(const Json& json)
{
    return characters(json) / kCharactersPerToken + 1;
}

std::int64_t estimatedTokens(const ModelRequest& request, std::size_t firstMessage)
{
    std::int64_t sum = 0;
    if (firstMessage == 0) {
        sum += std::int64_t(request.system.size()) / kCharactersPerToken;
        for (const auto& tool : request.tools)
            sum += std::int64_t(tool.name.size() + tool.description.size()) / kCharactersPerToken + estimatedTokens(tool.inputSchema);
    }
    for (auto i = firstMessage; i < request.messages.size(); ++i)
        sum += estimatedTokens(request.messages[i].content);
    return sum;
}

} // namespace aap
