#pragma once

#include <string>
#include <string_view>

namespace aap {

/// Appends the UTF-8 of what parseLogLine() shows of a line, for who looks through millions: nearly all lines are copied as they are.
void appendShownBytes(std::string_view line, std::string& shown);

/// ASCII letters become small ones.
void lowerAscii(std::string& bytes);

} // namespace aap
