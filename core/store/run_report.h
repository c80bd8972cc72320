#pragma once

#include <string>
#include <vector>

#include "core/domain/run_state.h"
#include "core/store/findings.h"
#include "core/store/traceability.h"

namespace aap {

/// What a report is made of.
struct ReportFacts {
    const RunState& state;
    const std::vector<RunEvent>& events;
    std::vector<TraceRow> trace{};
    std::vector<ReviewFinding> findings{};
    Json monitoring{};                  ///< monitoring.json; null when there is none
    Json health{};                      ///< monitoring/health.json; null when there is none
    std::vector<std::string> leftOut{}; ///< of the copy of the workspace
};

/// REPORT.html: one page without scripts or anything to fetch, light and dark, in which every foreign text is escaped.
std::string runReport(const ReportFacts& facts);

} // namespace aap
