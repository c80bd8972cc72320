#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/pipeline/checks/http_probe.h"

namespace aap {

/// `design.deploy`: what shall be deployed.
struct DeployDesign {
    std::string form = "service"; ///< service, job, package, static, none
    std::optional<int> port{};
    std::string healthPath{};
    std::string metricsPath{}; ///< empty: no metrics
    std::vector<std::string> statePaths{};
    std::vector<std::string> environment{}; ///< names of variables it reads
};
/// Lenient, since the document fulfils its contract; a design that says nothing of deployment is a service.
DeployDesign deployDesignOf(const Json& design);

/// `deployment.smoke`: one proof that the running thing does what a requirement asks.
struct SmokeCheck {
    std::string id{};
    std::string requirement{};
    std::optional<ProbeRequest> http{};
    int status = 0;
    std::vector<std::string> argv{}; ///< exec
    int exitCode = 0;
    std::string matches{}; ///< a regular expression to be found in body or output; empty: anything
};
std::vector<SmokeCheck> smokeChecksOf(const Json& document);

/// "" when `pattern` is found in `text`, else what is wrong, a clause.
std::string matchComplaint(const std::string& pattern, const std::string& text);

/// Paths of the document's files with this target, in order.
std::vector<std::string> filesWithTarget(const Json& document, std::string_view target);

} // namespace aap
