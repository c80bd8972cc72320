#pragma once

#include <stop_token>

#include "core/base/time.h"

namespace aap {

/// How long a wait for anything lasts before it looks again whether it shall stop.
inline constexpr Milliseconds kStopSlice{50};

/// Waits; false when `stop` was requested before or meanwhile, and then at once.
bool pause(Milliseconds span, const std::stop_token& stop);

} // namespace aap
