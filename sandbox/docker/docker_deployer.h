#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/sandbox/deployer.h"
#include "sandbox/docker/deployment_spec.h"
#include "sandbox/docker/docker_client.h"

namespace aap {

/// Deployments on the host's engine. Everything carries the labels aap.app=1, aap.run=<run>, aap.kind=deployment and a name that
/// begins with "aap-<run>"; what lacks either is refused, because a label alone is inherited by whatever is made from our images.
/// Thread-safe as its client is.
///
/// The network is internal and its bridge has no address of the host's, so services reach each other and nothing else; names of
/// other hosts are not asked for outside. A service runs as its image's user, with our limits, our stop signal (SIGTERM, straight to
/// the program as in a cluster) and without the image's health check; what the image declares as VOLUME becomes tmpfs.
/// A volume's root is given to that user before the start, without running anything.
class DockerDeployer final : public Deployer {
public:
    explicit DockerDeployer(DockerClient& client, DeployerSettings settings = {});

    Result<std::string> makeNetwork(const std::string& runId, const std::stop_token& stop) override;
    Result<std::string> makeVolume(const std::string& runId, const std::string& name, const std::stop_token& stop) override;
    /// `spec.network` and `spec.volumes` name what makeNetwork and makeVolume returned. A service of the same name is replaced.
    Result<std::string> start(const ServiceSpec& spec, const std::stop_token& stop) override;
    Result<ServiceState> state(const std::string& container, const std::stop_token& stop) override;
    /// Raw bytes, standard output and error as the engine recorded them; at most 8 MiB.
    Result<std::string> logs(const std::string& container, int lines, const std::stop_token& stop) override;
    /// Takes a second: the engine measures twice.
    Result<ResourceUse> resources(const std::string& container, const std::stop_token& stop) override;
    Result<std::pair<ServiceState, Milliseconds>> stop(const std::string& container, Milliseconds grace, const std::stop_token& stop) override;
    Result<void> startAgain(const std::string& container, const std::stop_token& stop) override;
    /// What is set aside is called "….previous", which no service can be.
    Result<void> setAside(const std::string& runId, const std::vector<std::string>& containers, const std::stop_token& stop) override;
    Result<void> bringBack(const std::string& runId, const std::vector<std::string>& containers) override;
    Result<void> discard(const std::string& runId, const std::vector<std::string>& containers) override;
    /// What is gone already is no error.
    Result<void> remove(const std::string& container) override;
    /// Goes on after a failure and reports the first.
    Result<void> removeDeployment(const std::string& runId) override;

private:
    /// What the engine says about a container of ours.
    Result<Json> inspect(const std::string& container, const std::stop_token& stop);
    /// The same of a container of this run.
    Result<Json> inspectOf(const std::string& runId, const std::string& container, const std::stop_token& stop);
    Result<void> removeOthers(const std::string& runId, const std::vector<std::string>& containers);
    Result<void> checkOwn(const std::string& kind, const std::string& name, const std::string& runId, const std::stop_token& stop);
    Result<void> checkPlace(const ServiceSpec& spec, const std::stop_token& stop);
    Result<std::string> create(const ServiceSpec& spec, const std::string& name, const Json& image, const std::stop_token& stop);
    Result<void> launch(const ServiceSpec& spec, const std::string& container, const Json& image, const std::stop_token& stop);

    DockerClient& m_client;
    DeployerSettings m_settings;
};

} // namespace aap
