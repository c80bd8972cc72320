#pragma once

#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"

namespace aap {

/// "image/png" or "image/jpeg" by the first bytes; empty for anything else.
std::string_view imageType(std::string_view bytes);

/// A picture as a block of the Messages API, checked so far that the API will take it: a block it refuses would spoil the whole
/// dialogue. Errors (Invalid) are sentences for the model.
Result<Json> imageBlock(std::string_view bytes);

} // namespace aap
