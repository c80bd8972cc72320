#include "core/agent/dialogue.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/agent/dialogue_texts.h"
#include "core/agent/live_reply.h"
#include "core/agent/tool_input.h"
#include "core/agent/tool_runner.h"
#include "core/agent/tool_text.h"
#include "core/agent/turn_answers.h"
#include "core/base/redact.h"
#include "core/engine/run_recorder.h"
#include "core/llm/token_estimate.h"

namespace aap {
namespace {

constexpr int kMostMistakes = 5;
constexpr int kMostSubmitTries = 5;
constexpr int kMostEmptyReplies = 2;
constexpr int kMostContinuations = 3;
constexpr int kMostPauses = 10;
constexpr int kTurnsBetweenSummaries = 3; // a task that fills the context by itself would be summarised for ever

using Kind = DialogueOutcome::Kind;

/// What a turn leads to; nothing: the dialogue goes on.
using Step = Result<std::optional<DialogueOutcome>>;

Step ended(DialogueOutcome outcome)
{
    return std::optional(std::move(outcome));
}

Step incomplete(std::string reason)
{
    return ended({.kind = Kind::Incomplete, .reason = std::move(reason)});
}

Step refused(const ModelReply& reply)
{
    return ended({.kind = Kind::Refused, .reason = reply.refusal.empty() ? "the model declined to answer" : reply.refusal});
}

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Json textBlock(std::string_view text)
{
    return Json{{"type", "text"}, {"text", text}};
}

Json invalidInputsOf(const ModelReply& reply)
{
    Json inputs;
    for (const auto& [id, raw] : reply.invalidInputs)
        inputs[id] = raw;
    return inputs;
}

std::int64_t tokensOf(const ModelReply& reply)
{
    return reply.usage.totalTokens() / std::max<std::int64_t>(1, reply.usage.calls);
}

/// The settings or the program are others than those of the recorded part.
Error otherwiseThanRecorded()
{
    return Error{ErrorCode::Invalid, "the recorded dialogue goes another way than this program would take it", {},
                 "Resume with the version and the settings that began the run, or begin a new run."};
}

} // namespace

class Dialogue::Loop {
public:
    Loop(DialogueSettings settings, LanguageModel& model, const Toolbox& tools, ToolContext& context, RunRecorder& recorder, DialoguePast past);

    Result<DialogueOutcome> begin(std::string_view task, const std::stop_token& stop);
    Result<DialogueOutcome> reject(std::string_view failures, const std::stop_token& stop);
    void allowTurns(int most)
    {
        m_mostTurns += most - m_settings.maxTurns; // those for summaries stay
        m_settings.maxTurns = most;
    }
    bool wasRejected() const { return m_past.isUserTurnNext(); }

private:
    Result<DialogueOutcome> run(const std::stop_token& stop);
    Result<ModelReply> ask(const std::stop_token& stop);
    Step handle(const ModelReply& reply, const std::stop_token& stop);
    Step afterEnd(const ModelReply& reply);
    Step afterCut(const ModelReply& reply);
    Step afterFullContext(const std::stop_token& stop);
    Step afterPause(const ModelReply& reply);
    Step afterTools(const ModelReply& reply, const std::stop_token& stop);
    Step submit(const ModelReply& reply, const ToolCall& call, TurnAnswers answers);
    Step sendBack(const ToolCall& call, std::string_view sentence, TurnAnswers answers);
    Step goOnWith(std::string_view text);
    Step goOnWith(std::vector<Json> content);
    bool isNearlyFull() const;
    Step summarise(const std::stop_token& stop);
    Result<void> say(std::vector<Json> content);
    void append(const ModelReply& reply) { m_request.messages.push_back({Message::Role::Assistant, reply.content}); }
    Result<void> record(Payload payload) { return m_recorder.record(m_settings.stage, std::move(payload)); }
    Result<void> note(Payload payload) { return m_recorder.note(m_settings.stage, std::move(payload)); }
    Result<DialogueOutcome> settled(Result<DialogueOutcome> outcome);

