#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/agent/dialogue.h"
#include "core/agent/tool.h"
#include "core/llm/language_model.h"

namespace aap {

class RunRecorder;

/// What a call of the agent came to.
struct ToolAnswer {
    Json block{};            ///< the tool_result
    bool isError = false;
    bool isMistake = false;  ///< an error that is no command's exit code
    std::optional<Error> failure{}; ///< the sandbox, the program or the journal failed: ends the stage; `block` is good all the same
};

/// Runs single calls of an agent: checks the input, refuses the same call three times in a row, keeps long output, takes
/// snapshots, and records every call before; what came of it is noted, and committed before anybody acts upon it. A call of the past is answered from there. Used by one dialogue; whatever it
/// gets outlives it.
class ToolRunner {
public:
    ToolRunner(const DialogueSettings& settings, const Toolbox& tools, ToolContext& context, RunRecorder& recorder, const DialoguePast& past);

    ToolAnswer run(const ToolCall& call);
    /// Answers with an error instead of running anything.
    ToolAnswer decline(const ToolCall& call, std::string_view sentence);

private:
    struct Kept {
        std::string log{};
        std::string snapshot{};
    };

    ToolAnswer perform(Tool& tool, const ToolCall& call, const Json& input);
    ToolAnswer remembered(const ToolFinished& finished);
    ToolAnswer finish(const ToolCall& call, std::string_view sentence);
    Result<ToolOutcome> outcomeOf(Tool& tool, const std::string& callId, const Json& input);
    Result<void> keep(const ToolOutcome& outcome, const ToolCall& call, const std::string& label, Kept& kept);
    Result<void> keepFullText(const std::string& text, const std::string& callId, Kept& kept);
    bool isThirdInARow(const std::string& name, const Json& input);
    Result<void> note(Payload payload);

    const DialogueSettings& m_settings;
    const Toolbox& m_tools;
    ToolContext& m_context;
    RunRecorder& m_recorder;
    const DialoguePast& m_past;
    std::string m_lastCall;
    int m_sameInARow = 0;
};

/// The block that answers a call; `content` is text or an array of blocks.
Json toolResult(const std::string& callId, Json content, bool isError);

} // namespace aap
