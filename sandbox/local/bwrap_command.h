#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/sandbox/sandbox.h"
#include "sandbox/local/local_sandbox.h"

namespace aap {

/// Files that bubblewrap reads while it makes a room; descriptors.
struct BwrapFiles {
    int porter = -1;  ///< the program that becomes PID 1
    int passwd = -1;
    int group = -1;
    int hosts = -1;
    int filter = -1;  ///< of system calls
    std::vector<std::pair<std::string, int>> secrets{}; ///< by name
    int report = -1;  ///< where it says which process is PID 1 inside
};

/// How bubblewrap is called for a room. `workspace`: as it is to be found then. `hasNetwork`: one that was joined before, else an empty
/// one of its own. `keeps`: see Command::keepsBackground.
std::vector<std::string> bwrapCommand(const SandboxSpec& spec, const LocalSandboxSettings& settings, const std::string& workspace,
                                      const BwrapFiles& files, bool hasNetwork, bool keeps);

} // namespace aap
