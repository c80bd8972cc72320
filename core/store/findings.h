#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/domain/run_event.h"
#include "core/domain/run_state.h"

namespace aap {

/// What every stage handed in: what passed, else its last attempt.
std::map<StageId, Json> stageDocuments(const RunState& state, const std::vector<RunEvent>& events);

/// A weakness that a stage reports, as contracts.schema.json has it.
struct ReviewFinding {
    StageId stage{};
    std::string id{};
    std::string title{};
    std::string severity{}; ///< critical | high | medium | low | info
    std::string cwe{};      ///< "CWE-89"
    std::string file{};
    std::int64_t line = 0;
    std::string evidence{};
    std::string explanation{};
    std::string fix{};
};
/// The worst first.
std::vector<ReviewFinding> findingsIn(const std::map<StageId, Json>& documents);

/// reports/findings.json: an array of findings with their stage.
Json findingsJson(const std::vector<ReviewFinding>& findings);
/// SARIF 2.1.0.
Json sarifJson(const std::vector<ReviewFinding>& findings, const std::string& programVersion);

} // namespace aap
