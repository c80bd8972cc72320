#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// The static program that this one carries inside itself for agents' containers.
std::string_view bundledPorter();
/// Its file in `folder`, where the engine can mount it from: written anew unless the same bytes are there already.
Result<std::filesystem::path> placePorter(const std::filesystem::path& folder);

} // namespace aap
