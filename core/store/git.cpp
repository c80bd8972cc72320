#include "core/store/git.h"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/paths.h"

namespace aap {

void startGit()
{
    static std::once_flag once;
    std::call_once(once, [] {
        git_libgit2_init();
        for (const auto level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, int(level), "");
        git_libgit2_opts(GIT_OPT_SET_TEMPLATE_PATH, "");
    });
}

Error gitError(std::string_view activity)
{
    const auto* last = git_error_last();
    Error error{ErrorCode::Io, last && last->message ? last->message : "git gave no reason"};
    return std::move(error).during(std::string(activity));
}

namespace {

bool isHalfDone(const std::filesystem::directory_entry& entry)
{
    const auto& file = entry.path();
    std::error_code failed;
    const bool isEmpty = entry.is_regular_file(failed) && entry.file_size(failed) == 0 && !failed;
    return isEmpty || file.extension() == ".lock" || file.filename().string().find("_git2_") != std::string::npos;
}

/// Of a program that was killed while it wrote, or a machine that lost its power: such files may be there and empty.
void removeHalfDone(const std::filesystem::path& folder)
{
    std::error_code failed;
    std::vector<std::filesystem::path> left;
    const auto look = [&](auto entry) { // what cannot be read is left alone
        for (; !failed && entry != decltype(entry)(); entry.increment(failed))
            if (isHalfDone(*entry))
                left.push_back(entry->path());
    };
    look(std::filesystem::directory_iterator(folder, failed));
    for (const auto* part : {"refs", "objects"})
        look(std::filesystem::recursive_directory_iterator(folder / part, failed));
    for (const auto& file : left)
        std::filesystem::remove(file, failed);
}

} // namespace

Result<Git<git_repository>> openBareRepository(const std::filesystem::path& folder)
{
    startGit();
    if (auto made = makePrivateFolder(folder); !made)
        return std::move(made).error().during("make the folder of snapshots");
    removeHalfDone(folder);
    constexpr auto kNowhereElse = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE;
    if (auto there = gitMake(git_repository_open_ext, folder.c_str(), unsigned(kNowhereElse), nullptr))
        return there;
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = "main";
    if (auto made = gitMake(git_repository_init_ext, folder.c_str(), &options))
        return made;
    return gitError("make the folder of snapshots " + folder.string());
}

Result<Git<git_repository>> openForReading(const std::filesystem::path& folder)
{
    startGit();
    if (auto there = gitMake(git_repository_open_bare, folder.c_str()))
        return there;
    return Error{ErrorCode::NotFound, "the run keeps no snapshots in " + folder.string(), {}, "They lie in the run's output folder, which must still be there."};
}

Git<git_commit> commitOf(git_repository* repository, const std::string& id)
{
    git_oid oid;
    if (id.size() != GIT_OID_HEXSZ || git_oid_fromstr(&oid, id.c_str()) != 0)
        return {};
    return gitMake(git_commit_lookup, repository, &oid);
}

namespace {

constexpr std::size_t kMostSingly = 64;

/// A file, or the names in a folder. What is not there needs no care.
bool isOnDisk(const std::filesystem::path& path, bool wholeDisk = false)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return errno == ENOENT;
    const int failed = wholeDisk ? ::syncfs(file) : ::fsync(file);
    ::close(file);
    return failed == 0;
}

} // namespace

Result<void> syncObjects(const std::filesystem::path& folder, const std::vector<git_oid>& objects)
{
    bool isDone = true;
    if (objects.size() > kMostSingly) { // one by one a first snapshot of many files would take minutes
        isDone = isOnDisk(folder, true);
    } else {
        std::set<std::filesystem::path> folders{folder / "objects", folder / "refs/heads"};
        for (const auto& object : objects) {
            const auto name = hex(object);
            folders.insert(folder / "objects" / name.substr(0, 2));
            isDone = isDone && isOnDisk(folder / "objects" / name.substr(0, 2) / name.substr(2));
        }
        isDone = isDone && isOnDisk(folder / "refs/heads/main");
        for (const auto& names : folders)
            isDone = isDone && isOnDisk(names);
    }
    if (isDone)
        return {};
    return Error{ErrorCode::Io, "the snapshots in " + folder.string() + " cannot be brought to disk: " + std::strerror(errno), {}, "Look whether the disk is full or failing."};
}

std::string hex(const git_oid& id)
{
    char text[GIT_OID_HEXSZ + 1];
    return git_oid_tostr(text, sizeof text, &id);
}

} // namespace aap
