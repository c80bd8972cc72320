#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aap {

/// A tar with one empty folder of this owner, mode 0755.
std::string tarOfFolder(const std::string& name, unsigned uid, unsigned gid);

/// A tar with these files (name, content), each of mode 0400.
std::string tarOfFiles(const std::vector<std::pair<std::string, std::string>>& files);

/// The content of the tar's first entry when that is a regular file of at most 1 MiB; nothing otherwise. Read by libarchive, for
/// files that the engine sends out of a container.
std::optional<std::string> onlyFileOf(std::string_view tar);

} // namespace aap
