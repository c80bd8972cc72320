#pragma once

#include "app/cli/options.h"

namespace aap {

/// Carries a command out and returns the program's exit code.
int runCommand(const Options& options, int argc, char** argv);

} // namespace aap
