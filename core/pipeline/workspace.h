#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "core/base/beneath.h"
#include "core/base/result.h"

namespace aap {

/// The live workspace of a run on the host: `<folder>/<run id>/` with `repo/` and `.agent/out/`, owned by the agents' user,
/// entered by nobody else.
struct WorkspaceRequest {
    std::filesystem::path folder{}; ///< workspace_path
    std::string runId{};
    std::optional<std::string> repository{}; ///< https URL or path to fill repo/ from; its own .git is not taken along
    std::pair<unsigned, unsigned> owner{};
};

/// Makes it. A path is copied (regular files only; links that leave the tree, special files and `.git` are left out); a URL is
/// cloned by libgit2 without credentials, hooks, filters or submodules, its newest commit alone. Invalid: no such
/// path, a URL of another scheme than https or with a password in it, a path that is inside the workspace folder.
Result<Folder> prepareWorkspace(const WorkspaceRequest& request, const std::stop_token& stop);

/// Removes `<folder>/<run id>/`.
Result<void> removeWorkspace(const std::filesystem::path& folder, const std::string& runId);

} // namespace aap
