#pragma once

#include <stop_token>

#include "app/cli/options.h"

namespace aap {

class Composition;

/// Makes the image that `docker_image` names; its progress is told line by line.
int sandboxBuildCommand(const Options& options, const Composition& composition, const std::stop_token& stop);
/// Tells what image agents work in; with --json for programs. An image that is missing is an Error.
int sandboxInfoCommand(const Options& options, const Composition& composition, const std::stop_token& stop);
/// Removes what dead programs left, or with --run everything of that run, and tells what it was.
int sandboxPruneCommand(const Options& options, const Composition& composition, const std::stop_token& stop);

} // namespace aap
