#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/agent/tool.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace aap {

/// A program in the background of a sandbox. It lives in a process group of its own and keeps its book in
/// /workspace/.agent/jobs/<id>/: `out` (both outputs, at most 64 MiB), `pid`, and `exit` once it has ended. What stands in these files
/// was written by the sandbox: it is read with care and never believed further than shown.
struct JobState {
    bool running = false;
    std::optional<int> exitCode{}; ///< absent while it runs, and when it was killed
    std::string newOutput{};       ///< raw, since the last look
    bool outputLost = false;       ///< the output cannot be read: too long, or replaced by something else
};

/// Starts a shell command; the id to ask for it with, "job-1". The string is a sentence for the model when it could not start.
struct StartedJob {
    std::string id{};
    std::string problem{};
};
Result<StartedJob> startJob(const std::string& command, const std::string& workdir, ToolContext& context);

/// Looks, waiting up to `wait` for its end or for new output. ErrorCode::NotFound when there is no such job.
Result<JobState> lookAtJob(const std::string& id, Milliseconds wait, ToolContext& context);
/// Ends the job and everything in its process group: asks, and two seconds later insists.
Result<void> stopJob(const std::string& id, ToolContext& context);

/// What a model reads about a job: how it stands, and its new output.
ToolOutcome jobOutcome(const std::string& id, const JobState& state, const ToolContext& context, std::string_view before = {});

} // namespace aap
