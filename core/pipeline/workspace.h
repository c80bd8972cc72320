#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace aap {

/// The live workspace of a run on the host: `<folder>/<run id>/` with `repo/` and `.agent/out/`, owned by the agents' user,
/// entered by nobody else.
struct WorkspaceRequest {
    std::filesystem::path folder{}; ///< workspace_path
    std::string runId{};
    std::optional<std::string> repository{}; ///< https URL or path to fill repo/ from; its own .git is not taken along
    std::vector<std::filesystem::path> attachments{}; ///< put into repo/ besides; see attachments.h
    std::pair<unsigned, unsigned> owner{};
    Milliseconds patience = std::chrono::minutes(10); ///< for fetching a repository
    std::function<void(const std::string&)> leftOut{}; ///< hears what was not taken along: "dev/fifo: neither file, folder nor link"
};

/// Makes it. A path is copied (regular files only; links that leave the tree, special files and `.git` are left out); a URL, or the
/// path of a bare repository, is fetched by libgit2 without credentials, hooks, filters or submodules, its default branch alone.
/// Nothing is left behind when it fails. Invalid: no such path, a URL of another scheme than https or with a password in it, a path
/// that is inside the workspace folder. Timeout and Stopped are obeyed while a server is silent, too.
Result<Folder> prepareWorkspace(const WorkspaceRequest& request, const std::stop_token& stop);

/// Removes `<folder>/<run id>/`, and what a fetch for it that was cut has left.
Result<void> removeWorkspace(const std::filesystem::path& folder, const std::string& runId);

} // namespace aap
