#pragma once

#include "core/base/secret.h"
#include "core/llm/api_endpoint.h"
#include "core/llm/attempt_model.h"
#include "core/llm/http_exchange.h"

#include <functional>
#include <string>

namespace aap {

struct ChatCompletionsSettings {
    std::string baseUrl = "https://api.openai.com";
    ApiKey apiKey{}; ///< Bearer; local servers need none
    std::string maxTokensField = "max_completion_tokens"; ///< "max_tokens" for old servers
    HttpHeaders customHeaders{};
    /// A model on this machine thinks for minutes before its first word.
    HttpLimits limits{.idle = Milliseconds(600'000)};
    /// Told once when the prompt's token count stays the same although the dialogue grew: the server cuts it silently.
    std::function<void(const std::string&)> warn{};
};

/// Chat Completions as OpenAI, Ollama, llama.cpp, vLLM and many proxies serve it.
class ChatCompletionsModel final : public AttemptModel {
public:
    explicit ChatCompletionsModel(ChatCompletionsSettings settings);

    Attempt attempt(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

private:
    Result<HttpRequest> httpRequest(const std::string& body) const;
    void watchTruncation(std::size_t bodyBytes, const ModelReply& reply);

    ChatCompletionsSettings m_settings;
    Result<ApiEndpoint> m_endpoint;
    HttpExchange m_http;
    std::size_t m_lastBodyBytes = 0;
    std::int64_t m_lastPrompt = 0;
    bool m_hasWarned = false;
};

} // namespace aap
