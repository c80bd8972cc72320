#pragma once

#include <string>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/json.h"

namespace aap {

/// Findings whose file, line or evidence is not there (evidence: within 3 lines, spaces aside), and ids used twice.
std::vector<std::string> inventedFindings(const Json& document, const Folder& repo);

} // namespace aap
