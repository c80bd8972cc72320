#pragma once

#include <stop_token>

#include "app/cli/options.h"

namespace aap {

class Composition;

/// What runs left standing on the engine: list, logs, watch, stop, start, remove; each tells what it did.
int deploymentsCommand(const Options& options, const Composition& composition, const std::stop_token& stop);

} // namespace aap
