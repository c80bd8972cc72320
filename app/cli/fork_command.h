#pragma once

#include <stop_token>

#include "app/cli/options.h"

namespace aap {

class Composition;

/// Begins a run that shares another's past up to --from-stage or --at, and carries it out from there.
int forkCommand(const Options& options, const Composition& composition, const std::stop_token& stop);

} // namespace aap
