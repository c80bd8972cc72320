#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <git2.h>

#include "core/base/result.h"

namespace aap {

/// libgit2, started once for the process. It reads no system's, user's or template's settings; hooks, filters and external
/// programs it never runs. Any thread.
void startGit();

/// The calling thread's last libgit2 failure as an Error.
Error gitError(std::string_view activity);

/// Frees what libgit2 made.
struct GitFree {
    void operator()(git_repository* it) const { git_repository_free(it); }
    void operator()(git_commit* it) const { git_commit_free(it); }
    void operator()(git_tree* it) const { git_tree_free(it); }
    void operator()(git_odb* it) const { git_odb_free(it); }
    void operator()(git_blob* it) const { git_blob_free(it); }
    void operator()(git_treebuilder* it) const { git_treebuilder_free(it); }
    void operator()(git_signature* it) const { git_signature_free(it); }
    void operator()(git_reference* it) const { git_reference_free(it); }
    void operator()(git_diff* it) const { git_diff_free(it); }
    void operator()(git_index* it) const { git_index_free(it); }
    void operator()(git_odb_object* it) const { git_odb_object_free(it); }
    void operator()(git_remote* it) const { git_remote_free(it); }
};
template <typename T>
using Git = std::unique_ptr<T, GitFree>;

/// Calls a libgit2 function whose first parameter is where the new object goes; null when it failed.
template <typename T, typename... Parameters, typename... Arguments>
Git<T> gitMake(int (*function)(T**, Parameters...), Arguments&&... arguments)
{
    T* made = nullptr;
    return function(&made, std::forward<Arguments>(arguments)...) == 0 ? Git<T>(made) : Git<T>();
}

/// A bare repository of ours in a folder that only we can enter; made when it is not there. What a program that was killed has left
/// in it half done (locks, temporary objects) is removed: whoever opens it is the only one who works with it.
Result<Git<git_repository>> openBareRepository(const std::filesystem::path& folder);

/// One that is there already, which may be at work: nothing in it is touched. NotFound: there is none.
Result<Git<git_repository>> openForReading(const std::filesystem::path& folder);

/// Null when there is no such commit, or `id` is no id.
Git<git_commit> commitOf(git_repository* repository, const std::string& id);

/// Returns when these objects and the branch main are on disk, so that neither a power cut nor a crash of the system takes them.
/// What is in no file of its own is passed over.
Result<void> syncObjects(const std::filesystem::path& folder, const std::vector<git_oid>& objects);

/// 40 hex digits.
std::string hex(const git_oid& id);

} // namespace aap
