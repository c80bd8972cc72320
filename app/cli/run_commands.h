#pragma once

#include <stop_token>

#include "app/cli/options.h"

namespace aap {

class Composition;

/// run, run-stages and review.
int runPipelineCommand(const Options& options, const Composition& composition, const std::stop_token& stop);
/// Goes on with a run that was interrupted.
int resumeCommand(const Options& options, const Composition& composition, const std::stop_token& stop);
/// "1 interrupted run: …" on standard error, when there is one; nothing with --quiet.
void hintAtInterrupted(const Options& options, const Composition& composition);
/// replay and demo.
int replayCommand(const Options& options, const Composition& composition, const std::stop_token& stop);

} // namespace aap
