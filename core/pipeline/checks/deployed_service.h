#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/pipeline/checks/compose.h"
#include "core/pipeline/checks/deploy_design.h"

namespace aap {

/// What a program that was run once in a deployment's image said.
struct OneShot {
    int exitCode = 0;
    std::string output{};
};

/// The main service of a deployment and what it needs beside it, between "the image is there" and "it answers".
/// One thread; references outlive it. What it starts is removed by Deployer::removeDeployment.
class DeployedService {
public:
    DeployedService(CheckContext& context, const DeployDesign& design, const ComposeReading& compose, std::string image,
                    int generation);

    /// Network, volumes, the services it depends on, then itself.
    Result<void> start();
    Result<HttpProbe> openProbe() const { return HttpProbe::open(m_context, m_main.network); }

    /// "" once it answered 2xx at its health path five times in a row, else why it did not within `timeout`.
    Result<std::string> awaitHealthy(const HttpProbe& probe, Milliseconds timeout) const;
    /// The same service with an environment it cannot work with, watched through the same probe: "" when it was seen to be unhealthy.
    Result<std::string> awaitBrokenUnhealthy(const HttpProbe& probe);
    /// Runs argv in the image, with the service's environment, network and volumes. Timeout when it does not end.
    Result<OneShot> runOnce(const std::string& purpose, const std::vector<std::string>& argv, Milliseconds timeout);

    /// What a job's one run said.
    Result<OneShot> finishJob(Milliseconds timeout);

    DeploymentHandle handle() const;
    const std::string& container() const { return m_container; }
    const ServiceSpec& spec() const { return m_main; }

private:
    Result<ServiceSpec> specOf(const ComposeService& service);
    Result<void> addVolumes(ServiceSpec& spec, const std::map<std::string, std::string>& volumes);
    Result<std::string> watch(const HttpProbe& probe, const std::string& service, const std::string& container, Milliseconds timeout,
                              int wanted) const;
    Result<OneShot> awaitEnd(const std::string& container, Milliseconds timeout);
    std::pair<ServiceSpec, std::string> brokenVariant() const;

    CheckContext& m_context;
    const DeployDesign& m_design;
    const ComposeReading& m_compose;
    std::string m_image;
    int m_generation;
    ServiceSpec m_main{};
    std::string m_container{};
    std::vector<std::string> m_containers{};
};

} // namespace aap
