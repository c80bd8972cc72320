#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/watch/alert_expression.h"

namespace aap {

/// A rule of a Prometheus rule file that can be judged here.
struct LiveAlertRule {
    std::string name{};
    std::string severity{};
    std::string summary{};
    AlertExpression expression;
    Milliseconds holdFor{}; ///< how long it must hold before the alert fires
};
struct LiveRules {
    std::vector<LiveAlertRule> rules{};
    std::vector<std::string> left{}; ///< sentences about rules that only Prometheus can judge
};
/// Of a rule file's groups; recording rules are left out. Invalid: it is no YAML.
Result<LiveRules> readLiveRules(std::string_view yaml);

/// An alert that began or ended.
struct AlertChange {
    std::string alert{};
    bool fires = false;
    std::string severity{};
    std::string summary{};
    MetricLabels labels{}; ///< of the first series that breaks the rule
    double value = 0;
};

/// Which alerts fire. One thread.
class LiveAlerts {
public:
    explicit LiveAlerts(std::vector<LiveAlertRule> rules);
    /// What changed since the last look.
    std::vector<AlertChange> judge(const MetricHistory& history, Milliseconds at);
    std::vector<std::string> firing() const;

private:
    struct Watched {
        LiveAlertRule rule;
        std::optional<Milliseconds> since{}; ///< it holds since then
        bool fires = false;
    };
    std::vector<Watched> m_watched{};
};

} // namespace aap
