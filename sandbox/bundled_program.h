#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// Puts one of our static programs into `folder`, where the engine can mount it from; its name ends with what it is a hash of. Written
/// anew unless the same bytes are there already.
Result<std::filesystem::path> placeProgram(const std::filesystem::path& folder, const std::string& name, std::string_view program);

} // namespace aap
