#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/result.h"
#include "core/pipeline/checks/prometheus_text.h"

namespace aap {

/// A rule of a Prometheus rule file.
struct AlertRule {
    std::string alert{};  ///< empty: a recording rule
    std::string record{}; ///< empty: an alert
    std::string runbookUrl{};
};
/// Lenient about what promtool judges better. Pure.
Result<std::vector<AlertRule>> readRules(std::string_view text);

/// What a promtool test file proves of an alert.
struct ProvenAlerts {
    std::set<std::string> silent{};
    std::set<std::string> firing{};
};
Result<ProvenAlerts> readAlertTests(std::string_view text);

/// A Grafana dashboard as far as it can be wrong: its expressions and what is wrong with its panels. Pure.
struct DashboardReading {
    std::vector<std::string> expressions{}; ///< dashboard variables replaced by values of their kind
    std::vector<std::string> problems{};
};
DashboardReading readDashboard(std::string_view text);
/// Metrics of an expression that the scrape does not know, nor the rules make.
std::vector<std::string> unknownMetrics(const std::string& expression, const Metrics& scraped, const std::set<std::string>& recorded);

/// Sections that a runbook lacks and links that lead nowhere. `path` is the runbook's, below `repo`.
std::vector<std::string> runbookProblems(const Folder& repo, const std::string& path, const std::string& text,
                                         const std::set<std::string>& alerts);
/// Whether "docs/runbook.md#appdown" leads to a heading of a file of the project; addresses of the web are believed.
bool linkResolves(const Folder& repo, const std::string& fromFolder, const std::string& link);

} // namespace aap
