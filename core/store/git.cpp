#include "core/store/git.h"

#include <mutex>
#include <vector>

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

bool isHalfDone(const std::filesystem::path& file)
{
    return file.extension() == ".lock" || file.filename().string().find("_git2_") != std::string::npos;
}

/// Of a program that was killed while it wrote.
void removeHalfDone(const std::filesystem::path& folder)
{
    std::error_code failed;
    std::vector<std::filesystem::path> left;
    const auto look = [&](const auto& entries) {
        for (const auto& entry : entries)
            if (isHalfDone(entry.path()))
                left.push_back(entry.path());
    };
    look(std::filesystem::directory_iterator(folder, failed));
    look(std::filesystem::recursive_directory_iterator(folder / "refs", failed));
    for (const auto* objects : {"objects", "objects/pack"})
        look(std::filesystem::directory_iterator(folder / objects, failed));
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

std::string hex(const git_oid& id)
{
    char text[GIT_OID_HEXSZ + 1];
    return git_oid_tostr(text, sizeof text, &id);
}

} // namespace aap
