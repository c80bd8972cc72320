#pragma once

#include <cstddef>
#include <string_view>

namespace aap {

constexpr char kEscape = '\x1b';

/// Where what a terminal would act upon ends: `bytes[at]` is kEscape, the answer the place behind the sequence, or the end of `bytes`
/// when it is cut.
std::size_t behindEscape(std::string_view bytes, std::size_t at);

/// A line without its break, and of what carriage returns overwrote without all but the last state.
std::string_view lastStateOf(std::string_view line);

} // namespace aap
