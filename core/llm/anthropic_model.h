#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/secret.h"
#include "core/llm/api_endpoint.h"
#include "core/llm/attempt_model.h"
#include "core/llm/http_exchange.h"

namespace aap {

struct AnthropicSettings {
    std::string baseUrl = "https://api.anthropic.com";
    ApiKey apiKey{};    ///< x-api-key to api.anthropic.com, Bearer to any other host
    ApiKey authToken{}; ///< always Bearer; used when there is no apiKey
    /// Thinking, effort and cache marks, which servers other than Anthropic's refuse. Not set: by the host.
    std::optional<bool> extendedFields{};
    std::set<std::string> plainModels{}; ///< ids that take neither adaptive thinking nor effort; from Prices
    std::string version = "2026-10-21";
    HttpHeaders customHeaders{};
    HttpLimits limits{};
};

/// A model as GET /v1/models lists it.
struct ListedModel {
    std::string id{};
    std::string displayName{};
    std::string lifecycle{}; ///< active | deprecated | retired; "" where the server does not say
    std::string retiresAt{}; ///< RFC 3339 or ""
    std::int64_t maxInputTokens = 0; ///< 0: not said
    std::int64_t maxOutputTokens = 0;
};

/// The Messages API of Anthropic and of servers that speak it. Streams; keeps its connection between calls.
class AnthropicModel final : public AttemptModel {
public:
    explicit AnthropicModel(AnthropicSettings settings);

    /// A 400 because of a thinking signature that does not fit is mended once, by asking again without the old thinking.
    Attempt attempt(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

    /// Free of charge; proves key and address.
    Result<std::vector<ListedModel>> listModels(const std::stop_token& stop);
    /// Free of charge; not every server has it.
    Result<std::int64_t> countTokens(const ModelRequest& request, const std::stop_token& stop);

private:
    struct Call {
        std::string method;
        std::string path;
        std::string body;
    };
    enum class BodyFor { Reply, Count };

    Result<HttpRequest> httpRequest(Call call) const;
    Result<std::string> body(const ModelRequest& request, BodyFor purpose) const;
    Attempt askOnce(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop);
    Result<Json> fetch(Call call, const std::stop_token& stop);

    AnthropicSettings m_settings;
    Result<ApiEndpoint> m_endpoint;
    HttpExchange m_http;
    std::size_t m_withoutThinking = 0; // so many messages of the dialogue are sent without their thinking
};

/// Version, key and custom headers. One of x-api-key and authorization, never both.
HttpHeaders requestHeaders(const AnthropicSettings& settings, const ApiEndpoint& endpoint);

/// Takes "Name: value" lines, as ANTHROPIC_CUSTOM_HEADERS has them.
Result<HttpHeaders> parseHeaderLines(std::string_view lines);

} // namespace aap
