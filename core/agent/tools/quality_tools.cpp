#include "core/agent/tools/families.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/project_command.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/test_output.h"
#include "core/agent/tools/workspace_path.h"

namespace aap {
namespace {

using Argv = std::vector<std::string>;

/// Reports lie beside the project, not in it: an agent that may change tests only must not seem to have changed more.
constexpr auto kReports = "/workspace/.agent/reports";
constexpr auto kDataFile = "COVERAGE_FILE=/tmp/aap.coverage";

bool names(const Argv& argv, std::string_view word)
{
    return std::ranges::find(argv, word) != argv.end();
}

std::string reportPath(const std::string& format)
{
    return format == "html" ? fmt::format("{}/htmlcov", kReports) : fmt::format("{}/coverage.{}", kReports, format);
}

/// pytest writes the report itself; coverage.py is asked for table and report afterwards. `report` is set to what will be written.
Argv coverageCall(const Argv& command, const std::string& format, std::string& report)
{
    const bool wanted = format != "text";
    if (names(command, "pytest")) {
        Argv argv{"env", kDataFile};
        argv.insert(argv.end(), command.begin(), command.end());
        if (wanted)
            argv.push_back(fmt::format("--cov-report={}:{}", format, report = reportPath(format)));
        return argv;
    }
    if (names(command, "coverage") && names(command, "run")) {
        Argv argv{"env", kDataFile, "/bin/sh", "-c",
                  R"(format=$1 report=$2; shift 2; "$@"; code=$?; python3 -m coverage report; case $format in html) python3 -m coverage html -q -d "$report";; xml|json) python3 -m coverage "$format" -q -o "$report";; esac; exit $code)",
                  "coverage", format, wanted ? report = reportPath(format) : std::string()};
        argv.insert(argv.end(), command.begin(), command.end());
        return argv;
    }
    return command;
}

Result<ToolOutcome> runCoverage(const Json& input, ToolContext& context)
{
    const auto format = parameter(input, "output_format", "text");
    const auto chosen = chooseCommand(context, ProjectTask::Coverage);
    if (!chosen)
        return chosen.error();
    if (!chosen->problem.empty())
        return notAvailable(chosen->problem);
    std::string report;
    const auto argv = coverageCall(chosen->command.argv, format, report);
    const auto result = runInSandbox(context, argv, kLongTimeout);
    if (!result)
        return result.error();
    const auto output = cleanText(result->output);
    auto before = fmt::format("{}  (because of {})\n{}\n", commandLine(chosen->command.argv), chosen->command.because, describe(readCoverage(output)));
    if (const auto summary = summariseTests(output, chosen->command.format); summary.recognised)
        before += describe(summary) + "\n";
    if (!report.empty())
        before += "the report is in " + report + "\n";
    else if (format != "text")
        before += "this command writes no report of its own\n";
    return commandOutcome(*result, context, before);
}

Result<ToolOutcome> runPerformanceTest(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(parameter(input, "test_path", ""));
    if (!path)
        return ToolOutcome::error(path.error().detail);
    const auto chosen = chooseCommand(context, ProjectTask::Benchmark);
    if (!chosen)
        return chosen.error();
    if (!chosen->problem.empty())
        return notAvailable(chosen->problem);
    std::string left;
    const auto argv = withSelection(chosen->command, {.path = path->isRepository() ? std::string() : path->shown()}, left);
    const auto result = runInSandbox(context, argv, kLongTimeout);
    if (!result)
        return result.error();
    auto before = fmt::format("{}  (because of {})\n", commandLine(argv), chosen->command.because);
    if (!left.empty())
        before += left + " was not used: this command cannot be narrowed by it.\n";
    return commandOutcome(*result, context, before);
}

} // namespace

void addQualityTools(Toolbox& tools)
{
    tools.push_back(makeTool("run_coverage", ToolClass::Exec,
        "Runs the tests under measurement and answers with the total coverage, the 20 files covered worst and the tool's table. With "
        "`output_format` html, xml or json a report is written besides; the answer names its place. Ends after 600 s at the latest.",
        R"({"type": "object", "properties": {
            "output_format": {"enum": ["text", "html", "xml", "json"], "description": "text by default"}}})",
        runCoverage));
    tools.push_back(makeTool("run_performance_test", ToolClass::Exec,
        "Runs the project's benchmarks (pytest-benchmark, the script `bench` of package.json, go test -bench, cargo bench, make bench) and "
        "answers with their table. Only for projects that have some; to time one thing use run_command. Ends after 600 s at the latest.",
        R"({"type": "object", "properties": {
            "test_path": {"type": "string", "maxLength": 1000, "description": "a file or folder; all by default"}}})",
        runPerformanceTest));
}

} // namespace aap