    DialogueSettings m_settings;
    LanguageModel& m_model;
    ToolContext& m_context;
    RunRecorder& m_recorder;
    DialoguePast m_past;
    bool m_hasGoneOn; ///< and the agent is still to be told
    ToolRunner m_runner;
    ToolDefinition m_submitTool;
    ModelRequest m_request;
    std::string m_task;
    int m_turn = 0;
    int m_mostTurns;
    std::int64_t m_lastTokens = 0; ///< prompt and reply of the last turn
    int m_turnsSinceSummary = 0;
    int m_emptyReplies = 0;
    int m_continuations = 0;
    int m_pauses = 0;
    int m_mistakes = 0;
    int m_submitTries = 0;
    bool m_isReminded = false;
    bool m_isRepeated = false; ///< with more tokens, after a tool call that was cut off
    /// The turn that handed in waits for the checks: its answers, one of them still open.
    std::optional<TurnAnswers> m_handedIn;
    std::string m_handedInBy; ///< that call's id
};

Dialogue::Loop::Loop(DialogueSettings settings, LanguageModel& model, const Toolbox& tools, ToolContext& context, RunRecorder& recorder, DialoguePast past) :
    m_settings(std::move(settings)), m_model(model), m_context(context), m_recorder(recorder), m_past(std::move(past)),
    m_hasGoneOn(!m_past.isOver()), m_runner(m_settings, tools, context, recorder, m_past),
    m_submitTool{std::string(kSubmitTool), std::string(dialogue_text::submitDescription), m_settings.submitSchema},
    m_request{.model = m_settings.model, .maxTokens = m_settings.maxTokens, .effort = m_settings.effort, .system = m_settings.systemPrompt,
              .stage = std::string(slug(m_settings.stage))},
    m_mostTurns(m_settings.maxTurns)
{
    for (const auto& tool : tools)
        m_request.tools.push_back(tool->definition());
    m_request.tools.push_back(m_submitTool);
    std::ranges::sort(m_request.tools, {}, &ToolDefinition::name);
}

Result<DialogueOutcome> Dialogue::Loop::begin(std::string_view task, const std::stop_token& stop)
{
    if (auto said = say({textBlock(task)}); !said)
        return settled(std::move(said).error());
    m_task = m_request.messages.front().content.front().value("text", ""); // of a past dialogue: the task of then
    return settled(run(stop));
}

/// Whoever has the outcome finds everything that led to it in the journal.
Result<DialogueOutcome> Dialogue::Loop::settled(Result<DialogueOutcome> outcome)
{
    auto kept = m_recorder.settle();
    return kept || !outcome ? std::move(outcome) : std::move(kept).error();
}

Result<DialogueOutcome> Dialogue::Loop::reject(std::string_view failures, const std::stop_token& stop)
{
    if (!m_handedIn)
        return Error{ErrorCode::Bug, "nothing was handed in that could be rejected"};
    auto answers = *std::exchange(m_handedIn, std::nullopt);
    answers.blocks[*answers.submit] = toolResult(m_handedInBy, failures, true);
    m_isReminded = false;
    if (auto said = say(std::move(answers.blocks)); !said)
        return settled(std::move(said).error());
    return settled(run(stop));
}

Result<DialogueOutcome> Dialogue::Loop::run(const std::stop_token& stop)
{
    m_context.stop = stop;
    while (m_turn < m_mostTurns || !m_past.isOver()) {
        if (stop.stop_requested())
            return stoppedByUser();
        if (m_past.isOver() ? isNearlyFull() : m_past.isUserTurnNext()) {
            auto fresh = summarise(stop);
            if (!fresh)
                return std::move(fresh).error();
            if (*fresh)
                return **std::move(fresh);
        }
        const auto reply = ask(stop);
        if (!reply)
            return reply.error();
        auto step = handle(*reply, stop);
        if (!step)
            return std::move(step).error();
        if (*step)
            return **std::move(step);
    }
    return DialogueOutcome{.kind = Kind::TurnLimit, .reason = fmt::format("no result after {} turns (max_iterations)", m_settings.maxTurns)};
}

Result<ModelReply> Dialogue::Loop::ask(const std::stop_token& stop)
{
    ++m_turn;
    ++m_turnsSinceSummary;
    if (auto known = m_past.reply()) {
        m_lastTokens = tokensOf(*known);
        return *std::move(known);
    }
    if (!m_past.isOver())
        return otherwiseThanRecorded();
    if (auto begun = record(TurnStarted{m_turn}); !begun)
        return std::move(begun).error();
    LiveReply live(m_recorder, m_settings.stage);
    const Stopwatch watch;
    auto reply = m_model.reply(m_request, live.listener(), stop);
    if (!reply) {
        if (const auto& lost = live.lostUsage(); lost.calls > 0) { // paid for, though nothing came of it
            auto kept = record(TurnFinished{.turn = m_turn, .stopReason = std::string(kLostTurn), .usage = lost, .cost = live.lostCost(),
                                            .model = m_settings.model, .duration = watch.elapsed()});
            if (!kept)
                return std::move(kept).error();
        }
        return std::move(reply).error().during(fmt::format("stage {}, turn {}", title(m_settings.stage), m_turn));
    }
    live.finish();
    auto finished = note(TurnFinished{.turn = m_turn, .content = reply->content, .stopReason = reply->rawStopReason, .usage = reply->usage,
                                      .cost = reply->cost, .model = reply->model, .requestId = reply->requestId, .duration = watch.elapsed(),
                                      .refusal = reply->refusal, .invalidInputs = invalidInputsOf(*reply)});
    if (!finished)
        return std::move(finished).error();
    m_lastTokens = tokensOf(*reply);
    return reply;
}

Step Dialogue::Loop::handle(const ModelReply& reply, const std::stop_token& stop)
{
    switch (reply.stopReason) {
    case StopReason::EndTurn:
    case StopReason::StopSequence:
        return afterEnd(reply);
    case StopReason::ToolUse:
        return toolCalls(reply).empty() ? afterEnd(reply) : afterTools(reply, stop);
    case StopReason::MaxTokens:
        return afterCut(reply);
    case StopReason::PauseTurn:
        return afterPause(reply);
    case StopReason::Refusal:
        return refused(reply);
    case StopReason::ContextWindowExceeded:
        return afterFullContext(stop);
    case StopReason::Unknown:
        break;
    }
    return incomplete(fmt::format("the model's reply ended with \"{}\", which is no known reason", shortened(cleanText(reply.rawStopReason), 80)));
}

Step Dialogue::Loop::afterEnd(const ModelReply& reply)
{
    append(reply);
    if (const auto calls = toolCalls(reply); !calls.empty()) { // such calls may be cut: they are answered and never run
        std::vector<Json> content;
        for (const auto& call : calls) {
            auto answer = m_runner.decline(call, fmt::format("Not run: the turn ended with \"{}\" instead of \"tool_use\".", reply.rawStopReason));
            if (answer.failure)
                return *std::move(answer.failure);
            content.push_back(std::move(answer.block));
        }
        if (++m_mistakes >= kMostMistakes)
            return incomplete(fmt::format("{} errors in a row", kMostMistakes));
        return goOnWith(std::move(content));
    }
    if (isBlank(reply.text())) {
        if (++m_emptyReplies > kMostEmptyReplies)
            return incomplete(fmt::format("{} empty replies", m_emptyReplies));
        return goOnWith(dialogue_text::goOn);
    }
    if (std::exchange(m_isReminded, true))
        return incomplete("the agent ended its turn without submit_result, although it was reminded");
    return goOnWith(dialogue_text::reminder);
}

Step Dialogue::Loop::afterCut(const ModelReply& reply)
{
    if (toolCalls(reply).empty()) {
        append(reply);
        if (++m_continuations > kMostContinuations)
            return incomplete(fmt::format("the reply was cut off {} times (max_tokens)", m_continuations));
        return goOnWith(dialogue_text::goOnWriting);
    }
    // A cut call has lost members without a trace: the turn is dropped as if it had never been.
    if (m_request.maxTokens >= m_settings.mostMaxTokens || std::exchange(m_isRepeated, true))
        return incomplete(fmt::format("a tool call was cut off after {} tokens (max_tokens)", m_request.maxTokens));
    m_request.maxTokens = std::min(m_request.maxTokens * 2, m_settings.mostMaxTokens);
    return Step();
}

Step Dialogue::Loop::afterFullContext(const std::stop_token& stop)
{
    if (m_turnsSinceSummary < kTurnsBetweenSummaries)
        return incomplete("the task and what the agent has to read for it do not fit into the model's context");
    return summarise(stop); // the reply is dropped: the conversation it belongs to ends here
}

Step Dialogue::Loop::afterPause(const ModelReply& reply)
{
    append(reply);
    if (++m_pauses > kMostPauses)
        return incomplete(fmt::format("the model paused {} times without an end", m_pauses));
    return Step();
}

Step Dialogue::Loop::afterTools(const ModelReply& reply, const std::stop_token& stop)
{
    m_emptyReplies = m_continuations = m_pauses = 0;
    m_isRepeated = false;
    append(reply);
    const auto calls = toolCalls(reply);
    auto answers = answersTo(m_runner, reply, calls, stop);
    if (answers.failure) {
        std::erase_if(answers.blocks, [](const Json& block) { return block.is_null(); });
        auto said = say(std::move(answers.blocks));
        return said ? *std::move(answers.failure) : std::move(said).error();
    }
    if (answers.submit) {
        const auto& call = calls[*answers.submit];
        return submit(reply, call, std::move(answers));
    }
    m_mistakes = answers.onlyMistakes ? m_mistakes + 1 : 0; // of one turn's calls it could not learn in between: they count once
    auto step = goOnWith(std::move(answers.blocks));
    if (step && m_mistakes >= kMostMistakes)
        return incomplete(fmt::format("{} errors in a row", kMostMistakes));
    return step;
}

Step Dialogue::Loop::submit(const ModelReply& reply, const ToolCall& call, TurnAnswers answers)
{
    if (answers.anyError)
        return sendBack(call, dialogue_text::submitAfterFailure, std::move(answers));
    if (const auto invalid = invalidInput(reply, call.id))
        return sendBack(call, *invalid, std::move(answers));
    auto document = checkedInput(m_submitTool, call.input);
    if (!document)
        return sendBack(call, document.error().detail, std::move(answers));
    if (!m_past.submitted())
        if (auto handedIn = record(Submitted{*document}); !handedIn)
            return std::move(handedIn).error();
    m_mistakes = m_submitTries = 0;
    m_handedIn = std::move(answers);
    m_handedInBy = call.id;
    return ended({.kind = Kind::Submitted, .document = *std::move(document)});
}

Step Dialogue::Loop::sendBack(const ToolCall& call, std::string_view sentence, TurnAnswers answers)
{
    auto answer = m_runner.decline(call, sentence);
    if (answer.failure)
        return *std::move(answer.failure);
    answers.blocks[*answers.submit] = std::move(answer.block);
    auto step = goOnWith(std::move(answers.blocks));
    if (step && ++m_submitTries >= kMostSubmitTries)
        return incomplete(fmt::format("{} results in a row could not be taken; the last time: {}", kMostSubmitTries, sentence));
    return step;
}

Step Dialogue::Loop::goOnWith(std::string_view text)
{
    return goOnWith(std::vector{textBlock(text)});
}

Step Dialogue::Loop::goOnWith(std::vector<Json> content)
{
    auto said = say(std::move(content));
    return said ? Step() : Step(std::move(said).error());
}

bool Dialogue::Loop::isNearlyFull() const
{
    const auto& last = m_request.messages.back();
    if (m_settings.contextTokens <= 0 || m_turnsSinceSummary < kTurnsBetweenSummaries || last.role != Message::Role::User)
        return false;
    return (m_lastTokens + estimatedTokens(last.content)) * 5 > m_settings.contextTokens * 4;
}

Step Dialogue::Loop::summarise(const std::stop_token& stop)
{
    if (auto asked = say({textBlock(dialogue_text::summaryRequest)}); !asked)
        return std::move(asked).error();
    ++m_mostTurns; // not the agent's own turn
    const auto reply = ask(stop);
    if (!reply)
        return reply.error();
    if (reply->stopReason == StopReason::Refusal)
        return refused(*reply);
    if (isBlank(reply->text()))
        return incomplete("the conversation outgrew the model's context, and the agent wrote no summary to go on with");
    m_request.messages.clear(); // nothing of it is replayed: signed thinking fits only its own conversation
    m_turnsSinceSummary = 0;
    m_lastTokens = 0;
    return goOnWith(fmt::format("{}\n\n{}\n\n{}\n\n{}", m_task, dialogue_text::summaryOpening, reply->text(), dialogue_text::summaryClosing));
}

Result<void> Dialogue::Loop::say(std::vector<Json> content)
{
    if (const auto* known = m_past.userTurn()) {
        m_request.messages.push_back({Message::Role::User, known->content});
        return {};
    }
    if (!m_past.isOver())
        return otherwiseThanRecorded();
    if (std::exchange(m_hasGoneOn, false))
        content.push_back(textBlock(dialogue_text::resumed));
    const auto heard = [&content](const std::string& text) { content.push_back(textBlock(std::string(dialogue_text::userSays) + text)); };
    std::ranges::for_each(m_past.takeUnheard(), heard);
    auto meanwhile = m_settings.steering ? m_settings.steering() : Result<std::vector<std::string>>();
    if (meanwhile)
        for (const auto& text : *meanwhile) {
            const auto clean = cleanText(text);
            if (auto steered = record(SteeringMessage{clean}); !steered)
                return steered;
            heard(clean);
        }
    Json blocks = std::move(content);
    if (auto said = note(UserTurn{blocks}); !said) // even if it ends here: every call has its answer
        return said;
    m_request.messages.push_back({Message::Role::User, std::move(blocks)});
    return meanwhile ? Result<void>() : Result<void>(std::move(meanwhile).error());
}

Dialogue::Dialogue(DialogueSettings settings, LanguageModel& model, const Toolbox& tools, ToolContext& context, RunRecorder& recorder, DialoguePast past) :
    m_loop(std::make_unique<Loop>(std::move(settings), model, tools, context, recorder, std::move(past)))
{
}

Dialogue::~Dialogue() = default;

Result<DialogueOutcome> Dialogue::begin(std::string_view task, const std::stop_token& stop)
{
    return m_loop->begin(task, stop);
}

void Dialogue::allowTurns(int most)
{
    m_loop->allowTurns(most);
}

Result<DialogueOutcome> Dialogue::reject(std::string_view failures, const std::stop_token& stop)
{
    return m_loop->reject(failures, stop);
}

bool Dialogue::wasRejected() const
{
    return m_loop->wasRejected();
}

} // namespace aap
