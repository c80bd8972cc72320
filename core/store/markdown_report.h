#pragma once

#include <string>

#include "core/store/run_report.h"

namespace aap {

/// REPORT.md: what the HTML report says in short, to be read in a terminal, a merge request or a mail: how it ended, the stages, the
/// checks that did not pass, and each requirement with its tests. Every foreign text is escaped and can neither link nor embed.
std::string markdownReport(const ReportFacts& facts);

/// "10 of 12 musts are proven by tests that passed; failing: R3; not proven: R7." Empty when there are no requirements.
std::string provenWords(const std::vector<TraceRow>& trace);

} // namespace aap
