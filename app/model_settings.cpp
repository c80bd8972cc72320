#include "app/model_settings.h"

namespace aap {

Result<ApiModelSettings> modelSettings(const AppConfig& config, const Prices& prices, const Limits& runLimits)
{
    const auto& provider = config.provider;
    const auto headers = parseHeaderLines(provider.customHeaders);
    if (!headers)
        return Error(headers.error()).during("read provider.custom_headers");
    ApiModelSettings settings;
    settings.provider = provider.name == "openai" ? ApiModelSettings::Provider::ChatCompletions : ApiModelSettings::Provider::Anthropic;
    settings.prices = prices;
    settings.runLimits = runLimits;
    settings.retry.retries = provider.maxRetries;

    auto& anthropic = settings.anthropic;
    anthropic.apiKey = config.anthropicApiKey;
    anthropic.authToken = provider.authToken;
    anthropic.version = provider.version;
    anthropic.customHeaders = *headers;
    if (!provider.baseUrl.empty())
        anthropic.baseUrl = provider.baseUrl;
    if (provider.extendedFields != "auto")
        anthropic.extendedFields = provider.extendedFields == "on";
    if (provider.idleTimeout.count() > 0)
        anthropic.limits.idle = provider.idleTimeout;

    auto& chat = settings.chatCompletions;
    chat.apiKey = provider.authToken;
    chat.maxTokensField = provider.maxTokensField;
    chat.customHeaders = *headers;
    if (!provider.baseUrl.empty())
        chat.baseUrl = provider.baseUrl;
    if (provider.idleTimeout.count() > 0)
        chat.limits.idle = provider.idleTimeout;
    return settings;
}

std::optional<Error> missingKey(const AppConfig& config)
{
    if (config.provider.name != "anthropic" || !config.anthropicApiKey.isEmpty() || !config.provider.authToken.isEmpty())
        return std::nullopt;
    const auto endpoint = ApiEndpoint::parse(config.provider.baseUrl.empty() ? AnthropicSettings{}.baseUrl : config.provider.baseUrl);
    if (endpoint && !endpoint->isAnthropic())
        return std::nullopt;
    return Error{ErrorCode::Unauthorized, "there is no API key", {},
                 "Set ANTHROPIC_API_KEY, or put the key into the keychain; 'agent-pipeline demo' needs none."};
}

} // namespace aap
