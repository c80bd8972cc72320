#include "core/store/snapshot_diff.h"

#include "core/store/git.h"

namespace aap {
namespace {

constexpr std::string_view kActivity = "compare snapshots";

struct LimitedPatch {
    std::string text{};
    std::size_t limit = 0;
    bool isFull = false;

    static int append(const git_diff_delta* /*delta*/, const git_diff_hunk* /*hunk*/, const git_diff_line* line, void* payload)
    {
        auto& patch = *static_cast<LimitedPatch*>(payload);
        if (line->origin == GIT_DIFF_LINE_ADDITION || line->origin == GIT_DIFF_LINE_DELETION || line->origin == GIT_DIFF_LINE_CONTEXT)
            patch.text += line->origin;
        patch.text.append(line->content, line->content_len);
        patch.isFull = patch.text.size() > patch.limit;
        return patch.isFull ? -1 : 0;
    }
};

Git<git_commit> commitOf(git_repository* repository, const std::string& id)
{
    git_oid oid;
    if (id.size() != GIT_OID_HEXSZ || git_oid_fromstr(&oid, id.c_str()) != 0)
        return {};
    return gitMake(git_commit_lookup, repository, &oid);
}

/// The first one of its line.
Git<git_commit> rootOf(git_commit* commit)
{
    auto root = gitMake(git_commit_dup, commit);
    while (root && git_commit_parentcount(root.get()) > 0)
        root = gitMake(git_commit_parent, root.get(), 0U);
    return root;
}

} // namespace

Result<std::string> diffOfSnapshots(const std::filesystem::path& gitFolder, const std::string& from, const std::string& to, std::size_t limit)
{
    startGit();
    const auto repository = gitMake(git_repository_open_bare, gitFolder.c_str());
    if (!repository)
        return Error{ErrorCode::NotFound, "the run keeps no snapshots in " + gitFolder.string()};
    const auto after = commitOf(repository.get(), to);
    const auto before = !after ? Git<git_commit>() : from.empty() ? rootOf(after.get()) : commitOf(repository.get(), from);
    if (!after || (!before && !from.empty()))
        return Error{ErrorCode::NotFound, "there is no snapshot " + (after ? from : to)};
    const auto oldTree = before ? gitMake(git_commit_tree, before.get()) : Git<git_tree>();
    const auto newTree = gitMake(git_commit_tree, after.get());
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INDENT_HEURISTIC;
    options.max_size = 2 << 20; // larger texts count as binary
    const auto difference = gitMake(git_diff_tree_to_tree, repository.get(), oldTree.get(), newTree.get(), &options);
    if (!difference)
        return gitError(kActivity);
    LimitedPatch patch{.limit = limit};
    if (git_diff_print(difference.get(), GIT_DIFF_FORMAT_PATCH, &LimitedPatch::append, &patch) != 0 && !patch.isFull)
        return gitError(kActivity);
    return std::move(patch.text);
}

} // namespace aap
