#include "core/store/snapshots.h"

#include <array>
#include <ctime>
#include <functional>
#include <unordered_map>

#include <fmt/format.h>

#include "core/store/git.h"
#include "core/store/project_tree.h"

namespace aap {
namespace {

constexpr auto kBranch = "refs/heads/main";
constexpr std::string_view kCut = "[the rest of the diff is left out]\n";

Error unknownCommit(const std::string& id)
{
    return Error{ErrorCode::NotFound, "there is no snapshot " + id.substr(0, 60)};
}

/// Collects the printed lines of a diff up to a limit.
struct DiffText {
    std::string text{};
    std::size_t limit = 0;
    bool isCut = false;

    static int append(const git_diff_delta*, const git_diff_hunk*, const git_diff_line* line, void* payload)
    {
        auto& diff = *static_cast<DiffText*>(payload);
        const bool hasSign = line->origin == GIT_DIFF_LINE_CONTEXT || line->origin == GIT_DIFF_LINE_ADDITION || line->origin == GIT_DIFF_LINE_DELETION;
        if (diff.text.size() + line->content_len + 1 + kCut.size() > diff.limit) {
            diff.isCut = true;
            return GIT_EUSER;
        }
        if (hasSign)
            diff.text += line->origin;
        diff.text.append(line->content, line->content_len);
        return 0;
    }
};

std::string pathOf(const git_diff_delta& delta)
{
    return delta.status == GIT_DELTA_DELETED ? delta.old_file.path : delta.new_file.path;
}

class GitSnapshots final : public Snapshots {
public:
    GitSnapshots(Git<git_repository> repository, const Folder& workspace)
        : m_repository(std::move(repository)), m_workspace(workspace), m_tree(*m_repository)
    {
    }

    Result<std::string> take(const std::string& message) override;
    Result<void> restore(const std::string& commit, std::pair<unsigned, unsigned> owner) override;
    Result<std::vector<FileChange>> changes(const std::string& from, const std::string& to) override;
    Result<std::string> diff(const std::string& from, const std::string& to, std::size_t limit) override;
    Result<void> tag(const std::string& commit, const std::string& name) override;
    std::vector<std::string> leftOut() const override { return m_leftOut; }

private:
    Result<git_oid> record();
    Result<void> keep(const std::string& commit);
    Result<std::string> commit(const git_oid& tree, const std::string& message, const git_commit* parent);
    Git<git_commit> find(const std::string& id) const { return commitOf(m_repository.get(), id); }
    Git<git_commit> head() const;
    Git<git_tree> treeOf(const git_commit* commit) const { return gitMake(git_commit_tree, commit); }
    Git<git_diff> compare(git_tree* from, git_tree* to) const;
    Result<Git<git_diff>> compare(const std::string& from, const std::string& to) const;
    Result<void> put(const Folder& repo, const git_diff_file& file, const Folder::WriteOptions& options) const;

