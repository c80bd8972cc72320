#include "core/agent/tools/families.h"

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/manifests.h"
#include "core/agent/tools/workspace_file.h"

namespace aap {
namespace {

constexpr std::size_t kMostRows = 300;
constexpr std::uint64_t kLargestLockFile = 4U << 20U;

std::string rowOf(const Dependency& dependency)
{
    return fmt::format("  {}  {}  {}\n", shortened(cleanText(dependency.name), 200),
                       dependency.version.empty() ? "(any version)" : shortened(cleanText(dependency.version), 100), dependency.kind);
}

Result<ToolOutcome> analyzeDependencies(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(parameter(input, "path", "."));
    if (!path)
        return ToolOutcome::error(path.error().detail);
    std::string table;
    std::size_t manifests = 0;
    std::size_t rows = 0;
    const auto walked = eachProjectFile(context.workspace, *path, [&](const ProjectFile& file) {
        const auto name = file.shown.substr(file.shown.rfind('/') + 1);
        const auto text = isManifest(name) ? context.workspace.read(file.beneath, kLargestLockFile, Folder::Links::Refuse) : Result<std::string>(Error{});
        if (!text)
            return !context.stop.stop_requested();
        ++manifests;
        const auto dependencies = parseManifest(name, *text);
        table += fmt::format("{}: {}\n", visibleText(file.shown), dependencies.empty() ? "nothing needed" : "");
        for (const auto& dependency : dependencies)
            if (++rows <= kMostRows)
                table += rowOf(dependency);
        return !context.stop.stop_requested();
    });
    if (context.stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while manifests were read"};
    if (!walked && walked.error().code != ErrorCode::Limit)
        return ToolOutcome::error(whyNotOpened(walked.error(), *path, context.workspace));
    if (manifests == 0)
        table = "There is no manifest (package.json, requirements.txt, pyproject.toml, go.mod, Cargo.toml, pom.xml, build.gradle, CMakeLists.txt).";
    if (rows > kMostRows)
        table += fmt::format("[{} more are not shown; name a `path`]\n", rows - kMostRows);
    return textOutcome(table, context);
}

} // namespace

void addDependencyTool(Toolbox& tools)
{
    tools.push_back(makeTool("analyze_dependencies", ToolClass::Read,
        "Lists what the project's manifests ask for: name, version and kind of each dependency, at most 300. Reads package.json, "
        "requirements.txt, pyproject.toml, go.mod, Cargo.toml, pom.xml, build.gradle and CMakeLists.txt, wherever they lie. It does not "
        "tell what is installed; run_command does.",
        R"({"type": "object", "properties": {
            "path": {"type": "string", "description": "a folder or a manifest; the project by default"}}})",
        analyzeDependencies));
}

} // namespace aap
