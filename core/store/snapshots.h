#pragma once

#include <filesystem>
#include <memory>
#include <string>
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
/// looks at the workspace. A `.git` that an agent made is left out. One thread.
class Snapshots {
public:
    /// Makes the git directory when it is not there. `workspace` is the host side of /workspace; `repo/` in it is recorded.
    static Result<std::unique_ptr<Snapshots>> open(const std::filesystem::path& gitFolder, const Folder& workspace);
    virtual ~Snapshots() = default;

    /// Commits what is there now; the id of the last commit when nothing has changed. 40 hex digits.
    virtual Result<std::string> take(const std::string& message) = 0;
    /// Puts repo/ back to a commit: files that are not in it are removed. Files belong to `owner` afterwards.
    virtual Result<void> restore(const std::string& commit, std::pair<unsigned, unsigned> owner) = 0;
    virtual Result<std::vector<FileChange>> changes(const std::string& from, const std::string& to) = 0;
    /// A unified diff of text files, at most `limit` bytes.
    virtual Result<std::string> diff(const std::string& from, const std::string& to, std::size_t limit = 1U << 20U) = 0;
    /// Names a commit: "coding-1". Moves a tag of that name.
    virtual Result<void> tag(const std::string& commit, const std::string& name) = 0;
    /// Relative paths of the notes about what was left out by rule (files over 20 MB, special files), since the last take().
    virtual std::vector<std::string> leftOut() const = 0;
};

} // namespace aap
