#include "core/agent/tools/families.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <QString>
#include <QStringList>

#include "core/agent/tool_text.h"
#include "core/agent/tools/job.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/project_command.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/base/pause.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr Milliseconds kPortTime = std::chrono::seconds(30);
constexpr Milliseconds kLookEvery = std::chrono::milliseconds(500);

/// Ports that /proc/net/tcp and tcp6 show as listening; the sandbox's network is its own.
std::set<int> listeningIn(std::string_view table)
{
    std::set<int> ports;
    for (const auto& line : QString::fromLatin1(table.data(), qsizetype(table.size())).split(QLatin1Char('\n'))) {
        const auto fields = line.simplified().split(QLatin1Char(' '));
        if (fields.size() > 3 && fields[3] == QStringLiteral("0A"))
            if (const int port = fields[1].section(QLatin1Char(':'), -1).toInt(nullptr, 16); port > 0)
                ports.insert(port);
    }
    return ports;
}

Result<std::set<int>> listening(ToolContext& context)
{
    const auto table = runInSandbox(context, {"cat", "/proc/net/tcp", "/proc/net/tcp6"}, kCommandTimeout);
    if (!table)
        return Error(table.error()).during("look for open ports");
    return listeningIn(table->output);
}

/// What the project itself calls starting; empty when it says nothing.
std::string usualStart(const ProjectView& project)
{
    const auto package = parseBounded(project.text("package.json"));
    for (const auto* script : {"dev", "start"})
        if (!stringIn(memberOf(package, "scripts"), script).empty())
            return fmt::format("npm run {}", script);
    return project.exists("manage.py") ? "python3 manage.py runserver" : "";
}

std::vector<int> opened(const std::set<int>& before, const std::set<int>& after)
{
    std::vector<int> ports;
    std::ranges::set_difference(after, before, std::back_inserter(ports));
    return ports;
}

/// Waits until the job listens somewhere, has ended, or time is over.
Result<std::vector<int>> waitForPort(const std::string& id, const std::set<int>& before, JobState& state, ToolContext& context)
{
    for (const auto until = Deadline::in(kPortTime);;) {
        const auto now = listening(context);
        if (!now)
            return now.error();
        auto look = lookAtJob(id, {}, context);
        if (!look)
            return std::move(look).error();
        look->newOutput.insert(0, state.newOutput);
        state = *std::move(look);
        if (auto ports = opened(before, *now); !ports.empty() || !state.running || until.hasPassed())
            return ports;
        if (!pause(kLookEvery, context.stop))
            return Error{ErrorCode::Stopped, "stopped while waiting for the server"};
    }
}

Result<ToolOutcome> startDevServer(const Json& input, ToolContext& context)
{
    auto command = parameter(input, "command", "");
    if (command.empty())
        command = usualStart(viewOf(context.workspace, "repo"));
    if (command.empty() || command.find('\0') != std::string::npos)
        return ToolOutcome::error("nothing in the project says how it is started; send `command`.");
    const auto before = listening(context);
    if (!before)
        return before.error();
    const auto job = startJob(command, "/workspace/repo", context);
    if (!job)
        return job.error();
    if (!job->problem.empty())
        return ToolOutcome::error(job->problem);
    JobState state;
    const auto ports = waitForPort(job->id, *before, state, context);
    if (!ports)
        return ports.error();
    auto outcome = jobOutcome(job->id, state, context,
                              ports->empty() ? "no port was opened\n" : fmt::format("listens on port {}\n", fmt::join(*ports, ", ")));
    outcome.isError = outcome.isError || !state.running;
    return outcome;
}

} // namespace

void addDevServerTool(Toolbox& tools)
{
    tools.push_back(makeTool("start_dev_server", ToolClass::Exec,
        "Starts a server in the background, waits up to 30 s until it listens, and answers with job_id, port and its first output. Without "
        "`command` the project's own start script is used. Ask it with run_command and curl; command_output shows more and stops it.",
        R"({"type": "object", "properties": {
            "command": {"type": "string", "maxLength": 10000, "description": "a shell command that stays in the foreground"}}})",
        startDevServer));
}

} // namespace aap