    Git<git_repository> m_repository;
    Folder m_workspace;
    ProjectTree m_tree;
    std::vector<git_oid> m_unkept{}; ///< objects that may not be on disk yet
    std::string m_kept{};            ///< the commit that is
    std::vector<std::string> m_leftOut{};
};

Result<git_oid> GitSnapshots::record()
{
    auto repo = m_workspace.folder("repo");
    if (!repo)
        return std::move(repo).error().during("record the project");
    auto recorded = m_tree.record(*repo);
    if (!recorded)
        return std::move(recorded).error().during("record the project");
    m_leftOut = m_tree.leftOut();
    return recorded;
}

Git<git_commit> GitSnapshots::head() const
{
    git_oid oid;
    if (git_reference_name_to_id(&oid, m_repository.get(), kBranch) != 0)
        return {};
    return gitMake(git_commit_lookup, m_repository.get(), &oid);
}

Result<std::string> GitSnapshots::take(const std::string& message)
{
    const auto tree = record();
    if (!tree)
        return tree.error();
    const auto last = head();
    const bool isSame = last && git_oid_equal(git_commit_tree_id(last.get()), &*tree);
    auto taken = isSame ? Result<std::string>(hex(*git_commit_id(last.get()))) : commit(*tree, message, last.get());
    auto kept = taken ? keep(*taken) : std::move(taken).error();
    return kept ? std::move(taken) : std::move(kept).error();
}

/// Whoever writes the id down must find it again.
Result<void> GitSnapshots::keep(const std::string& commit)
{
    const auto added = m_tree.takeWritten();
    m_unkept.insert(m_unkept.end(), added.begin(), added.end());
    if (m_unkept.empty() && commit == m_kept)
        return {};
    git_oid id;
    git_oid_fromstr(&id, commit.c_str());
    m_unkept.push_back(id);
    if (auto synced = syncObjects(git_repository_path(m_repository.get()), m_unkept); !synced)
        return synced;
    m_unkept.clear();
    m_kept = commit;
    return {};
}

Result<std::string> GitSnapshots::commit(const git_oid& tree, const std::string& message, const git_commit* parent)
{
    const auto content = gitMake(git_tree_lookup, m_repository.get(), &tree);
    const auto author = gitMake(git_signature_new, "AI Agent Pipeline", "agent-pipeline@localhost", git_time_t(std::time(nullptr)), 0);
    if (!content || !author)
        return gitError("record the project");
    std::array<const git_commit*, 1> parents{parent};
    git_oid made;
    if (git_commit_create(&made, m_repository.get(), kBranch, author.get(), author.get(), "UTF-8", message.c_str(), content.get(),
                          parent ? 1 : 0, parents.data())
        != 0)
        return gitError("record the project");
    return hex(made);
}

Git<git_diff> GitSnapshots::compare(git_tree* from, git_tree* to) const
{
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_INDENT_HEURISTIC;
    options.max_size = 2 << 20; // larger texts count as binary
    return gitMake(git_diff_tree_to_tree, m_repository.get(), from, to, &options);
}

Result<Git<git_diff>> GitSnapshots::compare(const std::string& from, const std::string& to) const
{
    const auto before = find(from);
    const auto after = find(to);
    if (!before || !after)
        return unknownCommit(before ? to : from);
    const auto old = treeOf(before.get());
    const auto now = treeOf(after.get());
    if (old && now)
        if (auto made = compare(old.get(), now.get()))
            return made;
    return gitError("compare snapshots");
}

/// Removes what stands in the way of a folder: files and links that are not in the snapshot.
Result<void> clearWay(const Folder& repo, const std::string& path)
{
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const auto above = repo.stat(path.substr(0, slash));
        if (!above || above->kind == Folder::Kind::Folder)
            continue;
        return repo.remove(path.substr(0, slash));
    }
    const auto there = repo.stat(path);
    return there && there->kind == Folder::Kind::Folder ? repo.remove(path) : Result<void>();
}

/// Removes a file, and the folders that are empty without it.
Result<void> removeWithEmptyFolders(const Folder& repo, std::string path)
{
    for (;;) {
        if (auto removed = repo.remove(path); !removed)
            return removed;
        const auto slash = path.rfind('/');
        if (slash == std::string::npos)
            return {};
        path.resize(slash);
        const auto left = repo.list(path);
        if (!left || !left->empty())
            return {};
    }
}

Result<void> GitSnapshots::put(const Folder& repo, const git_diff_file& file, const Folder::WriteOptions& options) const
{
    const auto blob = gitMake(git_blob_lookup, m_repository.get(), &file.id);
    if (!blob)
        return gitError("read the snapshot");
    const std::string_view content(static_cast<const char*>(git_blob_rawcontent(blob.get())), std::size_t(git_blob_rawsize(blob.get())));
    if (auto cleared = clearWay(repo, file.path); !cleared)
        return cleared;
    if (file.mode == GIT_FILEMODE_LINK)
        return repo.writeLink(file.path, content, options);
    auto write = options;
    write.mode = file.mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0755 : 0644;
    return repo.write(file.path, content, write);
}

Result<void> GitSnapshots::restore(const std::string& commit, std::pair<unsigned, unsigned> owner)
{
    const auto wanted = find(commit);
    if (!wanted)
        return unknownCommit(commit);
    const auto there = record();
    if (!there)
        return there.error();
    const auto repo = m_workspace.folder("repo");
    const auto from = gitMake(git_tree_lookup, m_repository.get(), &*there);
    const auto to = treeOf(wanted.get());
    const auto difference = from && to ? compare(from.get(), to.get()) : Git<git_diff>();
    if (!repo || !difference)
        return repo ? gitError("restore the project") : repo.error();
    const Folder::WriteOptions options{.owner = owner};
    const auto count = git_diff_num_deltas(difference.get());
    for (std::size_t i = 0; i < count; ++i)
        if (const auto* delta = git_diff_get_delta(difference.get(), i); delta->status == GIT_DELTA_DELETED)
            if (auto removed = removeWithEmptyFolders(*repo, delta->old_file.path); !removed)
                return std::move(removed).error().during("restore the project");
    for (std::size_t i = 0; i < count; ++i)
        if (const auto* delta = git_diff_get_delta(difference.get(), i); delta->status != GIT_DELTA_DELETED)
            if (auto written = put(*repo, delta->new_file, options); !written)
                return std::move(written).error().during("restore the project");
    return {};
}

Result<std::vector<FileChange>> GitSnapshots::changes(const std::string& from, const std::string& to)
{
    const auto difference = compare(from, to);
    if (!difference)
        return difference.error();
    std::vector<FileChange> changes;
    for (std::size_t i = 0; i < git_diff_num_deltas(difference->get()); ++i) {
        const auto& delta = *git_diff_get_delta(difference->get(), i);
        const auto kind = delta.status == GIT_DELTA_ADDED ? FileChange::Kind::Added
            : delta.status == GIT_DELTA_DELETED           ? FileChange::Kind::Deleted
                                                          : FileChange::Kind::Modified;
        changes.push_back({kind, pathOf(delta)});
    }
    return changes;
}

Result<std::string> GitSnapshots::diff(const std::string& from, const std::string& to, std::size_t limit)
{
    const auto difference = compare(from, to);
    if (!difference)
        return difference.error();
    DiffText printed{.limit = limit};
    const int answer = git_diff_print(difference->get(), GIT_DIFF_FORMAT_PATCH, &DiffText::append, &printed);
    if (answer != 0 && !printed.isCut)
        return gitError("compare snapshots");
    if (printed.isCut && limit >= kCut.size())
        printed.text += kCut;
    return std::move(printed.text);
}

Result<void> GitSnapshots::tag(const std::string& commit, const std::string& name)
{
    const auto reference = "refs/tags/" + name;
    int isValid = 0;
    if (git_reference_name_is_valid(&isValid, reference.c_str()) != 0 || isValid == 0)
        return Error{ErrorCode::Invalid, "'" + name + "' cannot be the name of a snapshot"};
    const auto named = find(commit);
    if (!named)
        return unknownCommit(commit);
    if (!gitMake(git_reference_create, m_repository.get(), reference.c_str(), git_commit_id(named.get()), 1, nullptr))
        return gitError("name a snapshot");
    return {};
}

/// Whether `inner` lies in `outer`, links resolved as far as the folders exist.
bool isInside(const std::filesystem::path& inner, const std::filesystem::path& outer)
{
    std::error_code failed;
    const auto in = std::filesystem::weakly_canonical(inner, failed);
    const auto out = std::filesystem::weakly_canonical(outer, failed);
    return std::mismatch(out.begin(), out.end(), in.begin(), in.end()).first == out.end();
}

} // namespace

Result<std::unique_ptr<Snapshots>> Snapshots::open(const std::filesystem::path& gitFolder, const Folder& workspace)
{
    if (isInside(gitFolder, workspace.path()))
        return Error{ErrorCode::Invalid, "the folder of snapshots " + gitFolder.string() + " lies in the workspace, where agents could change it"};
    auto repository = openBareRepository(gitFolder);
    if (!repository)
        return std::move(repository).error();
    return std::unique_ptr<Snapshots>(std::make_unique<GitSnapshots>(std::move(*repository), workspace));
}

} // namespace aap
