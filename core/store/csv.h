#pragma once

#include <string>
#include <vector>

namespace aap {

/// One line of RFC 4180 with its CRLF. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
std::string csvLine(const std::vector<std::string>& cells);

} // namespace aap
