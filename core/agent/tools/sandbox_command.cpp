#include "core/agent/tools/sandbox_command.h"

#include <fmt/format.h>

#include "core/agent/tool_text.h"

namespace aap {

namespace {

Command quietly(std::vector<std::string> argv, Milliseconds timeout, std::string workdir)
{
    return {.argv = std::move(argv),
            .workdir = std::move(workdir),
            .environment = {{"PAGER", "cat"}, {"GIT_PAGER", "cat"}, {"CI", "1"}, {"TERM", "dumb"}, {"NO_COLOR", "1"},
                            {"DEBIAN_FRONTEND", "noninteractive"}, {"PIP_PROGRESS_BAR", "off"}},
            .timeout = timeout};
}

Result<CommandResult> run(ToolContext& context, const Command& command)
{
    auto result = context.sandbox.run(command, context.output, context.stop);
    if (result && result->ending == Ending::Stopped)
        return Error{ErrorCode::Stopped, "stopped while " + command.argv.front() + " ran"};
    return result;
}

/// What the agent must know to go on: how not to run into the same limit again, and what was refused.
std::string adviceOn(const CommandResult& result)
{
    std::string text;
    if (result.ending == Ending::OutOfMemory)
        text += "\n(Let it use less memory: smaller data, fewer jobs at once, one part after the other.)";
    if (result.ending == Ending::OutputLimit)
        text += "\n(Send its output to a file in /tmp, or let it say less.)";
    for (const auto& notice : result.notices)
        if (notice.kind != "network_allowed")
            text += "\n(" + notice.text + ")";
    return text;
}

} // namespace

Result<CommandResult> runInSandbox(ToolContext& context, std::vector<std::string> argv, Milliseconds timeout, std::string workdir)
{
    return run(context, quietly(std::move(argv), timeout, std::move(workdir)));
}

Result<CommandResult> runBesideJobs(ToolContext& context, std::vector<std::string> argv)
{
    auto command = quietly(std::move(argv), kCommandTimeout, "/workspace/repo");
    command.keepsBackground = true;
    return run(context, command);
}

std::string endingOf(const CommandResult& result)
{
    const auto seconds = double(result.duration.count()) / 1000;
    std::string text;
    switch (result.ending) {
    case Ending::Exited: text = fmt::format("exit code {}, {:.1f} s", result.exitCode, seconds); break;
    case Ending::TimedOut: text = fmt::format("timed out after {:.0f} s and was killed; its output so far:", seconds); break;
    case Ending::Stopped: text = "stopped by the user"; break;
    case Ending::OutputLimit: text = fmt::format("killed after {:.1f} s, because it wrote {} bytes; its output so far:", seconds, result.totalBytes); break;
    case Ending::OutOfMemory: text = fmt::format("killed after {:.1f} s: out of memory", seconds); break;
    case Ending::DiskLimit: text = fmt::format("killed after {:.1f} s: disk limit", seconds); break;
    case Ending::Lost: text = fmt::format("lost after {:.1f} s: whether it finished is unknown", seconds); break;
    }
    if (result.sandboxRestarted)
        text += "\n(The sandbox had to be started anew: files in /tmp and running programs are gone.)";
    return text;
}

ToolOutcome commandOutcome(const CommandResult& result, const ToolContext& context, std::string_view before)
{
    const auto output = cleanText(result.output);
    auto text = fmt::format("{}{}\n{}{}{}", endingOf(result), adviceOn(result), before, before.empty() ? "" : "\n", output.empty() ? "(no output)" : output);
    while (text.ends_with('\n'))
        text.pop_back();
    auto outcome = textOutcome(text, context);
    outcome.isError = !result.succeeded();
    if (result.ending == Ending::Exited)
        outcome.exitCode = result.exitCode;
    outcome.changedFiles = true; // it may have; the snapshot finds out
    return outcome;
}

Result<bool> hasProgram(ToolContext& context, const std::string& program)
{
    auto found = runInSandbox(context, {"/bin/sh", "-c", "command -v -- \"$1\" >/dev/null", "sh", program}, kCommandTimeout);
    if (!found)
        return std::move(found).error().during("look for " + program);
    return found->succeeded();
}

} // namespace aap
