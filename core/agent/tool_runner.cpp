#include "core/agent/tool_runner.h"

#include <fmt/format.h>

#include "core/agent/dialogue_texts.h"
#include "core/agent/tool_input.h"
#include "core/agent/tool_text.h"
#include "core/base/beneath.h"
#include "core/base/redact.h"
#include "core/engine/run_recorder.h"

namespace aap {
namespace {

constexpr int kMostSameCalls = 3;
constexpr std::size_t kShortestHidden = 8;
/// Asks for what came meanwhile: the same call is no repetition.
constexpr std::string_view kPollingTool = "command_output";

std::string unknownTool(const ToolCall& call, const Toolbox& tools)
{
    std::string names;
    for (const auto& tool : tools)
        names += tool->definition().name + ", ";
    return fmt::format("There is no tool \"{}\". The tools are: {}{}.", shortened(cleanText(call.name), 80), names, kSubmitTool);
}

Json contentOf(const ToolOutcome& outcome)
{
    const std::string text = outcome.text.empty() ? "(no output)" : outcome.text;
    if (outcome.images.empty())
        return text;
    Json content = Json::array({Json{{"type", "text"}, {"text", text}}});
    content.insert(content.end(), outcome.images.begin(), outcome.images.end());
    return content;
}

/// The agent is not to blame for what the program or the user cut.
bool isMistake(std::string_view sentence)
{
    return sentence != dialogue_text::interrupted && sentence != dialogue_text::cancelled;
}

/// What the agent has come to know of files since then.
Json newlyRead(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& now)
{
    Json read;
    for (const auto& [path, hash] : now)
        if (const auto known = before.find(path); known == before.end() || known->second != hash)
            read[path] = hash;
    return read;
}

/// Shorter texts than a Redactor takes would eat ordinary words.
void hide(std::string& text, const std::string& secret)
{
    constexpr std::string_view shown = "[secret]";
    if (secret.size() < kShortestHidden)
        return;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + shown.size()))
        text.replace(at, secret.size(), shown);
}

/// The first of two failures counts.
void remember(std::optional<Error>& failure, Result<void> outcome)
{
    if (!outcome && !failure)
        failure = std::move(outcome).error();
}

} // namespace

ToolRunner::ToolRunner(const DialogueSettings& settings, const Toolbox& tools, ToolContext& context, RunRecorder& recorder, const DialoguePast& past) :
    m_settings(settings), m_tools(tools), m_context(context), m_recorder(recorder), m_past(past)
{
}

ToolAnswer ToolRunner::run(const ToolCall& call)
{
    auto* tool = findTool(m_tools, call.name);
    if (tool == nullptr)
        return decline(call, unknownTool(call, m_tools));
    const auto input = checkedInput(tool->definition(), call.input);
    if (!input)
        return decline(call, input.error().detail);
    if (isThirdInARow(tool->definition().name, *input))
        return decline(call, dialogue_text::sameCall);
    if (const auto* known = m_past.call(call.id))
        return known->finished ? remembered(*known->finished) : finish(call, dialogue_text::interrupted);
    if (!m_settings.permit)
        return perform(*tool, call, *input);
    auto refusal = m_settings.permit(tool->definition().name, *input);
    if (refusal && refusal->empty())
        return perform(*tool, call, *input);
    auto answer = decline(call, refusal ? *refusal : refusal.error().detail);
    if (!refusal && !answer.failure)
        answer.failure = std::move(refusal).error();
    return answer;
}

ToolAnswer ToolRunner::decline(const ToolCall& call, std::string_view sentence)
{
    const auto* known = m_past.call(call.id);
    if (known && known->finished)
        return remembered(*known->finished);
    if (!known)
        if (auto begun = note(ToolStarted{call.id, call.name, call.input, callSummary(call.input)}); !begun)
            return {.block = toolResult(call.id, sentence, true), .isError = true, .isMistake = true, .failure = std::move(begun).error()};
    return finish(call, sentence);
}

/// Answers with an error a call that is recorded as begun.
ToolAnswer ToolRunner::finish(const ToolCall& call, std::string_view sentence)
{
    ToolAnswer answer{.block = toolResult(call.id, sentence, true), .isError = true, .isMistake = isMistake(sentence)};
    remember(answer.failure, note(ToolFinished{.callId = call.id, .tool = call.name, .isError = true, .result = std::string(sentence)}));
    return answer;
}

ToolAnswer ToolRunner::remembered(const ToolFinished& finished)
{
    for (const auto& [path, hash] : finished.read.items())
        m_context.readHashes[path] = hash.get<std::string>();
    const std::string text = finished.result.empty() ? "(no output)" : finished.result;
    return {.block = toolResult(finished.callId, text, finished.isError), .isError = finished.isError,
            .isMistake = finished.isError && !finished.exitCode && isMistake(finished.result)};
}

