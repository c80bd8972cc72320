#include "core/base/paths.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace aap {
namespace {

namespace fs = std::filesystem;

fs::path absoluteOrNothing(const Environment& environment, const char* name)
{
    const auto found = environment.find(name);
    const fs::path value = found == environment.end() ? fs::path() : fs::path(found->second);
    return value.is_absolute() ? value : fs::path();
}

fs::path homeFolder(const Environment& environment)
{
    if (auto home = absoluteOrNothing(environment, "HOME"); !home.empty())
        return home;
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return {};
    const fs::path home = found->pw_dir;
    return home.is_absolute() ? home : fs::path();
}

Error cannotUse(const fs::path& folder, const std::string& why)
{
    return Error{ErrorCode::Io, "cannot use the folder " + folder.string() + ": " + why, {}, "Choose another folder or correct its permissions."};
}

Error notOurs(const fs::path& folder, const std::string& why)
{
    return Error{ErrorCode::Unauthorized, "the folder " + folder.string() + " " + why, {},
                 "Choose another folder, one of your own that nobody else needs."};
}

struct OpenFolder {
    ~OpenFolder() { ::close(number); }
    const int number;
};

bool isSame(const struct stat& a, const struct stat& b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Folders that all of the machine needs open: the root, what stands directly in it, and shared ones such as /var/tmp. Root may
/// close them, and would lock everybody out.
bool isEverybodys(int folder, const struct stat& status)
{
    struct stat root {}, parent {};
    if (::stat("/", &root) != 0 || ::fstatat(folder, "..", &parent, 0) != 0)
        return true;
    return isSame(root, parent) || (status.st_mode & S_ISVTX) != 0;
}

bool isPrivate(const struct stat& status)
{
    return (status.st_mode & 0777U) == 0700;
}

/// Closes a folder that exists; by its descriptor, so that nobody can put another one in its place.
Result<void> closeToOthers(const fs::path& folder)
{
    const OpenFolder opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    struct stat status {};
    if (opened.number < 0 || ::fstat(opened.number, &status) != 0)
        return cannotUse(folder, std::strerror(errno));
    if (isEverybodys(opened.number, status))
        return notOurs(folder, "belongs to the system and is open to others");
    if (::fchmod(opened.number, 0700) != 0)
        return cannotUse(folder, std::strerror(errno));
    return {};
}

/// Of a folder that exists, perhaps by way of a link.
Result<void> checkPrivate(const fs::path& folder)
{
    struct stat itself {}, target {}, root {};
    if (::lstat(folder.c_str(), &itself) != 0 || ::stat(folder.c_str(), &target) != 0 || ::stat("/", &root) != 0)
        return cannotUse(folder, std::strerror(errno));
    if (!S_ISDIR(target.st_mode))
        return cannotUse(folder, "it is not a folder");
    if (isSame(target, root))
        return notOurs(folder, "is the root of the file system");
    const bool trustedName = itself.st_uid == ::geteuid() || itself.st_uid == 0;
    if (!trustedName || target.st_uid != ::geteuid())
        return notOurs(folder, "belongs to somebody else, who could read and change what we keep there");
    if (isPrivate(target))
        return {};
    if (S_ISLNK(itself.st_mode))
        return notOurs(folder, "is a symbolic link to one that is open to others");
    return closeToOthers(folder);
}

} // namespace

Environment processEnvironment()
{
    Environment environment;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string::npos)
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

Result<AppFolders> appFolders(const Environment& environment)
{
    const auto home = homeFolder(environment);
    bool homeless = false;
    const auto below = [&](const char* variable, const char* standard) {
        auto base = absoluteOrNothing(environment, variable);
        if (base.empty()) {
            homeless |= home.empty();
            base = home / standard;
        }
        return base / "agent-pipeline";
    };
    AppFolders folders{.config = below("XDG_CONFIG_HOME", ".config"),
                       .data = below("XDG_DATA_HOME", ".local/share"),
                       .state = below("XDG_STATE_HOME", ".local/state"),
                       .cache = below("XDG_CACHE_HOME", ".cache")};
    if (homeless)
        return Error{ErrorCode::Invalid, "no home folder: HOME is not set and the user has no entry in the password database", {},
                     "Set HOME to an absolute path."};
    const auto runtime = absoluteOrNothing(environment, "XDG_RUNTIME_DIR");
    folders.runtime = runtime.empty() ? folders.state / "run" : runtime / "agent-pipeline";
    return folders;
}

Result<void> makePrivateFolder(const fs::path& named)
{
    const auto folder = named.has_filename() || named == named.root_path() ? named : named.parent_path(); // "link/" would be its target
    if (folder.has_parent_path() && folder.parent_path() != folder) {
        struct stat parent {};
        if (::stat(folder.parent_path().c_str(), &parent) != 0) {
            auto made = makePrivateFolder(folder.parent_path());
            if (!made)
                return made;
        }
    }
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return cannotUse(folder, std::strerror(errno));
    return checkPrivate(folder);
}

Result<void> makePrivateFolders(const AppFolders& folders)
{
    for (const auto* folder : {&folders.config, &folders.data, &folders.state, &folders.cache, &folders.runtime}) {
        auto made = makePrivateFolder(*folder);
        if (!made)
            return made;
    }
    return {};
}

} // namespace aap
