#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// Files of ours and of the user. What agents wrote is opened through core/base/beneath.h only.
/// The whole file; refuses more than `limit` bytes, folders and special files.
Result<std::string> readFile(const std::filesystem::path& path, std::uintmax_t limit = 64U << 20U);

enum class FileMode { Shared = 0644, Private = 0600, Executable = 0755 };
/// Old content or new content, never something between: write, fsync, rename, fsync of the folder. Makes the folder.
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content, FileMode mode = FileMode::Shared);

/// Removes what programs that were killed have left beside `path` while they wrote it.
void removeHalfWritten(const std::filesystem::path& path);

/// Lower-case hex.
std::string sha256(std::string_view bytes);
Result<std::string> sha256OfFile(const std::filesystem::path& path);

} // namespace aap
