#include "core/agent/turn_answers.h"

#include <algorithm>

#include "core/agent/dialogue_texts.h"
#include "core/agent/tool_text.h"

namespace aap {
namespace {

constexpr std::size_t kMostInvalidInput = 10'000; // characters of it that go back

bool isSubmit(std::string_view tool)
{
    return std::ranges::equal(tool, kSubmitTool, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? char(a - 'A' + 'a') : a) == b; });
}

} // namespace

TurnAnswers answersTo(ToolRunner& runner, const ModelReply& reply, const std::vector<ToolCall>& calls, const std::stop_token& stop)
{
    TurnAnswers answers;
    for (const auto& call : calls) {
        if (!answers.failure && stop.stop_requested())
            answers.failure = stoppedByUser();
        ToolAnswer answer;
        if (answers.failure) {
            const bool isStopped = answers.failure->code == ErrorCode::Stopped;
            answer = runner.decline(call, isStopped ? std::string(dialogue_text::cancelled) : "Not run: " + answers.failure->text());
        } else if (isSubmit(call.name) && !answers.submit) {
            answers.submit = answers.blocks.size();
            answers.blocks.emplace_back();
            continue;
        } else if (isSubmit(call.name)) {
            answer = runner.decline(call, dialogue_text::secondSubmit);
            answer.isError = false; // the first one counts all the same
        } else if (const auto invalid = invalidInput(reply, call.id)) {
            answer = runner.decline(call, *invalid);
        } else {
            answer = runner.run(call);
        }
        answers.anyError = answers.anyError || answer.isError;
        answers.onlyMistakes = answers.onlyMistakes && answer.isMistake;
        answers.blocks.push_back(std::move(answer.block));
        if (answer.failure && !answers.failure)
            answers.failure = std::move(answer.failure);
    }
    if (answers.submit && answers.failure) {
        auto answer = runner.decline(calls[*answers.submit], dialogue_text::cancelled);
        answers.blocks[*answers.submit] = std::move(answer.block);
    }
    return answers;
}

std::optional<std::string> invalidInput(const ModelReply& reply, const std::string& callId)
{
    for (const auto& [id, raw] : reply.invalidInputs)
        if (id == callId)
            return Json{{"INVALID_JSON", shortened(raw, kMostInvalidInput)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
    return std::nullopt;
}

Error stoppedByUser()
{
    return Error{ErrorCode::Stopped, "stopped by the user"};
}

} // namespace aap
