#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/result.h"
#include "core/store/tree_rules.h"

namespace aap {

struct CopyRules {
    TreeRules tree{};
    std::uint64_t mostBytes = 2ULL << 30U; ///< of all files together
    std::optional<std::pair<unsigned, unsigned>> owner{};
    /// A folder that is not entered, for a copy that lands inside its own source; empty: none.
    std::filesystem::path except{};
};

/// Copies what is in `from` into `into` below `prefix` ("" or "repo"), reading and writing beneath them alone: regular files
/// (0644 or 0755) and links that stay inside. Returns notes about what was left out: "data/fifo: neither file, folder nor link".
/// Limit: more than `mostBytes`, 200 000 files, or 64 levels.
Result<std::vector<std::string>> copyTree(const Folder& from, const Folder& into, const std::string& prefix, const CopyRules& rules,
                                          const std::stop_token& stop);

} // namespace aap
