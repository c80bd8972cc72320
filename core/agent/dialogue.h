#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/agent/dialogue_past.h"
#include "core/agent/tool.h"
#include "core/base/result.h"
#include "core/domain/pipeline_spec.h"
#include "core/llm/language_model.h"

namespace aap {

class RunRecorder;

struct DialogueSettings {
    StageId stage{};
    std::string model{};
    std::string effort = "medium";
    int maxTokens = 64000;
    int mostMaxTokens = 128000;     ///< the model's own limit: a reply that is cut within a tool call is repeated with up to that
    std::int64_t contextTokens = 0; ///< the model's context; at 80 % the conversation is summarised and begun anew. 0: never
    int maxTurns = 20; ///< max_iterations: model replies in this dialogue
    std::string systemPrompt{};
    Json submitSchema{}; ///< the stage's contract, self-contained: input_schema of submit_result
    /// Where the full text of a cut tool answer is kept, redacted already: returns the path to mention in the event.
    std::function<Result<std::string>(const std::string& callId, std::string_view text)> saveLog{};
    /// Makes a snapshot after a tool that changed files; returns its commit id, empty for none.
    std::function<Result<std::string>(const std::string& label)> snapshot{};
    /// Texts that no tool's answer shows to the model: the user's secrets.
    std::vector<std::string> hidden{};
    /// What the user said meanwhile; recorded as SteeringMessage and appended to the next user message. Called before every one of
    /// them, and may block: a pause. An Error ends the dialogue. Empty function: nobody can say anything.
    std::function<Result<std::vector<std::string>>()> steering{};
    /// Whether a call may be run: "" or the sentence that answers it instead. May block: a question to the user. An Error ends the
    /// dialogue. Empty function: whatever the sandbox allows.
    std::function<Result<std::string>(std::string_view tool, const Json& input)> permit{};
};

/// How far a dialogue has come.
struct DialogueOutcome {
    enum class Kind {
        Submitted,    ///< `document` waits for the program's checks: accept() or reject() goes on
        Refused,      ///< the model declined; reason says category and explanation
        Incomplete,   ///< ended without submit_result although reminded, or empty replies, or errors in a row
        TurnLimit,    ///< maxTurns replies without a result
    };
    Kind kind{};
    Json document{};
    std::string reason{};
};

/// One agent's conversation: asks the model, runs the tools it wants in their order, answers all of a turn together, until the
/// agent hands in its result. Records every finished thing before acting on it. One thread.
///
/// The limits of patience: the same call three times in a row is not run; five turns of nothing but mistakes, five results that
/// miss the contract, a second end without a result, a third empty reply, a fourth continuation or a second tool call that is cut
/// off end as Incomplete. A result that comes together with calls that failed is sent back.
class Dialogue {
public:
    /// With a past, begin() and reject() go through it first: no turn of it is asked again, no call of it run again, and nothing of it
    /// is recorded again. A call that was cut is answered as interrupted.
    Dialogue(DialogueSettings settings, LanguageModel& model, const Toolbox& tools, ToolContext& context, RunRecorder& recorder,
             DialoguePast past = {});
    ~Dialogue();
    Dialogue(const Dialogue&) = delete;
    Dialogue& operator=(const Dialogue&) = delete;

    /// Starts with the task, once; blocks until an outcome. Errors: what the model, the sandbox or the journal failed with; Stopped.
    /// Whatever the error, every call of the agent has an answer in the record.
    Result<DialogueOutcome> begin(std::string_view task, const std::stop_token& stop);
    /// The program's checks failed: the sentences go back as the answer of submit_result and the agent works on.
    Result<DialogueOutcome> reject(std::string_view failures, const std::stop_token& stop);
    /// Another maxTurns from now on; steering() may call it.
    void allowTurns(int most);
    /// What was handed in last was rejected in the past: reject() goes on with the sentences of then.
    bool wasRejected() const;

private:
    class Loop;
    std::unique_ptr<Loop> m_loop;
};

} // namespace aap
