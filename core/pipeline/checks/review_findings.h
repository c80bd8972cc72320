#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/domain/stage.h"

namespace aap {

/// The findings of several reviewers in one document, the gravest first: {"schema": "aap/findings/1", "summaries": [{"reviewer",
/// "summary"}…], "findings": [{"reviewer", "severity", "file", "line", "title", "why", "fix", "cwe", "evidence"}…]}.
Json mergedFindings(const std::vector<std::pair<StageId, Json>>& reviews);

/// The same for people. Everything a reviewer wrote is shown as text: nothing in it can become a heading, a link or an image.
std::string findingsMarkdown(const Json& findings);

} // namespace aap
