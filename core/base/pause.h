#pragma once

#include <stop_token>

#include "core/base/time.h"

namespace aap {

/// Waits; false when `stop` was requested before or meanwhile, and then at once.
bool pause(Milliseconds span, const std::stop_token& stop);

} // namespace aap
