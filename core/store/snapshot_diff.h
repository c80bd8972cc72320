#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace aap {

/// What changed between two snapshots of a run, as a unified diff of at most `limit` bytes; reads the git directory that Snapshots
/// wrote and changes nothing. An empty id is the state before the first stage. Any thread.
Result<std::string> diffOfSnapshots(const std::filesystem::path& gitFolder, const std::string& from, const std::string& to, std::size_t limit = 4U << 20U);

} // namespace aap
