#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>

#include "core/base/paths.h"
#include "core/base/result.h"

namespace aap {

using OnLine = std::function<void(std::string_view line)>; ///< clean text without its end of line

/// Runs `sh bootstrap-rootfs.sh packages.txt <output>` in `folder`, where the two files are; every other file of the script's stays
/// in there too. It has its own session and, where that is permitted, its own mounts: nothing of it outlives the call. It sees of
/// `environment` the proxies only, for our environment holds keys.
///
/// Blocks for minutes; within 100 ms after `stop` was requested its processes are told to end, and 3 s later they are killed.
/// Errors: NotFound (the shell, or a program of the script's: exit code 127), Unauthorized (not root: 77), Io (it failed; the
/// detail ends with its last lines), Timeout (2 h), Stopped.
Result<void> runBootstrapScript(const std::filesystem::path& folder, const std::filesystem::path& output, const Environment& environment,
                                const OnLine& onLine, const std::stop_token& stop);

} // namespace aap
