#include "core/llm/api_usage.h"

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

/// Figures beyond this are a server's mistake, and their sums would overflow.
constexpr std::int64_t kMostTokens = 1'000'000'000'000;

void takeOver(std::int64_t& into, const Json& figure)
{
    if (figure.is_number_unsigned() && figure.get<std::uint64_t>() > std::uint64_t(kMostTokens))
        into = kMostTokens;
    else if (figure.is_number_integer() && figure.get<std::int64_t>() >= 0)
        into = std::min(figure.get<std::int64_t>(), kMostTokens);
}

} // namespace

void updateFromApi(Usage& usage, const Json& api)
{
    takeOver(usage.inputTokens, memberOf(api, "input_tokens"));
    takeOver(usage.outputTokens, memberOf(api, "output_tokens"));
    takeOver(usage.cacheReadTokens, memberOf(api, "cache_read_input_tokens"));
    std::int64_t written = usage.cacheWriteTokens + usage.cacheWrite1hTokens;
    takeOver(written, memberOf(api, "cache_creation_input_tokens"));
    takeOver(usage.cacheWrite1hTokens, memberOf(memberOf(api, "cache_creation"), "ephemeral_1h_input_tokens"));
    usage.cacheWriteTokens = std::max<std::int64_t>(0, written - usage.cacheWrite1hTokens);
}

Json toApi(const Usage& usage)
{
    Json api{{"input_tokens", usage.inputTokens},
             {"output_tokens", usage.outputTokens},
             {"cache_read_input_tokens", usage.cacheReadTokens},
             {"cache_creation_input_tokens", usage.cacheWriteTokens + usage.cacheWrite1hTokens}};
    if (usage.cacheWrite1hTokens > 0)
        api["cache_creation"] = {{"ephemeral_5m_input_tokens", usage.cacheWriteTokens},
                                 {"ephemeral_1h_input_tokens", usage.cacheWrite1hTokens}};
    return api;
}

} // namespace aap
