#pragma once

#include <string>
#include <vector>

#include "core/base/time.h"
#include "sandbox/docker/docker_client.h"

namespace aap {

/// A container that a run left standing.
struct DeployedContainer {
    std::string service{};   ///< "api"
    bool isAside = false;    ///< another one takes its place, unless that turns out not to be healthy
    std::string container{}; ///< its id
    std::string image{};
    std::string state{};     ///< the engine's word: "running", "exited"
    std::string status{};    ///< the engine's words: "Up 5 minutes"
    TimePoint created{};
};
struct Deployment {
    std::string runId{};
    std::vector<DeployedContainer> services{}; ///< in the order of their names
};

/// What stands on this engine, the newest run first; of this program and of others like it. What only carries our labels, inherited from
/// an image of ours, is not among it.
Result<std::vector<Deployment>> listDeployments(DockerClient& client, const std::stop_token& stop);
/// Of one run. NotFound: nothing of it stands.
Result<Deployment> findDeployment(DockerClient& client, const std::string& runId, const std::stop_token& stop);

} // namespace aap
