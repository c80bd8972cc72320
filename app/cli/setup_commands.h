#pragma once

#include <stop_token>

#include "app/cli/options.h"

namespace aap {

class Composition;

/// Writes the documented default configuration; never over a file without --force.
int initCommand(const Options& options);
/// 0 when nothing failed, else the code of an environment problem.
int doctorCommand(const Options& options, const Composition& composition, const std::stop_token& stop);

} // namespace aap
