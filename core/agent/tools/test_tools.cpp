#include "core/agent/tools/families.h"

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/project_command.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/test_output.h"
#include "core/agent/tools/workspace_path.h"

namespace aap {
namespace {

/// The selection, checked; the Error is a sentence for the model.
Result<TestSelection> selectionOf(const Json& input)
{
    TestSelection selection{.pattern = parameter(input, "pattern", ""), .verbose = parameter(input, "verbose", false)};
    auto wanted = parameter(input, "test_path", "");
    std::string part; // "tests/test_a.py::test_x" names a test in a file
    if (const auto colons = wanted.find("::"); colons != std::string::npos) {
        part = wanted.substr(colons);
        wanted.resize(colons);
    }
    const auto path = WorkspacePath::parse(wanted);
    if (!path)
        return path.error();
    if (!path->isInRepository() || selection.pattern.starts_with('-') || path->shown().starts_with('-') || (part + selection.pattern).find('\0') != std::string::npos)
        return Error{ErrorCode::Invalid, "`test_path` is a file or folder below /workspace/repo, and neither it nor `pattern` may start with `-`."};
    if (!path->isRepository())
        selection.path = path->shown() + part;
    return selection;
}

Result<ToolOutcome> runTests(const Json& input, ToolContext& context)
{
    const auto selection = selectionOf(input);
    if (!selection)
        return ToolOutcome::error(selection.error().detail);
    const auto chosen = chooseCommand(context, ProjectTask::Test);
    if (!chosen)
        return chosen.error();
    if (!chosen->problem.empty())
        return notAvailable(chosen->problem);
    std::string left;
    const auto argv = withSelection(chosen->command, *selection, left);
    const auto result = runInSandbox(context, argv, kLongTimeout);
    if (!result)
        return result.error();
    auto before = fmt::format("{}  (because of {})\n", commandLine(argv), chosen->command.because);
    if (!left.empty())
        before += fmt::format("{} was not used: this command cannot be narrowed by it.\n", left);
    const auto summary = summariseTests(cleanText(result->output), chosen->command.format);
    before += summary.recognised ? describe(summary) : "its output holds no totals that we know";
    return commandOutcome(*result, context, before + "\n");
}

} // namespace

void addTestRunTool(Toolbox& tools)
{
    tools.push_back(makeTool("run_tests", ToolClass::Exec,
        "Runs the project's tests with the framework its design or manifests name, and answers with the totals, the failing tests and the "
        "output. `test_path` and `pattern` narrow the run, as the framework understands them. Ends after 600 s at the latest.",
        R"({"type": "object", "properties": {
            "test_path": {"type": "string", "maxLength": 1000, "description": "a file or folder; for pytest also file.py::test_name"},
            "pattern": {"type": "string", "maxLength": 300, "description": "only tests whose names match"},
            "verbose": {"type": "boolean", "description": "name every test"}}})",
        runTests));
}

} // namespace aap
