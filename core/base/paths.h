#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/base/result.h"

namespace aap {

/// Environment variables as the program's edge read them once; deeper down nobody asks the process.
using Environment = std::map<std::string, std::string>;
Environment processEnvironment();

/// Our folders by the XDG base directory rules, each named "agent-pipeline". They need not exist yet.
struct AppFolders {
    std::filesystem::path config{};
    std::filesystem::path data{};
    std::filesystem::path state{};
    std::filesystem::path cache{};
    std::filesystem::path runtime{}; ///< sockets and locks; below `state` when the session has no runtime folder
};
/// Relative values of XDG variables are ignored, as the specification wants. Invalid: no home folder can be found.
Result<AppFolders> appFolders(const Environment& environment);

/// Makes a folder that only its owner can enter, with its parents, whatever the umask. One that exists must be the caller's
/// own and is closed to others. Unauthorized, and left as they are: somebody else's folder or symbolic link (think of /tmp), the
/// root folder, and open folders that are the system's or behind a link.
Result<void> makePrivateFolder(const std::filesystem::path& folder);
/// All five.
Result<void> makePrivateFolders(const AppFolders& folders);

} // namespace aap
