#pragma once

#include <string>
#include <string_view>

namespace aap {

/// Text without the moments it names: dates with times, seconds and milliseconds since 1970. For files, where every other figure counts.
std::string withoutMoments(std::string_view text);

/// What of a tool's result is the same whenever the same thing is done again: without moments, measured times and sizes, decimals that are
/// no percentages, addresses in memory, ports, and ids of runs, containers and images.
std::string lastingText(std::string_view text);

} // namespace aap
