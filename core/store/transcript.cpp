#include "core/store/transcript.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/store/lenient_json.h"

namespace aap {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

/// A fence that is longer than every run of backticks in the text.
std::string fenced(const std::string& text, std::string_view language = "")
{
    std::size_t longest = 2;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fmt::format("{}{}\n{}{}{}\n\n", fence, language, text, text.empty() || text.ends_with('\n') ? "" : "\n", fence);
}

/// The text of a content: a string, or the blocks of type "text" in it.
std::string plainText(const Json& content)
{
    if (content.is_string())
        return content.get<std::string>();
    std::string text;
    if (content.is_array())
        for (const auto& block : content)
            text += textIn(block, "text");
    return text;
}

std::string blockText(const Json& block)
{
    const auto type = textIn(block, "type");
    if (type == "text")
        return fenced(textIn(block, "text"));
    if (type == "thinking")
        return textIn(block, "thinking").empty() ? "" : "Thinking:\n\n" + fenced(textIn(block, "thinking"));
    if (type == "tool_use")
        return "Asks for a tool:\n\n" + fenced(dumped(block.contains("input") ? block["input"] : Json::object(), 2), "json");
    if (type == "tool_result") // shown where the tool finished
        return "";
    return fenced(dumped(block, 2), "json");
}

std::string contentText(const Json& content)
{
    if (!content.is_array())
        return content.is_string() ? fenced(content.get<std::string>()) : "";
    std::string text;
    for (const auto& block : content)
        text += block.is_string() ? fenced(block.get<std::string>()) : blockText(block);
    return text;
}

std::string checkText(const Check& check)
{
    const auto level = check.must ? "" : " (should)";
    const auto head = fmt::format("- check `{}`{}: {}\n\n", check.id, level, slug(check.status));
    return check.reason.empty() ? head : head + fenced(check.reason);
}

std::string markdown(const RunEvent& event)
{
    return std::visit(
        Overloaded{
            [](const StageStarted& started) {
                const auto round = started.round > 0 ? fmt::format(", repair {}", started.round) : std::string();
                return fmt::format("## Attempt {}{}{}\n\n", started.attempt, round, started.resumed ? ", after an interruption" : "");
            },
            [](const UserTurn& turn) {
                const auto text = contentText(turn.content);
                return text.empty() ? text : "### To the agent\n\n" + text;
            },
            [](const TurnFinished& turn) {
                const auto cost = fmt::format("{} tokens in, {} out, {}", turn.usage.promptTokens(), turn.usage.outputTokens, turn.cost.text());
                return fmt::format("### Turn {} ({}, {:.1f} s)\n\n", turn.turn, cost, double(turn.duration.count()) / 1000) + contentText(turn.content);
            },
            [](const ToolFinished& tool) {
                const auto code = tool.exitCode ? fmt::format(", exit code {}", *tool.exitCode) : std::string();
                return fmt::format("#### Result{}{}\n\n", tool.isError ? " (an error)" : "", code) + fenced(tool.result);
            },
            [](const Submitted& handedIn) { return "### Handed in\n\n" + fenced(dumped(handedIn.document, 2), "json"); },
            [](const CheckFinished& checked) { return checkText(checked.check); },
            [](const SteeringMessage& message) { return "### From the user\n\n" + fenced(message.text); },
            [](const FilesEdited& edited) { return "### Files that the user edited\n\n" + fenced(fmt::format("{}", fmt::join(edited.paths, "\n"))); },
            [](const GateOpened& gate) { return "### Question to the user\n\n" + fenced(gate.question); },
            [](const GateDecided& gate) { return fmt::format("### {}\n\n", gate.decision) + fenced(gate.by + ": " + gate.comment); },
            [](const Warned& warning) { return "### Warning\n\n" + fenced(warning.text); },
            [](const SandboxReported& report) { return fmt::format("- sandbox: {}\n\n", report.kind) + fenced(report.subject + ": " + report.text); },
            [](const ErrorRaised& error) { return "### Error\n\n" + fenced(error.text + "\n" + error.remedy); },
            [](const StageFinished& finished) {
                return fmt::format("## {}\n\n", title(finished.status)) + (finished.reason.empty() ? "" : fenced(finished.reason));
            },
            [](const auto&) { return std::string(); },
        },
        event.payload);
}

Json answerOf(const TurnFinished& turn)
{
    return {{"content", turn.content}, {"stop_reason", turn.stopReason}, {"model", turn.model}, {"request_id", turn.requestId},
            {"duration_ms", turn.duration.count()},
            {"usage", {{"input_tokens", turn.usage.inputTokens}, {"output_tokens", turn.usage.outputTokens},
                       {"cache_read_tokens", turn.usage.cacheReadTokens},
                       {"cache_write_tokens", turn.usage.cacheWriteTokens + turn.usage.cacheWrite1hTokens}}},
            {"cost_micro_usd", turn.cost.microUsd}};
}

} // namespace

std::string transcript(StageId stage, const std::vector<RunEvent>& events)
{
    auto text = fmt::format("# {}\n\n", title(stage));
    for (const auto& event : events)
        if (event.stage == stage)
            text += markdown(event);
    return text;
}

std::string firstPrompt(StageId stage, const std::vector<RunEvent>& events)
{
    for (const auto& event : events)
        if (const auto* turn = std::get_if<UserTurn>(&event.payload); turn && event.stage == stage)
            return plainText(turn->content);
    return {};
}

std::vector<Json> exchanges(const std::vector<RunEvent>& events)
{
    struct Dialogue {
        int attempt = 0;
        Json said = Json::array();
    };
    std::map<std::optional<StageId>, Dialogue> dialogues;
    std::vector<Json> documents;
    for (const auto& event : events) {
        auto& dialogue = dialogues[event.stage];
        if (const auto* started = std::get_if<StageStarted>(&event.payload)) {
            dialogue.attempt = started->attempt;
            if (!started->resumed)
                dialogue.said = Json::array();
        } else if (const auto* user = std::get_if<UserTurn>(&event.payload)) {
            dialogue.said.push_back({{"role", "user"}, {"content", user->content}});
        } else if (const auto* turn = std::get_if<TurnFinished>(&event.payload)) {
            documents.push_back({{"schema", "aap/exchange/1"}, {"at", toIso8601(event.at)},
                                 {"stage", event.stage ? std::string(slug(*event.stage)) : std::string()}, {"attempt", dialogue.attempt},
                                 {"turn", turn->turn}, {"request", std::exchange(dialogue.said, Json::array())}, {"answer", answerOf(*turn)}});
        }
    }
    return documents;
}

} // namespace aap
