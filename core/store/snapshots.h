#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/result.h"

namespace aap {

/// What happened to a file between two snapshots.
struct FileChange {
    enum class Kind { Added, Modified, Deleted };
    Kind kind{};
    std::string path{}; ///< relative to repo/
};

/// The state of a project after every change, as commits in a bare git directory outside the workspace: an agent can neither
/// rewrite history nor plant hooks, filters or settings. Files are read through Folder and written as blobs by ourselves; git never
/// looks at the workspace. Left out by rule: `.git`, files over 20 MiB, special files, hard links, links that leave repo/, and
/// folders that tools fill (node_modules, caches, build trees); restore() leaves those alone. Modes are 0644 or 0755, empty folders
/// are not kept, a renamed file counts as deleted and added. One thread.
class Snapshots {
public:
    /// Makes the git directory (0700) when it is not there. `workspace` is the host side of /workspace; `repo/` in it is recorded.
    /// Invalid: the git directory lies in the workspace.
    static Result<std::unique_ptr<Snapshots>> open(const std::filesystem::path& gitFolder, const Folder& workspace);
    Snapshots() = default;
    Snapshots(const Snapshots&) = delete;
    Snapshots& operator=(const Snapshots&) = delete;
    virtual ~Snapshots() = default;

    /// Commits what is there now; the id of the last commit when nothing has changed. 40 hex digits. It is on disk then.
    virtual Result<std::string> take(const std::string& message) = 0;
    /// Puts repo/ back to a commit: files that are not in it are removed. What it writes belongs to `owner`.
    virtual Result<void> restore(const std::string& commit, std::pair<unsigned, unsigned> owner) = 0;
    virtual Result<std::vector<FileChange>> changes(const std::string& from, const std::string& to) = 0;
    /// A unified diff of text files, at most `limit` bytes.
    virtual Result<std::string> diff(const std::string& from, const std::string& to, std::size_t limit = 1U << 20U) = 0;
    /// Names a commit: "coding-1". Moves a tag of that name.
    virtual Result<void> tag(const std::string& commit, const std::string& name) = 0;
    /// What the last take() or restore() left out by rule: "big.bin: larger than 20 MiB".
    virtual std::vector<std::string> leftOut() const = 0;
};

} // namespace aap
