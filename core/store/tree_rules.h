#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/beneath.h"

namespace aap {

/// What of a project's tree is kept when it is recorded or copied.
struct TreeRules {
    std::uint64_t mostFileBytes = 20U << 20U;
    bool byproducts = false; ///< also folders that tools fill and can fill again: node_modules, caches, build trees
};

/// Why an entry is left out, as a clause ("larger than 20 MiB"); empty when it is kept. The decision needs its name alone.
std::string reasonToLeaveOut(const Folder::Entry& entry, const TreeRules& rules);

/// Whether a folder's content says that a tool made it: a cache directory tag, a CMake cache, a virtual environment.
bool isMadeByTool(const std::vector<Folder::Entry>& content);

/// ".git", in any spelling that some file system takes for it.
bool isGitFolder(std::string_view name);

/// The last part of a path.
std::string nameOf(const std::string& path);

} // namespace aap
