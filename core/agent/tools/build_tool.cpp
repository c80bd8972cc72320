#include "core/agent/tools/families.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/project_command.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/workspace_file.h"

namespace aap {
namespace {

constexpr std::array kOutputFolders{"repo/build", "repo/dist", "repo/out", "repo/target"};
constexpr std::size_t kMostProducts = 20;

bool isProduct(std::string_view path)
{
    static constexpr std::array<std::string_view, 5> kInside{"/CMakeFiles/", "/deps/", "/.fingerprint/", "/incremental/", "/node_modules/"};
    return std::ranges::none_of(kInside, [&](auto part) { return path.find(part) != std::string_view::npos; });
}

/// What lies where builds put their results.
std::string products(const Folder& workspace)
{
    std::string text;
    std::size_t found = 0;
    const auto visit = [&](const Folder::Entry& entry) {
        if (entry.kind == Folder::Kind::File && isProduct(entry.path) && ++found <= kMostProducts)
            text += fmt::format("  {}  {} bytes\n", visibleText(shownPath(entry.path)), entry.bytes);
        return found > kMostProducts ? Folder::Walk::Stop : Folder::Walk::Into;
    };
    for (const auto* folder : kOutputFolders)
        (void)!workspace.walk(folder, visit); // most projects lack most of them
    if (text.empty())
        return "no files in the usual output folders\n";
    return "in the output folders:\n" + text + (found > kMostProducts ? "  …\n" : "");
}

Result<ToolOutcome> runBuild(const Json& input, ToolContext& context)
{
    std::vector<std::string> argv;
    std::string because = "your command";
    if (const auto own = parameter(input, "build_command", ""); !own.empty()) {
        argv = {"/bin/bash", "-c", own};
    } else {
        const auto chosen = chooseCommand(context, ProjectTask::Build);
        if (!chosen)
            return chosen.error();
        if (!chosen->problem.empty())
            return notAvailable(chosen->problem);
        argv = chosen->command.argv;
        because = chosen->command.because;
    }
    const auto result = runInSandbox(context, argv, kLongTimeout);
    if (!result)
        return result.error();
    const auto before = fmt::format("{}  (because of {})\n{}", commandLine(argv), because, products(context.workspace));
    return commandOutcome(*result, context, before);
}

} // namespace

void addBuildTool(Toolbox& tools)
{
    tools.push_back(makeTool("run_build", ToolClass::Exec,
        "Builds the project as its design or manifests say, or with `build_command`, and answers with the output and the files in the usual "
        "output folders. Images are not built by it. Ends after 600 s at the latest.",
        R"({"type": "object", "properties": {
            "build_command": {"type": "string", "maxLength": 10000, "description": "a shell command instead of the detected one"}}})",
        runBuild));
}

} // namespace aap
