#pragma once

#include <string>

namespace aap {

/// "20261124-120310-7f3a9c": sorts by time, is a valid file, container and image name part.
std::string newRunId();
/// Whether a text may be a run id: what comes from outside is checked before it becomes part of a path.
bool isRunId(const std::string& text);

} // namespace aap
