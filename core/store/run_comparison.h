#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_state.h"

namespace aap {

class Journal;

/// One run as it stands beside others.
struct ComparedRun {
    RunState state{};
    std::size_t testsPassed = 0;
    std::size_t testsFailed = 0;
    std::size_t testsSkipped = 0;
    std::optional<double> coveragePercent{};
    std::map<std::string, std::string> files{}; ///< of the project as the run left it: path -> a print of the content
    bool hasFiles = false;                      ///< the output folder was there with its manifest

    bool hasTests() const { return testsPassed + testsFailed + testsSkipped > 0; }
};
/// Reads the journal and the run's output folder; what is missing there is left out. Blocks.
Result<ComparedRun> comparedRun(const std::string& runId, Journal& journal);

/// A file that is not the same in all runs.
struct FileDifference {
    std::string path{};
    std::vector<std::string> prints{}; ///< one for each run, empty where it is missing; equal prints are equal files
};
/// Of the runs that have files; sorted by path.
std::vector<FileDifference> fileDifferences(const std::vector<ComparedRun>& runs);

/// {"runs": [{run_id, title, ending, model, seconds, tokens, cost_usd, tests, coverage_percent, stages: {…}}],
///  "files": [{"path", "content": [print or null, …]}]}, in the order of the runs.
Json comparisonJson(const std::vector<ComparedRun>& runs);

} // namespace aap
