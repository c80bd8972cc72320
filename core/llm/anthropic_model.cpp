#include "core/llm/anthropic_model.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <QUrl>

#include "core/llm/answer_reader.h"
#include "core/llm/api_failure.h"
#include "core/llm/bounded_json.h"
#include "core/llm/dialogue_rules.h"
#include "core/llm/message_assembler.h"

namespace aap {
namespace {

constexpr std::size_t kMaxRequestBytes = 32'000'000;
constexpr std::size_t kMaxAnswerBytes = 16U << 20U;

Json cacheMark()
{
    return Json{{"type", "ephemeral"}};
}

Json toolsJson(const std::vector<ToolDefinition>& tools)
{
    std::vector<const ToolDefinition*> sorted; // another order would miss the cache
    for (const auto& tool : tools)
        sorted.push_back(&tool);
    std::ranges::sort(sorted, {}, &ToolDefinition::name);
    Json json = Json::array();
    for (const auto* tool : sorted)
        json.push_back({{"name", tool->name}, {"description", tool->description}, {"input_schema", tool->inputSchema}});
    return json;
}

ApiFailure failureBeforeSending(Error error)
{
    return {.error = std::move(error)};
}

bool isSignatureMismatch(const ApiFailure& failure)
{
    return failure.httpStatus == 400 && failure.message.find("Invalid `signature` in `thinking` block") != std::string::npos;
}

} // namespace

AnthropicModel::AnthropicModel(AnthropicSettings settings)
    : m_settings(std::move(settings)), m_endpoint(ApiEndpoint::parse(m_settings.baseUrl))
{
}

Result<HttpRequest> AnthropicModel::httpRequest(Call call) const
{
    if (!m_endpoint)
        return m_endpoint.error();
    const auto& key = m_settings.apiKey.isEmpty() ? m_settings.authToken : m_settings.apiKey;
    if (key.isEmpty() && m_endpoint->isAnthropic())
        return Error{ErrorCode::Unauthorized, "there is no API key", {}, "Enter your key in the settings, or set ANTHROPIC_API_KEY."};
    if (!key.isEmpty() && !key.isUsable())
        return Error{ErrorCode::Unauthorized, "the API key contains characters that no key has", {}, "Copy the key once more."};
    HttpRequest http{.method = std::move(call.method), .url = m_endpoint->url(call.path), .body = std::move(call.body)};
    http.headers = requestHeaders(m_settings, *m_endpoint);
    if (http.method == "POST")
        http.headers.emplace_back("content-type", "application/json");
    return http;
}

Result<std::string> AnthropicModel::body(const ModelRequest& request, BodyFor purpose) const
{
    auto history = request.messages;
    stripThinking(history, m_withoutThinking);
    auto messages = obeyDialogueRules(history);
    if (!messages)
        return std::move(messages).error();
    const bool isExtended = m_settings.extendedFields.value_or(m_endpoint && m_endpoint->isAnthropic());
    const bool isForReply = purpose == BodyFor::Reply;

    Json json{{"model", request.model}};
    if (isForReply) {
        json["max_tokens"] = request.maxTokens;
        json["stream"] = true;
    }
    if (isExtended && !m_settings.plainModels.contains(request.model)) {
        json["thinking"] = {{"type", "adaptive"}, {"display", "summarized"}};
        if (isForReply && !request.effort.empty())
            json["output_config"] = Json{{"effort", request.effort}};
    }
    if (isExtended && isForReply)
        json["cache_control"] = cacheMark(); // moves along with the end of the dialogue
    if (!request.system.empty()) {
        Json block{{"type", "text"}, {"text", request.system}};
        if (isExtended && isForReply)
            block["cache_control"] = cacheMark(); // holds tools and system, also for the next dialogue of this agent
        json["system"] = Json::array({std::move(block)});
    }
    if (!request.tools.empty())
        json["tools"] = toolsJson(request.tools);
    json["messages"] = Json::array();
    for (auto& message : *messages)
        json["messages"].push_back({{"role", message.role == Message::Role::User ? "user" : "assistant"}, {"content", std::move(message.content)}});

    auto text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > kMaxRequestBytes)
        return Error{ErrorCode::Invalid, fmt::format("the conversation is {} bytes long, the API takes {}", text.size(), kMaxRequestBytes), {},
                     "Split the task into smaller ones."};
    return text;
}

Attempt AnthropicModel::attempt(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    if (request.messages.size() < m_withoutThinking)
        m_withoutThinking = 0; // another dialogue
    auto outcome = askOnce(request, listener, stop);
    const auto* failure = std::get_if<ApiFailure>(&outcome);
    if (!failure || !isSignatureMismatch(*failure) || m_withoutThinking == request.messages.size())
        return outcome;
    m_withoutThinking = request.messages.size();
    return askOnce(request, listener, stop);
}

