#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {

/// One way to find out whether an entry point starts.
struct StartTrial {
    std::vector<std::string> argv{};
    int port = 0; ///< not 0: the program is left running until this port of 127.0.0.1 opens
};

/// How to start a file of the project, best first: with --help, by importing it, by waiting for its port. Empty: a kind of file
/// that cannot be started by itself (a source of a compiled language without commands.run).
std::vector<StartTrial> startTrials(const std::string& entryPoint, const Json& design);

/// Tries all entry points of the design; the project has been built in `verifier`. Skipped when none is of a kind that can be tried.
Result<Verdict> entryPointsStart(const Verifier& verifier, const Json& design);

} // namespace aap
