#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/json.h"
#include "core/domain/pipeline_spec.h"
#include "core/domain/run_event.h"
#include "core/engine/run_recorder.h"
#include "core/sandbox/deployer.h"
#include "core/sandbox/sandbox.h"

namespace aap {

/// What the program's own checks of a stage need to see. Documents are contract-valid; absent ones are null.
struct CheckContext {
    StageId stage{};
    const PipelineSpec& pipeline;
    const Json& requirements; ///< requirements.json
    const Json& design;
    const Json& document;  ///< what this stage handed in
    Folder& workspace;     ///< host side of /workspace
    std::filesystem::path workspacePath; ///< the same folder's path, for mounts
    SandboxProvider& sandboxes;
    ImageBuilder& images;
    Deployer& deployer;
    RunRecorder& recorder;
    std::vector<std::string> baseImages{};
    std::vector<std::string> secrets{};
    std::string runId{};
    /// Saves a check's full output; returns the path relative to the output folder.
    std::function<Result<std::string>(const std::string& name, std::string_view text)> saveLog{};
    /// Saves a report file ("reports/junit.xml", "deploy/image.json", "monitoring/health.json") into the output folder.
    std::function<Result<void>(const std::string& path, std::string_view text)> saveReport{};
    std::stop_token stop{};
    /// repo/'s files as this stage found them (fileHashes); unset: nobody looked, what depends on it is reported as not checked.
    std::optional<std::map<std::string, std::string>> before{};
};

/// There are checks and no must failed (skipped, waived and not-checked ones do not block: their reasons are in the report).
bool allMustPassed(const std::vector<Check>& checks);
/// The failed ones as sentences for the agent that handed in, must first; at most 16 KiB.
std::string failuresForAgent(const std::vector<Check>& checks);

/// Path relative to repo/ → SHA-256 of every file there but what tools leave behind (caches, coverage data) and `.git`; a link counts by
/// its target. `workspace` is the host side of /workspace.
Result<std::map<std::string, std::string>> fileHashes(const Folder& workspace);

/// PIPELINE.md part 2, one function a stage, in core/pipeline/checks/. Each check is recorded (CheckFinished) as it ends.
/// An Error means that checking itself was not possible (engine gone, stopped).
Result<std::vector<Check>> checkArchitecture(CheckContext& context);
Result<std::vector<Check>> checkCoding(CheckContext& context);
Result<std::vector<Check>> checkReview(CheckContext& context);

/// What the program saw when it ran the project's tests; feeds the repair loop.
struct TestEvidence {
    struct Case {
        std::string id{};      ///< "tests/test_api.py::test_login"
        bool passed = false;
        bool skipped = false;
        std::string message{}; ///< first line of the failure
        std::string excerpt{}; ///< last 8 KiB of its output
        std::vector<std::string> frames{};
    };
    std::vector<Case> cases{};
    std::vector<std::string> argv{};
    int exitCode = 0;
    std::string log{}; ///< path of the full log in the output folder
    std::optional<double> coveragePercent{};
};
/// Runs the project's tests in a fresh verifier (all, or `only` these ids), shuffled when asked.
Result<TestEvidence> runProjectTests(CheckContext& context, const std::vector<std::string>& only, bool shuffled);
/// `before` lists repo files with their sha256 as Testing found them: it may change nothing outside tests/.
Result<std::vector<Check>> checkTesting(CheckContext& context, const std::map<std::string, std::string>& before, TestEvidence& evidence);

/// What stands after a successful deployment; Monitoring looks at it.
struct DeploymentHandle {
    std::string network{};
    std::string container{}; ///< of the main service
    std::string service{};   ///< its DNS name on the network
    int port = 0;
    std::string healthPath{};
    std::string metricsPath{};
    std::string image{};
    std::vector<std::string> containers{};
    int generation = 1; ///< how many this run has deployed with it: names its image and its volumes
};
/// As DeploymentChanged tells it, and back; nothing when it is no deployment.
Json toJson(const DeploymentHandle& handle);
std::optional<DeploymentHandle> deploymentFrom(const Json& details);
/// Lints, builds, starts, probes, restarts and breaks it on purpose (PIPELINE.md part 4). Approval was given before. What `deployed` names
/// goes on until the new one starts; it stands again, and in `deployed`, when the new one does not pass.
Result<std::vector<Check>> checkDeployment(CheckContext& context, std::optional<DeploymentHandle>& deployed);
/// Health audit, scrape, promtool (PIPELINE.md part 5).
Result<std::vector<Check>> checkMonitoring(CheckContext& context, const DeploymentHandle& deployed);

/// The tools of Deployment and Monitoring that act on the host engine, bound to this run.
struct HostActions;
HostActions makeHostActions(CheckContext& context, std::optional<DeploymentHandle>& deployed);

} // namespace aap
