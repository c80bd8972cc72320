#include "core/agent/tools/job.h"

#include <charconv>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/base/beneath.h"
#include "core/base/pause.h"

namespace aap {
namespace {

constexpr std::uint64_t kLargestOutput = 65U << 20U; // a little over what `ulimit` lets a job write
constexpr Milliseconds kLookAtJobEvery = std::chrono::milliseconds(200);

/// $1 the job's folder, $2 where to run, $3 the command. The outer shell leaves at once; the job goes on in its own session.
constexpr auto kStart = R"(cd -- "$2" && mkdir -p -- "$1" && : >"$1/out" || exit 1
setsid /bin/bash -c 'echo $$ >"$1/pid"; ulimit -f 65536; /bin/bash -c "$2" >>"$1/out" 2>&1 </dev/null; echo $? >"$1/exit"' job "$1" "$3" </dev/null >/dev/null 2>&1 &
for _ in $(seq 50); do [ -s "$1/pid" ] && exit 0; sleep 0.1; done; exit 1)";
/// $1 the process group.
constexpr auto kStop = R"(kill -TERM -- "-$1" 2>/dev/null || exit 0
for _ in $(seq 20); do kill -0 -- "-$1" 2>/dev/null || exit 0; sleep 0.1; done
kill -KILL -- "-$1")";

std::string folderOf(const std::string& id)
{
    return ".agent/jobs/" + id;
}

/// The number in one of the job's files.
std::optional<int> numberIn(const Folder& workspace, const std::string& path)
{
    const auto text = workspace.read(path, 64, Folder::Links::Refuse);
    if (!text)
        return std::nullopt;
    int number = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
    return failed == std::errc() && std::string_view(end, std::size_t(text->data() + text->size() - end)) == "\n" ? std::optional(number) : std::nullopt;
}

/// Its process group, when the file names one: 0 and 1 would mean ourselves and everybody.
std::optional<int> groupOf(const std::string& id, const Folder& workspace)
{
    const auto group = numberIn(workspace, folderOf(id) + "/pid");
    return group && *group > 1 ? group : std::nullopt;
}

Result<bool> isAlive(const std::string& id, ToolContext& context)
{
    const auto group = groupOf(id, context.workspace);
    if (!group)
        return false;
    const auto asked = runBesideJobs(context, {"/bin/bash", "-c", R"(kill -0 -- "-$1")", "job", std::to_string(*group)});
    if (!asked)
        return Error(asked.error()).during("look after " + id);
    return asked->succeeded();
}

void takeOutput(JobState& state, const std::string& id, ToolContext& context)
{
    const auto output = context.workspace.read(folderOf(id) + "/out", kLargestOutput, Folder::Links::Refuse);
    state.outputLost = !output;
    auto& shown = context.jobOutputShown[id];
    if (output && output->size() > shown)
        state.newOutput = output->substr(std::size_t(shown));
    if (output)
        shown = output->size();
}

bool hasNews(const std::string& id, ToolContext& context)
{
    const auto entry = context.workspace.stat(folderOf(id) + "/out");
    return !entry || entry->bytes > context.jobOutputShown[id] || context.workspace.stat(folderOf(id) + "/exit");
}

} // namespace

Result<StartedJob> startJob(const std::string& command, const std::string& workdir, ToolContext& context)
{
    StartedJob job;
    for (int number = 1; job.id.empty(); ++number)
        if (const auto id = fmt::format("job-{}", number); !context.workspace.stat(folderOf(id)))
            job.id = id;
    const auto started = runBesideJobs(context, {"/bin/bash", "-c", kStart, "job", "/workspace/" + folderOf(job.id), workdir, command});
    if (!started)
        return Error(started.error()).during("start " + job.id);
    if (!started->succeeded())
        job.problem = fmt::format("the job did not start: {}", shortened(cleanText(started->output), 500));
    return job;
}

Result<JobState> lookAtJob(const std::string& id, Milliseconds wait, ToolContext& context)
{
    if (!context.workspace.stat(folderOf(id) + "/out"))
        return Error{ErrorCode::NotFound, fmt::format("there is no job `{}`; run_command with background starts one and names its id.", id)};
    for (const auto until = Deadline::in(wait); !until.hasPassed() && !hasNews(id, context);)
        if (!pause(std::min(kLookAtJobEvery, until.remaining()), context.stop))
            return Error{ErrorCode::Stopped, "stopped while waiting for " + id};
    JobState state;
    state.exitCode = numberIn(context.workspace, folderOf(id) + "/exit"); // before the output: what it wrote last is then there
    if (!state.exitCode) {
        const auto alive = isAlive(id, context);
        if (!alive)
            return alive.error();
        state.running = *alive;
    }
    takeOutput(state, id, context);
    return state;
}

Result<void> stopJob(const std::string& id, ToolContext& context)
{
    const auto group = groupOf(id, context.workspace);
    if (!group)
        return {};
    const auto stopped = runBesideJobs(context, {"/bin/bash", "-c", kStop, "job", std::to_string(*group)});
    if (!stopped)
        return Error(stopped.error()).during("stop " + id);
    return {};
}

ToolOutcome jobOutcome(const std::string& id, const JobState& state, const ToolContext& context, std::string_view before)
{
    const auto standing = state.running ? "running" : state.exitCode ? fmt::format("exit code {}", *state.exitCode) : "ended without an exit code: it was killed";
    const auto output = cleanText(state.newOutput);
    auto text = fmt::format("{}: {}\n{}{}", id, standing, before, output.empty() ? "(no new output)" : output);
    if (state.outputLost)
        text += "\n(its output cannot be read: it is longer than 64 MiB or was replaced)";
    while (text.ends_with('\n'))
        text.pop_back();
    auto outcome = textOutcome(text, context);
    outcome.exitCode = state.exitCode;
    outcome.isError = state.exitCode.value_or(0) != 0;
    outcome.changedFiles = true; // it may have; the snapshot finds out
    return outcome;
}

} // namespace aap