ToolAnswer ToolRunner::perform(Tool& tool, const ToolCall& call, const Json& input)
{
    const auto& name = tool.definition().name;
    const auto summary = callSummary(input);
    if (auto begun = m_recorder.record(m_settings.stage, ToolStarted{call.id, name, input, summary}); !begun)
        return {.block = toolResult(call.id, begun.error().text(), true), .isError = true, .failure = std::move(begun).error()};

    const Stopwatch watch;
    const auto known = m_context.readHashes;
    ToolAnswer answer;
    auto outcome = outcomeOf(tool, call.id, input);
    if (!outcome) {
        const bool isStopped = outcome.error().code == ErrorCode::Stopped;
        const auto text = isStopped ? std::string(dialogue_text::cancelled) : "The tool could not do its work: " + outcome.error().text();
        answer.failure = std::move(outcome).error().during(name);
        outcome = ToolOutcome::error(text);
    }
    for (auto* text : {&outcome->text, &outcome->fullText})
        for (const auto& secret : m_settings.hidden)
            hide(*text, secret);
    Kept kept;
    if (!answer.failure) {
        remember(answer.failure, keep(*outcome, call, name + " " + summary, kept));
        if (answer.failure) // whoever goes on from here finds the project as it was before
            outcome = ToolOutcome::error(std::string(dialogue_text::notKept));
    }
    answer.block = toolResult(call.id, contentOf(*outcome), outcome->isError);
    answer.isError = outcome->isError;
    answer.isMistake = outcome->isError && !outcome->exitCode;
    auto finished = note(ToolFinished{.callId = call.id, .tool = name, .isError = outcome->isError, .result = std::move(outcome->text),
                                        .exitCode = outcome->exitCode, .log = kept.log, .snapshot = kept.snapshot, .duration = watch.elapsed(),
                                        .read = newlyRead(known, m_context.readHashes)});
    if (finished && outcome->plan)
        finished = note(PlanUpdated{*std::move(outcome->plan)});
    remember(answer.failure, std::move(finished));
    return answer;
}

Result<ToolOutcome> ToolRunner::outcomeOf(Tool& tool, const std::string& callId, const Json& input)
{
    StreamRedactor redact(m_recorder.redactor());
    const auto show = [&](std::string text) {
        if (!text.empty())
            m_recorder.live({.kind = LiveEvent::Kind::ToolOutput, .stage = m_settings.stage, .callId = callId, .text = std::move(text)});
    };
    m_context.callId = callId;
    m_context.output = [&](std::string_view bytes) { show(redact.feed(bytes)); };
    auto outcome = guarded([&] { return tool.run(input, m_context); });
    show(redact.finish());
    m_context.output = {};
    m_context.callId.clear();
    if (!outcome && outcome.error().code == ErrorCode::Bug) // an exception: this input was too much for it, another may not be
        return ToolOutcome::error(fmt::format("{} failed: {}", tool.definition().name, outcome.error().detail));
    return outcome;
}

Result<void> ToolRunner::keep(const ToolOutcome& outcome, const ToolCall& call, const std::string& label, Kept& kept)
{
    if (!outcome.fullText.empty())
        if (auto full = keepFullText(m_recorder.redactor()(outcome.fullText), call.id, kept); !full)
            return full;
    if (!outcome.changedFiles || !m_settings.snapshot)
        return {};
    auto taken = m_settings.snapshot(label);
    if (!taken)
        return std::move(taken).error().during("take a snapshot of the project");
    kept.snapshot = *std::move(taken);
    return {};
}

Result<void> ToolRunner::keepFullText(const std::string& text, const std::string& callId, Kept& kept)
{
    if (m_settings.saveLog) {
        auto saved = m_settings.saveLog(callId, text);
        if (!saved)
            return std::move(saved).error().during("keep the output of a tool");
        kept.log = *std::move(saved);
    }
    // What foreign code may have put in the way over there is no reason to end a stage.
    const auto written = m_context.workspace.write(".agent/out/" + fileNameOf(callId) + ".txt", text);
    return written ? Result<void>() : note(Warned{"the agent cannot read the full output of a tool: " + written.error().text()});
}

bool ToolRunner::isThirdInARow(const std::string& name, const Json& input)
{
    auto call = name + ' ' + input.dump(-1, ' ', false, Json::error_handler_t::replace);
    m_sameInARow = call == m_lastCall ? m_sameInARow + 1 : 1;
    m_lastCall = std::move(call);
    return m_sameInARow >= kMostSameCalls && name != kPollingTool;
}

Result<void> ToolRunner::note(Payload payload)
{
    return m_recorder.note(m_settings.stage, std::move(payload));
}

Json toolResult(const std::string& callId, Json content, bool isError)
{
    Json block{{"type", "tool_result"}, {"tool_use_id", callId}, {"content", std::move(content)}};
    if (isError)
        block["is_error"] = true;
    return block;
}

} // namespace aap
