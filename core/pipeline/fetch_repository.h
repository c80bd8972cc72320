#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/store/copy_tree.h"

namespace aap {

/// Fetches the default branch of `source` (https URL, or the path of a bare repository) into a private repository at `scratch`,
/// which is removed again, and writes its newest tree into `into` below "repo" by ourselves: no filters, hooks or submodules.
/// Returns notes about what was left out.
Result<std::vector<std::string>> fetchRepository(const std::string& source, const std::filesystem::path& scratch, const Folder& into,
                                                 const CopyRules& rules, Deadline deadline, const std::stop_token& stop);

} // namespace aap
