#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/pipeline/checks/http_probe.h"

namespace aap {

/// What probing one path of the service gave.
struct PathFigures {
    int probes = 0;
    int answered = 0; ///< with a status from 200 to 499
    double p50Ms = 0;
    double p95Ms = 0;
    std::uint64_t bytes = 0; ///< of all answers
    std::map<std::string, int> errors{}; ///< what went wrong -> how often

    double availability() const { return probes == 0 ? 0 : static_cast<double>(answered) / probes; }
};

/// What the service's log looks like.
struct LogFigures {
    int lines = 0;
    int jsonLines = 0;
    int errorLines = 0;
    std::vector<std::size_t> secretLines{};
};
LogFigures logFiguresOf(std::string_view log, const std::vector<std::string>& secrets);

struct HealthAudit {
    std::map<std::string, PathFigures> paths{};
    ResourceUse resources{};
    ServiceState state{};
    LogFigures log{};
};

/// Probes each path at least 20 times, evenly over `seconds`, then looks at the container and its log. Blocks that long.
Result<HealthAudit> auditHealth(CheckContext& context, const DeploymentHandle& deployed, const HttpProbe& probe,
                                const std::set<std::string>& paths, int seconds);

/// One line of the SLO table.
struct SloResult {
    std::string name{};
    std::string kind{};
    double target = 0;
    double measured = 0;
    bool met = false;
};
/// The document's SLOs against what was measured; those without a path are about `healthPath`.
std::vector<SloResult> sloResults(const Json& document, const HealthAudit& audit, const std::string& healthPath);

/// monitoring/health.json
std::string healthJson(const HealthAudit& audit, const std::vector<SloResult>& slos);

} // namespace aap
