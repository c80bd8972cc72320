#include "core/agent/tools/families.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <QRegularExpression>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/project_command.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/text_edit.h"
#include "core/agent/tools/workspace_file.h"

namespace aap {
namespace {

constexpr std::size_t kMostFindings = 100;

/// Lines such as "src/a.py:12:1: E302 expected 2 blank lines".
std::vector<std::string> findingsIn(std::string_view output)
{
    static const QRegularExpression form(QStringLiteral(R"(^\S.*?:\d+(?::\d+)?:? )"));
    std::vector<std::string> findings;
    for (const auto line : splitLines(output))
        if (line.size() < 2000 && form.match(QString::fromUtf8(line.data(), qsizetype(line.size()))).hasMatch())
            findings.push_back(shortened(line, 300));
    return findings;
}

/// The command for one place; false when it always looks at everything.
bool narrow(std::vector<std::string>& argv, const std::string& path)
{
    if (path.empty() || argv.back() != ".")
        return path.empty();
    argv.back() = path.starts_with('-') ? "./" + path : path;
    return true;
}

Result<ToolOutcome> lint(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(parameter(input, "path", ""));
    if (!path)
        return ToolOutcome::error(path.error().detail);
    if (const auto entry = context.workspace.stat(path->beneath()); !entry)
        return ToolOutcome::error(whyNotOpened(entry.error(), *path, context.workspace));
    auto chosen = path->isRepository() ? chooseCommand(context, ProjectTask::Lint) : detectCommand(context, ProjectTask::Lint);
    if (!chosen)
        return std::move(chosen).error();
    if (!chosen->problem.empty())
        return notAvailable(chosen->problem);
    auto argv = chosen->command.argv;
    const bool narrowed = narrow(argv, path->isRepository() ? "" : path->inSandbox());
    const auto result = runInSandbox(context, argv, kLongTimeout);
    if (!result)
        return result.error();
    auto before = fmt::format("{}  (because of {}){}", commandLine(argv), chosen->command.because, narrowed ? "" : "\n`path` was not used: this linter always looks at the whole project.");
    auto findings = findingsIn(cleanText(result->output));
    if (findings.size() <= kMostFindings) {
        before += findings.empty() ? "" : fmt::format("\n{} finding{}", findings.size(), findings.size() == 1 ? "" : "s");
        return commandOutcome(*result, context, before);
    }
    before += fmt::format("\n{} findings, of which the first {}", findings.size(), kMostFindings);
    findings.resize(kMostFindings);
    auto shown = *result;
    shown.output = fmt::format("{}", fmt::join(findings, "\n"));
    return commandOutcome(shown, context, before);
}

} // namespace

void addLintTool(Toolbox& tools, std::string_view name)
{
    tools.push_back(makeTool(name, ToolClass::Exec,
        "Runs the linter that the project's design or configuration names, else the one of its language, and answers with at most 100 "
        "findings as `file:line: text`. Exit code 0 means that it found nothing. `path` narrows it to a file or folder.",
        R"({"type": "object", "properties": {
            "path": {"type": "string", "description": "a file or folder; the project by default"}}})",
        lint));
}

} // namespace aap
