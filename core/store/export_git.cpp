#include "core/store/export_git.h"

#include <array>

#include <fmt/format.h>

#include "core/domain/stage.h"
#include "core/store/git.h"
#include "core/store/run_moment.h"
#include "core/store/snapshot_files.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

/// A commit to be made.
struct StageCommit {
    std::string snapshot{};
    std::string message{};
    TimePoint at{};
    bool isBeginning = false; ///< what there was before any stage
};

std::vector<StageCommit> commitsOf(const std::vector<RunEvent>& events)
{
    std::vector<StageCommit> commits;
    std::string latest;
    for (const auto& event : events) {
        const bool isFirst = latest.empty();
        if (auto snapshot = snapshotIn(event); !snapshot.empty())
            latest = std::move(snapshot);
        if (isFirst && !latest.empty() && std::holds_alternative<StageStarted>(event.payload))
            commits.push_back({latest, "The project before the first stage\n", event.at, true});
        if (const auto* finished = std::get_if<StageFinished>(&event.payload); finished && event.stage && !latest.empty() && finished->status != StageStatus::Skipped)
            commits.push_back({latest, fmt::format("{}: {}\n{}{}{}", title(*event.stage), title(finished->status), finished->reason.empty() ? "" : "\n", finished->reason,
                                                   finished->reason.empty() ? "" : "\n"), event.at});
    }
    return commits;
}

/// Copies snapshots out of their repository and commits them in another.
class StageHistory {
public:
    static Result<StageHistory> make(const fs::path& snapshots, const fs::path& target)
    {
        auto from = openForReading(snapshots);
        if (!from)
            return std::move(from).error();
        git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
        options.flags = GIT_REPOSITORY_INIT_NO_REINIT;
        options.initial_head = "main";
        StageHistory history;
        history.m_from = *std::move(from);
        history.m_to = gitMake(git_repository_init_ext, target.c_str(), &options);
        history.m_source = gitMake(git_repository_odb, history.m_from.get());
        if (history.m_to)
            history.m_target = gitMake(git_repository_odb, history.m_to.get());
        return history.m_source && history.m_target ? Result<StageHistory>(std::move(history)) : gitError("make the repository " + target.string());
    }

    Result<void> add(const StageCommit& wanted)
    {
        const auto snapshot = commitOf(m_from.get(), wanted.snapshot);
        const auto content = snapshot ? gitMake(git_commit_tree, snapshot.get()) : Git<git_tree>();
        if (wanted.isBeginning && content && git_tree_entrycount(content.get()) == 0)
            return {}; // there was nothing
        if (!snapshot || !copy(*git_commit_tree_id(snapshot.get())))
            return snapshot ? gitError("copy a snapshot") : Error{ErrorCode::NotFound, "the snapshot " + wanted.snapshot.substr(0, 40) + " is gone"};
        m_tree = gitMake(git_tree_lookup, m_to.get(), git_commit_tree_id(snapshot.get()));
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wanted.at.time_since_epoch()).count();
        const auto author = gitMake(git_signature_new, "AI Agent Pipeline", "agent-pipeline@localhost", git_time_t(seconds), 0);
        std::array<const git_commit*, 1> parents{m_last.get()};
        git_oid made;
        if (!m_tree || !author
            || git_commit_create(&made, m_to.get(), "HEAD", author.get(), author.get(), "UTF-8", wanted.message.c_str(), m_tree.get(), m_last ? 1 : 0,
                                 const_cast<const git_commit**>(parents.data())) // libgit2 1.5 reads them alone
                != 0)
            return gitError("commit a stage");
        m_last = gitMake(git_commit_lookup, m_to.get(), &made);
        ++m_count;
        return {};
    }

    /// The index says what the last commit says, so that git finds nothing changed.
    Result<std::size_t> finish()
    {
        const auto index = gitMake(git_repository_index, m_to.get());
        if (!index || !m_tree || git_index_read_tree(index.get(), m_tree.get()) != 0 || git_index_write(index.get()) != 0)
            return gitError("write the index");
        return m_count;
    }

private:
    /// With everything below it; what is there already is there with everything below it.
    bool copy(const git_oid& tree)
    {
        if (git_odb_exists(m_target.get(), &tree) == 1)
            return true;
        const auto content = gitMake(git_tree_lookup, m_from.get(), &tree);
        if (!content)
            return false;
        for (std::size_t i = 0; i < git_tree_entrycount(content.get()); ++i) {
            const auto* entry = git_tree_entry_byindex(content.get(), i);
            if (git_tree_entry_type(entry) == GIT_OBJECT_TREE ? !copy(*git_tree_entry_id(entry)) : !copyObject(*git_tree_entry_id(entry)))
                return false;
        }
        return copyObject(tree);
    }
    bool copyObject(const git_oid& id)
    {
        if (git_odb_exists(m_target.get(), &id) == 1)
            return true;
        const auto object = gitMake(git_odb_read, m_source.get(), &id);
        git_oid written;
        return object && git_odb_write(&written, m_target.get(), git_odb_object_data(object.get()), git_odb_object_size(object.get()), git_odb_object_type(object.get())) == 0;
    }

    Git<git_repository> m_from{};
    Git<git_repository> m_to{};
    Git<git_odb> m_source{};
    Git<git_odb> m_target{};
    Git<git_commit> m_last{};
    Git<git_tree> m_tree{}; ///< of the last commit
    std::size_t m_count = 0;
};

Result<std::size_t> commitStages(const std::vector<StageCommit>& commits, const fs::path& snapshots, const fs::path& target)
{
    auto opened = StageHistory::make(snapshots, target);
    if (!opened)
        return std::move(opened).error();
    auto made = *std::move(opened);
    for (const auto& commit : commits)
        if (auto added = made.add(commit); !added)
            return std::move(added).error();
    return made.finish();
}

} // namespace

Result<std::size_t> exportGit(const std::vector<RunEvent>& events, const fs::path& snapshots, const fs::path& target)
{
    const auto commits = commitsOf(events);
    if (commits.empty())
        return Error{ErrorCode::Invalid, "no stage of the run has ended with a snapshot of the project", {}, "Choose another run, or export to a folder with --to."};
    if (auto written = restoreSnapshot(snapshots, commits.back().snapshot, target); !written)
        return std::move(written).error().during("export to " + target.string());
    auto made = commitStages(commits, snapshots, target);
    if (made)
        return made;
    std::error_code ignored;
    fs::remove_all(target, ignored);
    return std::move(made).error().during("export to " + target.string());
}

} // namespace aap
