#pragma once

#include <stop_token>

#include "app/cli/options.h"

namespace aap {

class Composition;

/// run, run-stages and review.
int runPipelineCommand(const Options& options, const Composition& composition, const std::stop_token& stop);
/// replay and demo.
int replayCommand(const Options& options, const Composition& composition, const std::stop_token& stop);

} // namespace aap