Attempt AnthropicModel::askOnce(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    auto text = body(request, BodyFor::Reply);
    if (!text)
        return failureBeforeSending(std::move(text).error());
    const auto http = httpRequest({"POST", "/v1/messages", *std::move(text)});
    if (!http)
        return failureBeforeSending(http.error());
    MessageAssembler assembler(listener);
    AnswerReader reader(assembler);
    return reader.result(m_http.send(
        *http, m_settings.limits, [&reader](const HttpAnswer& head, std::string_view piece) { return reader.read(head, piece); }, stop));
}

Result<Json> AnthropicModel::fetch(Call call, const std::stop_token& stop)
{
    const auto http = httpRequest(std::move(call));
    if (!http)
        return http.error();
    auto limits = m_settings.limits;
    limits.bodyBytes = kMaxAnswerBytes;
    const auto answer = m_http.send(*http, limits, {}, stop);
    auto json = parseBounded(answer.body);
    if (answer.status < 200 || answer.status > 299 || answer.cut)
        return failureOf(answer, problemIn(json)).error;
    if (!json.is_object())
        return Error{ErrorCode::Protocol, "the server's answer is no JSON object", {}, "Check the server's address in the settings."};
    return json;
}

Result<std::vector<ListedModel>> AnthropicModel::listModels(const std::stop_token& stop)
{
    constexpr int mostPages = 20;
    std::vector<ListedModel> models;
    std::string after;
    for (int page = 0; page < mostPages; ++page) {
        auto json = fetch({"GET", "/v1/models?limit=1000" + after, ""}, stop);
        if (!json)
            return std::move(json).error().during("list the models");
        const auto number = [](const Json& figure) { return figure.is_number_integer() ? figure.get<std::int64_t>() : 0; };
        for (const auto& entry : memberOf(*json, "data"))
            models.push_back({.id = stringIn(entry, "id"),
                              .displayName = stringIn(entry, "display_name"),
                              .lifecycle = stringIn(entry, "lifecycle"),
                              .retiresAt = stringIn(entry, "retires_at"),
                              .maxInputTokens = number(memberOf(entry, "max_input_tokens")),
                              .maxOutputTokens = number(memberOf(entry, "max_tokens"))});
        const auto last = stringIn(*json, "last_id");
        if (memberOf(*json, "has_more") != Json(true) || last.empty())
            break;
        after = "&after_id=" + QUrl::toPercentEncoding(QString::fromStdString(last)).toStdString();
    }
    return models;
}

Result<std::int64_t> AnthropicModel::countTokens(const ModelRequest& request, const std::stop_token& stop)
{
    auto text = body(request, BodyFor::Count);
    if (!text)
        return std::move(text).error();
    auto json = fetch({"POST", "/v1/messages/count_tokens", *std::move(text)}, stop);
    if (!json)
        return std::move(json).error().during("count the tokens");
    const auto& tokens = memberOf(*json, "input_tokens");
    if (!tokens.is_number_integer())
        return Error{ErrorCode::Protocol, "the server's answer names no input_tokens"};
    return tokens.get<std::int64_t>();
}

HttpHeaders requestHeaders(const AnthropicSettings& settings, const ApiEndpoint& endpoint)
{
    HttpHeaders headers{{"anthropic-version", settings.version},
                        {"accept", "application/json"},
                        {"user-agent", "agent-pipeline/" AAP_VERSION}};
    if (!settings.apiKey.isEmpty() && endpoint.isAnthropic())
        headers.emplace_back("x-api-key", settings.apiKey.reveal());
    else if (const auto& bearer = settings.apiKey.isEmpty() ? settings.authToken : settings.apiKey; !bearer.isEmpty())
        headers.emplace_back("authorization", "Bearer " + bearer.reveal());
    headers.insert(headers.end(), settings.customHeaders.begin(), settings.customHeaders.end());
    return headers;
}

Result<HttpHeaders> parseHeaderLines(std::string_view lines)
{
    HttpHeaders headers;
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        auto line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        const auto trim = [](std::string_view text) {
            const auto first = text.find_first_not_of(" \t\r");
            return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
        };
        line = trim(line);
        if (line.empty())
            continue;
        const auto colon = line.find(':');
        const auto name = trim(line.substr(0, colon));
        const bool isToken = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
            return std::isalnum(c) || c == '-' || c == '_';
        });
        if (colon == std::string_view::npos || !isToken)
            return Error{ErrorCode::Invalid, "a custom header is not of the form 'Name: value'"};
        headers.emplace_back(name, trim(line.substr(colon + 1)));
    }
    return headers;
}

} // namespace aap
