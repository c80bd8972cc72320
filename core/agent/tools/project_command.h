#pragma once

#include <string>

#include "core/agent/tool.h"
#include "core/agent/tools/project_kind.h"

namespace aap {

/// The project as detection looks at it: below `root` ("repo", or "" for the folder itself). `folder` outlives it.
ProjectView viewOf(const Folder& folder, const std::string& root);

/// The way to do a task that this sandbox can go, or a sentence that says why there is none.
struct ChosenCommand {
    ProjectCommand command{};
    std::string problem{}; ///< not empty: there is no command
};
/// What the design says wins; then what the project's manifests say, the first whose program and module are there.
Result<ChosenCommand> chooseCommand(ToolContext& context, ProjectTask task);
/// The same without the design's word, for calls that it does not fit.
Result<ChosenCommand> detectCommand(ToolContext& context, ProjectTask task);

/// Missing tools are no failure of the project: an ordinary answer.
ToolOutcome notAvailable(std::string sentence);

/// "python3 -m pytest -q", as people write it.
std::string commandLine(const std::vector<std::string>& argv);

} // namespace aap
