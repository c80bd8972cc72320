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
    const auto repository = openForReading(gitFolder);
    if (!repository)
        return repository.error();
    auto before = commitOf(repository->get(), from);
    auto after = commitOf(repository->get(), to);
    if ((!before && !from.empty()) || (!after && !to.empty()))
        return Error{ErrorCode::NotFound, "there is no snapshot " + (from.empty() || before ? to : from)};
    if (!before && !after)
        return std::string();
    if (!before)
        before = rootOf(after.get());
    if (!after)
        after = rootOf(before.get());
    const auto oldTree = gitMake(git_commit_tree, before.get());
    const auto newTree = gitMake(git_commit_tree, after.get());
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INDENT_HEURISTIC;
    options.max_size = 2 << 20; // larger texts count as binary
    const auto difference = gitMake(git_diff_tree_to_tree, repository->get(), oldTree.get(), newTree.get(), &options);
    if (!difference)
        return gitError(kActivity);
    LimitedPatch patch{.limit = limit};
    if (git_diff_print(difference.get(), GIT_DIFF_FORMAT_PATCH, &LimitedPatch::append, &patch) != 0 && !patch.isFull)
        return gitError(kActivity);
    return std::move(patch.text);
}

} // namespace aap
