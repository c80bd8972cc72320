#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/test_rules.h"

namespace aap {

/// What linters write, a line each: "path:12: message", "path:12:3: E501 message", with or without "./". The rest is left out.
std::vector<ScanHit> linterHits(std::string_view output);
/// SARIF 2.1.0 of what `tool` found. A rule is what stands before ": " or the first blank, when it looks like one ("B602", "E501").
Json scanSarif(std::string_view tool, const std::vector<ScanHit>& hits);
/// The same for people. What a scanner wrote is shown as text: nothing in it can become a heading, a link or an image.
std::string scanMarkdown(std::string_view tool, const std::vector<ScanHit>& hits);
/// Saves both as reports/<name>.sarif and reports/<name>.md.
Result<void> saveScan(const CheckContext& context, const std::string& name, std::string_view tool, const std::vector<ScanHit>& hits);

} // namespace aap
