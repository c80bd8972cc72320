#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/agent/tool.h"
#include "core/sandbox/sandbox.h"

namespace aap {

inline constexpr Milliseconds kCommandTimeout = std::chrono::seconds(120);
inline constexpr Milliseconds kLongTimeout = std::chrono::seconds(600); ///< tests, builds; also the most one may ask for

/// Runs a program in the sandbox, quietly and without anybody to ask (no pager, no colours, no input). The project's folder is
/// the working directory unless another is given. ErrorCode::Stopped when the user stopped it.
Result<CommandResult> runInSandbox(ToolContext& context, std::vector<std::string> argv, Milliseconds timeout,
                                   std::string workdir = "/workspace/repo");

/// The same for what starts, looks after and stops background jobs: it sees them, and they outlive it.
Result<CommandResult> runBesideJobs(ToolContext& context, std::vector<std::string> argv);

/// "exit code 1, 0.3 s" or how else it ended.
std::string endingOf(const CommandResult& result);
/// The ending, an optional part in front of the output, the output, all cut to the limit. Any other end than exit code 0 is an error to
/// the model; only one without an exit code counts as one for the dialogue.
ToolOutcome commandOutcome(const CommandResult& result, const ToolContext& context, std::string_view before = {});

/// Whether the sandbox has this program.
Result<bool> hasProgram(ToolContext& context, const std::string& program);

} // namespace aap
