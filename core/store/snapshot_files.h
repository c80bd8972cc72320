#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace aap {

/// A file of a project as a snapshot has it.
struct SnapshotFile {
    std::string path{}; ///< relative to repo/
    std::uint64_t bytes = 0;
    bool isLink = false;
    bool isExecutable = false;
    std::string blob{}; ///< 40 hex digits: the same for the same content
};

// All of these read the git directory that Snapshots wrote, also while a run works on it, and change nothing in it but where said.
// NotFound: no such directory or snapshot. Any thread.

/// Sorted by path.
Result<std::vector<SnapshotFile>> filesOfSnapshot(const std::filesystem::path& gitFolder, const std::string& commit);

/// Every file with its content, in the order of their paths; of a link the content is its target.
Result<void> readSnapshot(const std::filesystem::path& gitFolder, const std::string& commit,
                          const std::function<void(const SnapshotFile& file, std::string_view content)>& take);

/// Writes the files into a new folder and returns how many. Files are 0644 or 0755 and the caller's own; nothing is written outside
/// the folder, whatever the names and links say: a link that leads out is Invalid. Invalid, too: the folder exists. When it fails
/// no folder is left.
Result<std::size_t> restoreSnapshot(const std::filesystem::path& gitFolder, const std::string& commit, const std::filesystem::path& target);

/// Adds a snapshot that is `commit` with other content for some files (path below repo/ -> content), and returns its id. Invalid: a
/// path that is none or leads elsewhere, or that a folder or link stands at.
Result<std::string> editSnapshot(const std::filesystem::path& gitFolder, const std::string& commit, const std::map<std::string, std::string>& files);

} // namespace aap
