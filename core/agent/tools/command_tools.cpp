#include "core/agent/tools/families.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/job.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/workspace_path.h"

namespace aap {
namespace {

/// A folder inside the sandbox, where foreign code may go anyway; only what cannot be a path is refused.
Result<std::string> workdirOf(const Json& input)
{
    const auto text = parameter(input, "workdir", "");
    const bool elsewhere = text.starts_with('/') && !text.starts_with("/workspace");
    if (elsewhere && std::ranges::none_of(text, [](unsigned char c) { return c < 0x20U || c == 0x7FU; }))
        return text;
    const auto path = WorkspacePath::parse(text);
    if (!path)
        return path.error();
    return path->inSandbox();
}

Result<ToolOutcome> runInBackground(const std::string& command, const std::string& workdir, ToolContext& context)
{
    const auto job = startJob(command, workdir, context);
    if (!job)
        return job.error();
    if (!job->problem.empty())
        return ToolOutcome::error(job->problem);
    ToolOutcome outcome;
    outcome.text = fmt::format("job_id {}: running in the background. command_output shows what it says and stops it.", job->id);
    outcome.changedFiles = true; // it may have; the snapshot finds out
    return outcome;
}

/// bash where there is one. The folder is entered by the shell, so that a missing one is an ordinary failure.
std::vector<std::string> shellCall(const char* shell, const std::string& command, const std::string& workdir)
{
    if (workdir == "/workspace/repo")
        return {shell, "-c", command};
    return {shell, "-c", R"(cd -- "$1" && exec "$0" -c "$2")", shell, workdir, command};
}

/// The engine's own words when a program is not in the image.
bool lacks(const CommandResult& result, std::string_view program)
{
    return (result.exitCode == 126 || result.exitCode == 127) && result.totalBytes < 1000 && result.output.find("OCI runtime exec failed") != std::string::npos
        && result.output.find(program) != std::string::npos;
}

Milliseconds timeoutOf(const Json& input, const ToolContext& context)
{
    const auto wanted = input.find("timeout_s");
    return wanted == input.end() || wanted->is_null() ? context.commandTimeout : std::chrono::seconds(wanted->get<int>());
}

Result<ToolOutcome> runCommand(const Json& input, ToolContext& context)
{
    const auto command = input.at("command").get<std::string>();
    if (command.find('\0') != std::string::npos)
        return ToolOutcome::error("the command holds a NUL character, which no program can be given; leave it out.");
    const auto workdir = workdirOf(input);
    if (!workdir)
        return ToolOutcome::error(workdir.error().detail);
    if (parameter(input, "background", false))
        return runInBackground(command, *workdir, context);
    const Milliseconds timeout = timeoutOf(input, context);
    auto result = runInSandbox(context, shellCall("/bin/bash", command, *workdir), timeout);
    if (result && lacks(*result, "/bin/bash"))
        result = runInSandbox(context, shellCall("/bin/sh", command, *workdir), timeout);
    if (!result)
        return std::move(result).error();
    return commandOutcome(*result, context);
}

Result<ToolOutcome> commandOutput(const Json& input, ToolContext& context)
{
    const auto id = input.at("job_id").get<std::string>();
    if (parameter(input, "stop", false))
        if (const auto stopped = stopJob(id, context); !stopped)
            return stopped.error();
    const auto state = lookAtJob(id, std::chrono::seconds(parameter(input, "wait_s", 0)), context);
    if (!state && state.error().code == ErrorCode::NotFound)
        return ToolOutcome::error(state.error().detail);
    if (!state)
        return state.error();
    return jobOutcome(id, *state, context);
}

} // namespace

void addCommandTools(Toolbox& tools)
{
    tools.push_back(makeTool("run_command", ToolClass::Exec,
        "Runs one shell command (bash) in the sandbox and answers with its exit code, its time and both outputs. It is ended after 120 s "
        "unless `timeout_s` says otherwise; input is closed, `cd` does not last into the next call. Servers go into the `background`: the "
        "answer is a job_id for command_output (jobs have a /tmp of their own). Files are written with write_file and edit_file instead.",
        R"({"type": "object", "required": ["command"], "properties": {
            "command": {"type": "string", "minLength": 1, "maxLength": 100000},
            "timeout_s": {"type": "integer", "minimum": 1, "maximum": 600},
            "workdir": {"type": "string", "description": "/workspace/repo by default; relative paths start there"},
            "background": {"type": "boolean", "description": "do not wait for the end"}}})",
        runCommand));
    tools.push_back(makeTool("command_output", ToolClass::Exec,
        "Shows what a background job has written since the last look, and whether it runs or how it ended. `wait_s` waits for news; `stop` "
        "ends it with everything it started. A job that has written 64 MiB is ended.",
        R"({"type": "object", "required": ["job_id"], "properties": {
            "job_id": {"type": "string", "pattern": "^job-[0-9]{1,6}$", "description": "as run_command named it"},
            "wait_s": {"type": "integer", "minimum": 0, "maximum": 60},
            "stop": {"type": "boolean"}}})",
        commandOutput));
}

} // namespace aap
