#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/stage.h"
#include "core/domain/usage.h"

namespace aap {

enum class RunMode { Full, Stages, Review };
std::string_view slug(RunMode mode); ///< "full", "stages", "review"

/// Limits of a run or a stage; what is not set does not limit.
struct Limits {
    std::optional<Money> money{};
    std::optional<std::int64_t> tokens{}; ///< prompt and output of all calls together
    std::optional<std::int64_t> calls{};
    std::optional<Milliseconds> wallTime{};
};

/// What one stage is allowed and asked to do.
struct StageSpec {
    StageId id{};
    bool enabled = true;
    std::string task{};  ///< the user's own text for this stage (`tasks.json`); empty: made from the requirements
    std::string model{}; ///< empty: the run's
    std::string effort{}; ///< empty: the run's
    int maxTurns = 20;
    Limits limits{};
    bool gateBefore = false; ///< the user approves before the stage begins
};

/// A whole pipeline as the user authored it: `--pipeline FILE`, templates in resources/pipelines.
struct PipelineSpec {
    RunMode mode = RunMode::Full;
    std::vector<StageSpec> stages{}; ///< in pipeline order
    int maxRepairRounds = 3;         ///< 0 … 10
    int maxResubmits = 3;            ///< how often a stage may hand in again after failed checks
    bool mustProven = false;         ///< Testing is done only when every requirement that is a must has a test that passed, without excuse
    double coverageThreshold = 80;   ///< per cent of lines
    bool securityScan = true;
    std::string securityThreshold = "high"; ///< high | medium | low: from there on a weakness must be explained or mended
    int monitoringAuditSeconds = 30; ///< how long the deployed service is probed
    Milliseconds healthTimeout = std::chrono::seconds(60);
    std::string environment = "development"; ///< the deployment's
    std::string platform = "docker";         ///< default_deployment_platform of the plan
    Limits limits{};

    const StageSpec* stage(StageId id) const;
    /// All five stages, or the three of a review, with defaults.
    static PipelineSpec standard(RunMode mode);
};

/// Strict: an unknown key, a wrong type or a value out of range is an error that names its JSON path.
/// What the text leaves out is as in `defaults` of its mode; stages that the mode "stages" does not list do not run.
Result<PipelineSpec> parsePipelineSpec(std::string_view jsonText, const std::function<PipelineSpec(RunMode)>& defaults = PipelineSpec::standard);
Json toJson(const PipelineSpec& spec);

} // namespace aap
