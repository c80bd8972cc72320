#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_event.h"

namespace aap {

/// The project of a run as a git repository in a new folder, its files those of the last commit: one commit for each time that a stage
/// ended, in their order, with its verdict and the time of then; before them the project it began with, when there was one. Returns the
/// number of commits. Nothing of the repository is an agent's: no hooks, no settings, no git folders in the project. NotFound: the run has no
/// snapshots (one that was imported has none). Invalid: no stage of it ended, or the folder exists. When it fails no folder is left.
Result<std::size_t> exportGit(const std::vector<RunEvent>& events, const std::filesystem::path& snapshots, const std::filesystem::path& target);

} // namespace aap
