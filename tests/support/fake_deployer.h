#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/sandbox/deployer.h"

namespace aap {

/// Builds nothing; remembers what was asked for. What it "built" exists afterwards.
class FakeImageBuilder final : public ImageBuilder {
public:
    Result<BuiltImage> build(const BuildRequest& request, const OutputListener& log, const std::stop_token& stop) override;
    Result<bool> imageExists(const std::string& reference, const std::stop_token& stop) override;

    std::vector<BuildRequest> asked{};
    std::set<std::string> images{"coding-agent-sandbox:latest"};
    /// What a build gives; its tag is set to the asked one. An Error fails the build.
    Result<BuiltImage> result = BuiltImage{.id = "sha256:1111", .bytes = 100U << 20U, .layers = {"sha256:aaaa", "sha256:bbbb"},
                                           .user = "1000:1000", .exposedPorts = {"8000/tcp"}, .log = "Step 1/1 : FROM scratch\n"};
};

/// Runs nothing; keeps book of networks, volumes and containers as an engine would.
class FakeDeployer final : public Deployer {
public:
    Result<std::string> makeNetwork(const std::string& runId, const std::stop_token& stop) override;
    Result<std::string> makeVolume(const std::string& runId, const std::string& name, const std::stop_token& stop) override;
    Result<std::string> start(const ServiceSpec& spec, const std::stop_token& stop) override;
    Result<ServiceState> state(const std::string& container, const std::stop_token& stop) override;
    Result<std::string> logs(const std::string& container, int lines, const std::stop_token& stop) override;
    Result<ResourceUse> resources(const std::string& container, const std::stop_token& stop) override;
    Result<std::pair<ServiceState, Milliseconds>> stop(const std::string& container, Milliseconds grace, const std::stop_token& stop) override;
    Result<void> startAgain(const std::string& container, const std::stop_token& stop) override;
    Result<void> setAside(const std::string& runId, const std::vector<std::string>& containers, const std::stop_token& stop) override;
    Result<void> bringBack(const std::string& runId, const std::vector<std::string>& containers) override;
    Result<void> discard(const std::string& runId, const std::vector<std::string>& containers) override;
    Result<void> remove(const std::string& container) override;
    Result<void> removeDeployment(const std::string& runId) override;

    std::vector<ServiceSpec> started{};          ///< in order, removed ones too
    std::map<std::string, ServiceState> containers{}; ///< by id; there are only those not removed
    std::set<std::string> networks{};
    std::set<std::string> volumes{};
    std::vector<std::string> removedDeployments{};
    std::string log = "{\"message\": \"listening\"}\n"; ///< what every container logged
    int exitCodeOnStop = 0;
    Milliseconds stoppingTakes = Milliseconds(200);
    /// Called for each start; an Error is what start() fails with.
    std::function<Result<void>(const ServiceSpec&)> starting{};
    /// The state a started container is in; unset: it runs.
    std::function<ServiceState(const ServiceSpec&)> startsAs{};

private:
    Result<ServiceState*> find(const std::string& container);
};

} // namespace aap
