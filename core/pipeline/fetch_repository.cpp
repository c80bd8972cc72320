#include "core/pipeline/fetch_repository.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/pipeline/patient_stream.h"
#include "core/store/git.h"

namespace aap {
namespace {

constexpr std::size_t kMostFiles = 200'000;
constexpr std::int64_t kDeepest = 64;

/// Writes the tree of a commit as files.
class Checkout {
public:
    Checkout(git_repository& repository, const Folder& into, const CopyRules& rules, const GitPatience& patience)
        : m_repository(repository), m_into(into), m_rules(rules), m_patience(patience)
    {
    }

    Result<std::vector<std::string>> write(const git_tree* tree)
    {
        git_tree_walk(tree, GIT_TREEWALK_PRE, &Checkout::visit, this); // what it says is in m_outcome
        if (!m_outcome)
            return std::move(m_outcome).error();
        return std::move(m_notes);
    }

private:
    static constexpr int kOn = 0;
    static constexpr int kSkip = 1;
    static constexpr int kEnd = -1;

    static int visit(const char* above, const git_tree_entry* entry, void* payload)
    {
        auto& self = *static_cast<Checkout*>(payload);
        const auto path = std::string(above) + git_tree_entry_name(entry);
        if (self.m_patience.isOver() || ++self.m_files > kMostFiles || std::ranges::count(path, '/') > kDeepest)
            self.m_outcome = self.m_patience.isOver() ? Error{ErrorCode::Timeout, "writing the files took too long"}
                                                      : Error{ErrorCode::Limit, "it has too many files, or folders nested too deeply"};
        return self.m_outcome ? self.take(path, *entry) : kEnd;
    }

    int take(const std::string& path, const git_tree_entry& entry)
    {
        if (isGitFolder(git_tree_entry_name(&entry)))
            return leaveOut(path, "a git folder inside the project");
        if (git_tree_entry_type(&entry) == GIT_OBJECT_TREE)
            return kOn;
        if (git_tree_entry_type(&entry) != GIT_OBJECT_BLOB)
            return leaveOut(path, "a submodule");
        const auto blob = gitMake(git_blob_lookup, &m_repository, git_tree_entry_id(&entry));
        if (!blob)
            m_outcome = gitError("read " + path);
        return blob ? takeFile(path, *blob, git_tree_entry_filemode(&entry)) : kEnd;
    }

    int takeFile(const std::string& path, const git_blob& blob, git_filemode_t mode)
    {
        const auto bytes = std::uint64_t(git_blob_rawsize(&blob));
        if (bytes > m_rules.tree.mostFileBytes)
            return leaveOut(path, "too large");
        m_bytes += bytes;
        if (m_bytes > m_rules.mostBytes) {
            m_outcome = Error{ErrorCode::Limit, fmt::format("its files have more than {} MiB together", m_rules.mostBytes >> 20U)};
            return kEnd;
        }
        const std::string_view content(static_cast<const char*>(git_blob_rawcontent(&blob)), bytes);
        const auto place = "repo/" + path;
        if (mode == GIT_FILEMODE_LINK && !linkStaysBelow(path, content))
            return leaveOut(path, "a link that leaves the project");
        auto written = mode == GIT_FILEMODE_LINK
            ? m_into.writeLink(place, content, {.owner = m_rules.owner})
            : m_into.write(place, content, {.mode = mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0755U : 0644U, .owner = m_rules.owner});
        if (!written && written.error().code == ErrorCode::Invalid) // "..", a name twice as link and folder: somebody tried
            return leaveOut(path, written.error().text());
        m_outcome = std::move(written);
        return m_outcome ? kOn : kEnd;
    }

    int leaveOut(const std::string& path, std::string_view reason)
    {
        m_notes.push_back(fmt::format("{}: {}", path, reason));
        return kSkip;
    }

    git_repository& m_repository;
    const Folder& m_into;
    const CopyRules& m_rules;
    const GitPatience& m_patience;
    std::vector<std::string> m_notes{};
    std::uint64_t m_bytes = 0;
    std::size_t m_files = 0;
    Result<void> m_outcome{};
};

int goesOn(const git_indexer_progress* progress, void* payload)
{
    constexpr std::size_t kMostReceived = 2ULL << 30U;
    return static_cast<const GitPatience*>(payload)->isOver() || progress->received_bytes > kMostReceived ? GIT_EUSER : 0;
}

int goesOnTalking(const char* /*text*/, int /*size*/, void* payload)
{
    return static_cast<const GitPatience*>(payload)->isOver() ? GIT_EUSER : 0;
}

git_remote_callbacks callbacksFor(GitPatience& patience)
{
    git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
    callbacks.transfer_progress = &goesOn;
    callbacks.sideband_progress = &goesOnTalking;
    callbacks.payload = &patience;
    return callbacks;
}

/// The commit that the default branch points at.
Result<Git<git_commit>> fetchNewest(git_repository& repository, const std::string& source, GitPatience& patience)
{
    const auto remote = gitMake(git_remote_create_anonymous, &repository, source.c_str());
    const auto callbacks = callbacksFor(patience);
    if (!remote || git_remote_connect(remote.get(), GIT_DIRECTION_FETCH, &callbacks, nullptr, nullptr) != 0)
        return gitError("connect");
    git_buf branch = GIT_BUF_INIT;
    const bool hasBranch = git_remote_default_branch(&branch, remote.get()) == 0;
    const auto name = hasBranch ? std::string(branch.ptr, branch.size) : std::string();
    git_buf_dispose(&branch);
    if (!hasBranch)
        return Error{ErrorCode::Invalid, "it has no default branch: nothing was ever committed"};
    auto refspec = "+" + name + ":refs/heads/fetched";
    char* texts[] = {refspec.data()};
    const git_strarray refspecs{texts, 1};
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.callbacks = callbacks;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.update_fetchhead = 0;
    git_oid newest;
    if (git_remote_fetch(remote.get(), &refspecs, &options, nullptr) != 0
        || git_reference_name_to_id(&newest, &repository, "refs/heads/fetched") != 0)
        return gitError("fetch");
    if (auto commit = gitMake(git_commit_lookup, &repository, &newest))
        return commit;
    return gitError("fetch");
}

Result<std::vector<std::string>> fetchAndWrite(const std::string& source, const std::filesystem::path& scratch, const Folder& into,
                                               const CopyRules& rules, GitPatience& patience)
{
    const auto repository = openBareRepository(scratch);
    if (!repository)
        return repository.error();
    const auto commit = fetchNewest(**repository, source, patience);
    if (!commit)
        return commit.error();
    const auto tree = gitMake(git_commit_tree, commit->get());
    if (!tree)
        return gitError("read the newest commit");
    return Checkout(**repository, into, rules, patience).write(tree.get());
}

} // namespace

Result<std::vector<std::string>> fetchRepository(const std::string& source, const std::filesystem::path& scratch, const Folder& into,
                                                 const CopyRules& rules, Deadline deadline, const std::stop_token& stop)
{
    GitPatience patience(stop, deadline);
    auto fetched = fetchAndWrite(source, scratch, into, rules, patience);
    std::error_code ignored; // it lies in a private folder of ours and holds nothing that is not elsewhere
    std::filesystem::remove_all(scratch, ignored);
    if (fetched)
        return fetched;
    auto error = std::move(fetched).error();
    if (patience.isOver())
        error.code = stop.stop_requested() ? ErrorCode::Stopped : ErrorCode::Timeout;
    return std::move(error).during("fetch " + source).advise(
        "Check the address, and that the repository is readable without a password; or clone it yourself and give its folder.");
}

} // namespace aap
