#include "core/agent/tools/project_command.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/base/beneath.h"

namespace aap {
namespace {

constexpr std::uint64_t kLargestManifest = 4U << 20U;

/// What the design calls a task; empty for what it does not know.
std::string designName(ProjectTask task)
{
    switch (task) {
    case ProjectTask::Test: return "test";
    case ProjectTask::Build: return "build";
    case ProjectTask::Lint: return "lint";
    case ProjectTask::Coverage: return "coverage";
    case ProjectTask::Benchmark: break;
    }
    return {};
}

TestFormat formatOf(const std::vector<std::string>& argv)
{
    static constexpr std::array<std::pair<std::string_view, TestFormat>, 8> kWords{{{"pytest", TestFormat::Pytest}, {"unittest", TestFormat::Unittest},
        {"ctest", TestFormat::Ctest}, {"jest", TestFormat::Jest}, {"node", TestFormat::Node}, {"go", TestFormat::Go}, {"cargo", TestFormat::Cargo}, {"bats", TestFormat::Bats}}};
    for (const auto& [word, format] : kWords)
        if (std::ranges::find(argv, word) != argv.end())
            return format;
    return TestFormat::Unknown;
}

Result<bool> hasModule(ToolContext& context, const std::string& module)
{
    const auto found = runInSandbox(context, {"python3", "-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)", module}, kCommandTimeout);
    if (!found)
        return Error(found.error()).during("look for the Python module " + module);
    return found->succeeded();
}

/// What a way lacks in this sandbox; empty when it can be gone.
Result<std::string> lackOf(ToolContext& context, const ProjectCommand& way)
{
    for (const auto& program : {way.argv.front(), way.program}) {
        const auto present = program.empty() ? Result<bool>(true) : hasProgram(context, program);
        if (!present)
            return present.error();
        if (!*present)
            return program;
    }
    if (way.module.empty())
        return std::string();
    const auto importable = hasModule(context, way.module);
    if (!importable)
        return importable.error();
    return *importable ? std::string() : way.module;
}

} // namespace

ProjectView viewOf(const Folder& folder, const std::string& root)
{
    const auto at = [root](const std::string& path) { return root.empty() || path.empty() ? root + path : root + '/' + path; };
    ProjectView view;
    view.exists = [&folder, at](const std::string& path) { return folder.stat(at(path)).has_value(); };
    view.text = [&folder, at](const std::string& path) { return folder.read(at(path), kLargestManifest).value_or({}); };
    view.names = [&folder, at](const std::string& below) {
        std::vector<std::string> names;
        for (const auto& entry : folder.list(at(below)).value_or({}))
            names.push_back(entry.path.substr(entry.path.rfind('/') + 1) + (entry.kind == Folder::Kind::Folder ? "/" : ""));
        return names;
    };
    return view;
}

Result<ChosenCommand> detectCommand(ToolContext& context, ProjectTask task)
{
    const auto ways = projectCommands(viewOf(context.workspace, "repo"), task);
    if (ways.empty())
        return ChosenCommand{.problem = "no manifest in the project says how; use run_command if you know it."};
    std::set<std::string> lacks;
    for (const auto& way : ways) {
        const auto lack = lackOf(context, way);
        if (!lack)
            return lack.error();
        if (lack->empty())
            return ChosenCommand{.command = way};
        lacks.insert(*lack);
    }
    return ChosenCommand{.problem = fmt::format("{} says how, but {} {} not available in this image.", ways.front().because, fmt::join(lacks, ", "), lacks.size() == 1 ? "is" : "are")};
}

Result<ChosenCommand> chooseCommand(ToolContext& context, ProjectTask task)
{
    const auto designed = context.commands.find(designName(task));
    if (designed != context.commands.end() && !designed->second.empty())
        return ChosenCommand{.command = {.argv = designed->second, .because = "the design", .format = formatOf(designed->second)}};
    return detectCommand(context, task);
}

ToolOutcome notAvailable(std::string sentence)
{
    ToolOutcome outcome;
    outcome.text = "Not run: " + std::move(sentence);
    return outcome;
}

std::string commandLine(const std::vector<std::string>& argv)
{
    return shortened(cleanText(fmt::format("{}", fmt::join(argv, " "))), 500);
}

} // namespace aap
