#include "core/llm/dialogue_rules.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

bool isOfType(const Json& block, std::string_view type)
{
    return stringIn(block, "type") == type;
}

Json cleanedUserContent(const Json& content)
{
    Json results = Json::array();
    Json rest = Json::array();
    for (const auto& block : content) {
        if (isOfType(block, "tool_result")) {
            results.push_back(block);
            const auto& said = memberOf(block, "content");
            if (said.is_null() || said.empty() || (said.is_string() && stringIn(block, "content").empty()))
                results.back()["content"] = "(no output)";
        } else if (!isOfType(block, "text") || !stringIn(block, "text").empty()) {
            rest.push_back(block);
        }
    }
    results.insert(results.end(), rest.begin(), rest.end());
    return results;
}

Json cleanedAssistantContent(const Json& content)
{
    Json kept = Json::array();
    std::ranges::copy_if(content, std::back_inserter(kept),
                         [](const Json& block) { return !isOfType(block, "thinking") || block.contains("signature"); });
    return kept;
}

std::set<std::string> idsIn(const Message& message, std::string_view type, const char* key)
{
    std::set<std::string> ids;
    for (const auto& block : message.content)
        if (isOfType(block, type))
            ids.insert(stringIn(block, key));
    return ids;
}

Error broken(std::size_t message, std::string_view rule)
{
    return Error{ErrorCode::Invalid, fmt::format("messages[{}]: {}", message, rule), {},
                 "The dialogue cannot be continued: start the stage again."};
}

Result<void> checkAnswers(const std::vector<Message>& messages)
{
    std::set<std::string> seen;
    std::set<std::string> open; // calls of the turn before
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto& message = messages[i];
        const auto answered = idsIn(message, "tool_result", "tool_use_id");
        for (const auto& id : open)
            if (!answered.contains(id))
                return broken(i, fmt::format("the tool call {} has no answer", id));
        for (const auto& id : answered)
            if (!open.contains(id))
                return broken(i, fmt::format("an answer to the tool call {}, which the turn before did not make", id));
        open = idsIn(message, "tool_use", "id");
        const auto calls = std::ranges::count_if(message.content, [](const Json& block) { return isOfType(block, "tool_use"); });
        for (const auto& id : open)
            if (!seen.insert(id).second || std::size_t(calls) != open.size())
                return broken(i, fmt::format("the id {} is used twice", id));
    }
    if (!open.empty())
        return broken(messages.size() - 1, fmt::format("the tool call {} has no answer", *open.begin()));
    return {};
}

} // namespace

Result<std::vector<Message>> obeyDialogueRules(const std::vector<Message>& messages)
{
    std::vector<Message> obedient;
    for (const auto& message : messages) {
        const bool isUser = message.role == Message::Role::User;
        auto content = isUser ? cleanedUserContent(message.content) : cleanedAssistantContent(message.content);
        if (content.empty())
            continue;
        if (obedient.empty() || obedient.back().role != message.role) {
            obedient.push_back({message.role, std::move(content)});
        } else {
            auto& merged = obedient.back().content;
            merged.insert(merged.end(), content.begin(), content.end());
            if (isUser)
                merged = cleanedUserContent(merged);
        }
    }
    if (obedient.empty() || obedient.front().role != Message::Role::User)
        return broken(0, "a dialogue begins with the user");
    if (auto answers = checkAnswers(obedient); !answers)
        return std::move(answers).error();
    const auto& last = obedient.back();
    const bool isPaused = std::ranges::any_of(last.content, [](const Json& block) { return isOfType(block, "server_tool_use"); });
    if (last.role == Message::Role::Assistant && !isPaused)
        return broken(obedient.size() - 1, "a dialogue ends with the user");
    return obedient;
}

void stripThinking(std::vector<Message>& messages, std::size_t count)
{
    for (std::size_t i = 0; i < std::min(count, messages.size()); ++i) {
        Json kept = Json::array();
        std::ranges::copy_if(messages[i].content, std::back_inserter(kept), [](const Json& block) {
            return !isOfType(block, "thinking") && !isOfType(block, "redacted_thinking");
        });
        messages[i].content = std::move(kept);
    }
}

} // namespace aap
