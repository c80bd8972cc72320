#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace aap {

/// The static program that filters what sandboxes ask of the network: its file in `folder`, where the engine can mount it from. Written
/// anew unless the same bytes are there already.
Result<std::filesystem::path> placeProxy(const std::filesystem::path& folder);

} // namespace aap
