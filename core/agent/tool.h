#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/run_event.h"
#include "core/domain/stage.h"
#include "core/llm/language_model.h"

namespace aap {

class Folder;
class Sandbox;

/// What a tool may touch; decides about audit, approval and parallel runs.
enum class ToolClass { Read, Write, Exec, Network, Deploy };

/// What a tool answers to the model. A failure the model can act upon is `isError` with a sentence, never an Error.
struct ToolOutcome {
    std::string text{};    ///< already cut to the limit, UTF-8, no ANSI, no NUL
    bool isError = false;
    std::optional<int> exitCode{};
    std::string fullText{}; ///< not empty when `text` was cut: saved as logs/<stage>/<call id>.txt and .agent/out/<call id>.txt
    Json images = Json::array(); ///< image blocks to go along
    bool changedFiles = false;
    std::optional<std::vector<PlanItem>> plan{};

    static ToolOutcome error(std::string sentence)
    {
        ToolOutcome outcome;
        outcome.text = std::move(sentence);
        outcome.isError = true;
        return outcome;
    }
};

/// The deploy-class actions an agent may ask for; the pipeline fulfils them behind policy and approval.
/// Each returns what the model shall read. Empty functions: the tool is not offered.
struct HostActions {
    std::function<ToolOutcome(const Json& input)> buildImage{};
    std::function<ToolOutcome(const Json& input)> deploy{};
    std::function<ToolOutcome(const Json& input)> checkHealth{};
    std::function<ToolOutcome(const Json& input)> checkResources{};
    std::function<ToolOutcome(const Json& input)> checkProcess{};
    std::function<ToolOutcome(const Json& input)> analyzeMetrics{};
    std::function<ToolOutcome(const Json& input)> checkLogs{}; ///< of the deployed service when log_file is "service"
    std::function<ToolOutcome(const Json& input)> testAlert{};
};

/// Where a tool works. References outlive the dialogue; everything happens on the run's thread.
struct ToolContext {
    StageId stage{};
    Sandbox& sandbox;
    Folder& workspace; ///< the host side of /workspace: `repo/` and `.agent/` lie in it
    HostActions host{};
    std::optional<std::pair<unsigned, unsigned>> owner{}; ///< uid and gid of the agent: what write tools make belongs to it
    std::vector<std::string> writablePaths{}; ///< prefixes below repo/ that write tools may touch; empty: all
    std::vector<std::string> frozenPaths{};   ///< prefixes that may not be written though writablePaths allows it
    std::size_t outputLimit = 30000;          ///< characters of one answer (output_truncate_length)
    int logLines = 100;                       ///< log_analysis_lines
    Milliseconds commandTimeout = std::chrono::seconds(120); ///< of a command that names none (sandbox.command_timeout_s)
    std::function<void(std::string_view)> output{}; ///< raw output as it comes
    std::stop_token stop{};
    std::map<std::string, std::string> readHashes{}; ///< path -> sha256 when last read or written: stale writes are refused
    std::map<std::string, std::uint64_t> jobOutputShown{}; ///< background job -> bytes of its output the model has seen
    std::map<std::string, std::vector<std::string>> commands{}; ///< the design's own argv for "test", "build", "lint", "coverage": they win over what we detect
    std::string callId{};                            ///< of the call under way
};

/// One thing an agent can do. Input was validated against the definition's schema before run() is called.
class Tool {
public:
    Tool() = default;
    Tool(const Tool&) = delete;
    Tool& operator=(const Tool&) = delete;
    virtual ~Tool() = default;

    virtual const ToolDefinition& definition() const = 0;
    virtual ToolClass toolClass() const = 0;
    /// An Error only when the sandbox or the program failed (Stopped, Unavailable, Io …): it ends the stage.
    virtual Result<ToolOutcome> run(const Json& input, ToolContext& context) = 0;
};

/// The tools of a stage, sorted by name, without `submit_result`, which the dialogue itself answers.
using Toolbox = std::vector<std::unique_ptr<Tool>>;
/// Review stages get reading and running tools only; tools whose HostActions are empty are left out.
Toolbox makeToolbox(StageId stage, const HostActions& host);

} // namespace aap
