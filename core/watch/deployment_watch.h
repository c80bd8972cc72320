#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/sandbox/deployer.h"
#include "core/sandbox/sandbox.h"
#include "core/watch/live_alerts.h"

namespace aap {

/// What is looked at: as DeploymentChanged tells it.
struct WatchTarget {
    std::string runId{};
    std::string network{};
    std::string service{};   ///< its name on the network
    std::string container{};
    int port = 0;
    std::string healthPath{};
    std::string metricsPath{}; ///< empty: it has none
};
/// Invalid: something needed is missing.
Result<WatchTarget> watchTargetFrom(const std::string& runId, const Json& deployment);

struct WatchWish {
    WatchTarget target{};
    std::vector<LiveAlertRule> rules{};
    Milliseconds every = std::chrono::seconds(2);
    std::optional<Milliseconds> span{}; ///< unset: until stopped
};

/// What was seen at one moment.
struct WatchNote {
    enum class Kind { Figures, Fired, Resolved };
    Kind kind{};
    std::string text{}; ///< a line for people
    Json facts{};       ///< for programs, with "at" and "kind"
};

/// What comes of a watch that was stopped or whose time is over.
struct WatchOutcome {
    int looks = 0;
    int fired = 0;                      ///< how often an alert began
    std::vector<std::string> firing{}; ///< alerts at the end
};

/// Looks at a deployment again and again: asks for its health and its metrics from a sandbox on its network, reads the new lines of its log,
/// samples processor and memory, keeps the series and judges the rules; besides them always ServiceDown (no healthy answer for 5 s). Figures of
/// ours are probe_success, probe_duration_seconds, up, container_cpu_percent, container_memory_bytes, container_processes, log_lines_total and
/// log_error_lines_total. Blocks. Errors: the sandbox's, the engine's (it was removed), and what `tell` fails with.
Result<WatchOutcome> watchDeployment(SandboxProvider& sandboxes, Deployer& deployer, WatchWish wish, const std::function<Result<void>(const WatchNote&)>& tell,
                                     const std::stop_token& stop);

/// What a log has gained: the part of `now` behind the end of `before`; all of it when that is not found.
std::string_view newPartOfLog(std::string_view before, std::string_view now);

} // namespace aap
