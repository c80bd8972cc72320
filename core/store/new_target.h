#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace aap {

/// Why a new file or folder could not be made, from errno. Invalid: something is there already, and nothing is overwritten.
Error refusedTarget(const std::filesystem::path& target);

/// Makes a folder that is not there yet. Errors as above.
Result<void> makeNewFolder(const std::filesystem::path& target);

} // namespace aap
