#include "core/base/paths.h"

#include <cerrno>
#include <cstring>
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

Result<void> makePrivateFolder(const fs::path& folder)
{
    if (folder.has_parent_path() && folder.parent_path() != folder) {
        struct stat parent {};
        if (::stat(folder.parent_path().c_str(), &parent) != 0) {
            auto made = makePrivateFolder(folder.parent_path());
            if (!made)
                return made;
        }
    }
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST)
        errno = 0;
    else
        return cannotUse(folder, std::strerror(errno));

    struct stat itself {}, target {};
    if (::lstat(folder.c_str(), &itself) != 0 || ::stat(folder.c_str(), &target) != 0)
        return cannotUse(folder, std::strerror(errno));
    if (!S_ISDIR(target.st_mode))
        return cannotUse(folder, "it is not a folder");
    const bool trustedName = itself.st_uid == ::geteuid() || itself.st_uid == 0;
    if (!trustedName || target.st_uid != ::geteuid())
        return Error{ErrorCode::Unauthorized, "the folder " + folder.string() + " belongs to somebody else", {},
                     "Choose another folder: whoever owns this one could read and change what we keep there."};
    if ((target.st_mode & 0777U) != 0700 && ::chmod(folder.c_str(), 0700) != 0)
        return cannotUse(folder, std::strerror(errno));
    return {};
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
