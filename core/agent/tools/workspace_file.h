#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/agent/tool.h"
#include "core/agent/tools/ignore_rules.h"
#include "core/agent/tools/workspace_path.h"
#include "core/base/beneath.h"

namespace aap {

/// The path as a model writes it, of an entry's path relative to the workspace: "repo/a.py" is "a.py".
std::string shownPath(std::string_view beneath);

/// Why a path could not be opened, as a sentence for the model; of what is not there, with the three nearest paths there are.
std::string whyNotOpened(const Error& error, const WorkspacePath& path, const Folder& workspace);

/// The bytes of a file, of which the context then knows that the model has read them. The Error's detail is for the model.
Result<std::string> readForModel(const WorkspacePath& path, ToolContext& context);

/// Writes what the model made, as the agent's user: refused where the role may not write, and over a file that was not read or
/// has changed since.
ToolOutcome writeForModel(const WorkspacePath& path, std::string_view content, ToolContext& context);

/// Puts `after` in the place of `before`, which was read a moment ago; keeps the mode. A model that had read the file still knows it.
Result<void> replaceContent(const WorkspacePath& path, std::string_view before, std::string_view after, ToolContext& context);

/// The .gitignore files that hold for what lies in `folder`, itself included. None outside the repository.
IgnoreRules rulesFor(const Folder& workspace, const WorkspacePath& folder);
/// Adds the .gitignore of one folder; `beneath` is relative to the workspace.
void addRulesOf(IgnoreRules& rules, const Folder& workspace, const std::string& beneath);

/// A regular file found in the project.
struct ProjectFile {
    std::string beneath{}; ///< relative to the workspace
    std::string shown{};
    std::uint64_t bytes = 0;
};
/// Calls `visit` for every regular file below `path` (or for the file it names) that git would not ignore, sorted, without folders of
/// builds and tools, until it returns false. Links are not followed.
Result<void> eachProjectFile(const Folder& workspace, const WorkspacePath& path, const std::function<bool(const ProjectFile&)>& visit);

/// A NUL near the start: no text.
bool looksBinary(std::string_view content);

} // namespace aap
