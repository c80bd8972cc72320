#include "core/llm/chat_completions_model.h"

#include "core/llm/answer_reader.h"
#include "core/llm/bounded_json.h"
#include "core/llm/chat_assembler.h"
#include "core/llm/dialogue_rules.h"

#include <algorithm>
#include <set>

namespace aap {
namespace {

/// Text of a tool_result: its string, or its text blocks; a picture is only named, since tool messages take none.
std::string resultText(const Json& block)
{
    const auto& content = memberOf(block, "content");
    std::string text = content.is_string() ? content.get<std::string>() : std::string();
    for (const auto& part : content.is_array() ? content : Json::array()) {
        if (!text.empty())
            text += '\n';
        text += stringIn(part, "type") == "text" ? stringIn(part, "text") : "(" + stringIn(part, "type") + ")";
    }
    return memberOf(block, "is_error") == true ? "Error: " + text : text;
}

Json imagePart(const Json& block)
{
    const auto& source = memberOf(block, "source");
    const auto url = stringIn(source, "type") == "base64" ? "data:" + stringIn(source, "media_type") + ";base64," + stringIn(source, "data")
                                                          : stringIn(source, "url");
    return {{"type", "image_url"}, {"image_url", Json{{"url", url}}}};
}

/// One user message is one tool message for each result, then one user message for the rest.
void addUser(const Json& content, Json& messages)
{
    std::string text;
    Json parts = Json::array();
    bool hasImages = false;
    for (const auto& block : content) {
        const auto type = stringIn(block, "type");
        if (type == "tool_result") {
            messages.push_back({{"role", "tool"}, {"tool_call_id", stringIn(block, "tool_use_id")}, {"content", resultText(block)}});
        } else if (type == "text") {
            text += (text.empty() ? "" : "\n\n") + stringIn(block, "text");
            parts.push_back(block);
        } else if (type == "image") {
            hasImages = true;
            parts.push_back(imagePart(block));
        }
    }
    if (!parts.empty())
        messages.push_back({{"role", "user"}, {"content", hasImages ? std::move(parts) : Json(text)}});
}

void addAssistant(const Json& content, Json& messages)
{
    std::string text;
    Json calls = Json::array();
    for (const auto& block : content) {
        if (stringIn(block, "type") == "text")
            text += stringIn(block, "text");
        if (stringIn(block, "type") != "tool_use")
            continue;
        const auto arguments = memberOf(block, "input").dump(-1, ' ', false, Json::error_handler_t::replace);
        calls.push_back({{"id", stringIn(block, "id")},
                         {"type", "function"},
                         {"function", {{"name", stringIn(block, "name")}, {"arguments", arguments}}}});
    }
    Json message{{"role", "assistant"}, {"content", text.empty() && !calls.empty() ? Json() : Json(text)}};
    if (!calls.empty())
        message["tool_calls"] = std::move(calls);
    messages.push_back(std::move(message));
}

Json functionsJson(const std::vector<ToolDefinition>& tools)
{
    auto sorted = tools;
    std::ranges::sort(sorted, {}, &ToolDefinition::name);
    Json json = Json::array();
    for (const auto& tool : sorted)
        json.push_back({{"type", "function"},
                        {"function", {{"name", tool.name}, {"description", tool.description}, {"parameters", tool.inputSchema}}}});
    return json;
}

Result<std::string> chatBody(const ModelRequest& request, const std::string& maxTokensField)
{
    const auto messages = obeyDialogueRules(request.messages);
    if (!messages)
        return messages.error();
    Json json{{"model", request.model},
              {maxTokensField, request.maxTokens},
              {"stream", true},
              {"stream_options", Json{{"include_usage", true}}}};
    if (!request.tools.empty()) {
        json["tools"] = functionsJson(request.tools);
        json["parallel_tool_calls"] = true; // llama.cpp wants to be asked
    }
    auto& list = json["messages"] = Json::array();
    if (!request.system.empty())
        list.push_back({{"role", "system"}, {"content", request.system}});
    for (const auto& message : *messages)
        message.role == Message::Role::User ? addUser(message.content, list) : addAssistant(message.content, list);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::set<std::string> toolIds(const std::vector<Message>& messages)
{
    std::set<std::string> ids;
    for (const auto& message : messages)
        for (const auto& block : message.content)
            if (stringIn(block, "type") == "tool_use")
                ids.insert(stringIn(block, "id"));
    return ids;
}

/// Characters / 3, marked as an estimate: what a server without figures is charged with.
Usage estimated(std::size_t bodyBytes, const ModelReply& reply)
{
    return {.inputTokens = std::int64_t(bodyBytes / 3),
            .outputTokens = std::int64_t(reply.content.dump(-1, ' ', false, Json::error_handler_t::replace).size() / 3),
            .calls = 1,
            .estimated = true};
}

} // namespace

ChatCompletionsModel::ChatCompletionsModel(ChatCompletionsSettings settings)
    : m_settings(std::move(settings)), m_endpoint(ApiEndpoint::parse(m_settings.baseUrl))
{
}

Result<HttpRequest> ChatCompletionsModel::httpRequest(const std::string& body) const
{
    if (!m_endpoint)
        return m_endpoint.error();
    const auto& key = m_settings.apiKey;
    if (!key.isEmpty() && !key.isUsable())
        return Error{ErrorCode::Unauthorized, "the API key contains characters that no key has", {}, "Copy the key once more."};
    HttpRequest http{.url = m_endpoint->url("/v1/chat/completions"), .body = body};
    http.headers = {{"content-type", "application/json"}, {"accept", "text/event-stream, application/json"}, {"user-agent", "agent-pipeline/" AAP_VERSION}};
    if (!key.isEmpty())
        http.headers.emplace_back("authorization", "Bearer " + key.reveal());
    http.headers.insert(http.headers.end(), m_settings.customHeaders.begin(), m_settings.customHeaders.end());
    return http;
}

Attempt ChatCompletionsModel::attempt(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    const auto body = chatBody(request, m_settings.maxTokensField);
    if (!body)
        return ApiFailure{.error = body.error()};
    const auto http = httpRequest(*body);
    if (!http)
        return ApiFailure{.error = http.error()};
    ChatAssembler assembler(listener, toolIds(request.messages));
    AnswerReader reader(assembler);
    auto outcome = reader.result(m_http.send(
        *http, m_settings.limits, [&reader](const HttpAnswer& head, std::string_view piece) { return reader.read(head, piece); }, stop));
    if (auto* reply = std::get_if<ModelReply>(&outcome)) {
        if (assembler.knowsUsage())
            watchTruncation(body->size(), *reply);
        else
            reply->usage = estimated(body->size(), *reply);
    }
    return outcome;
}

void ChatCompletionsModel::watchTruncation(std::size_t bodyBytes, const ModelReply& reply)
{
    constexpr std::size_t clearlyMore = 3000;
    const auto prompt = reply.usage.promptTokens();
    const bool isCut = bodyBytes > m_lastBodyBytes + clearlyMore && m_lastPrompt > 0 && prompt <= m_lastPrompt;
    if (isCut && !m_hasWarned && m_settings.warn) {
        m_hasWarned = true;
        m_settings.warn("The server seems to cut the dialogue: its prompt count stays at " + std::to_string(prompt)
                        + " tokens although the dialogue grows. Give the model a larger context (Ollama: OLLAMA_CONTEXT_LENGTH).");
    }
    m_lastBodyBytes = bodyBytes;
    m_lastPrompt = prompt;
}

} // namespace aap
