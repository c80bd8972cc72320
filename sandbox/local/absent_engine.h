#pragma once

#include "core/sandbox/deployer.h"

namespace aap {

/// In the place of an engine where there is none: builds and deploys nothing, and says what to do. Unavailable, each time, and NotFound
/// when asked for an image; there is nothing to be removed.
class AbsentEngine final : public ImageBuilder, public Deployer {
public:
    Result<BuiltImage> build(const BuildRequest&, const OutputListener&, const std::stop_token&) override { return missing("build an image"); }
    Result<bool> imageExists(const std::string&, const std::stop_token&) override { return missing("look for an image", ErrorCode::NotFound); }

    Result<std::string> makeNetwork(const std::string&, const std::stop_token&) override { return missing("make a network"); }
    Result<std::string> makeVolume(const std::string&, const std::string&, const std::stop_token&) override { return missing("make a volume"); }
    Result<std::string> start(const ServiceSpec&, const std::stop_token&) override { return missing("start a service"); }
    Result<ServiceState> state(const std::string&, const std::stop_token&) override { return missing("look at a service"); }
    Result<std::string> logs(const std::string&, int, const std::stop_token&) override { return missing("read a service's log"); }
    Result<ResourceUse> resources(const std::string&, const std::stop_token&) override { return missing("measure a service"); }
    Result<std::pair<ServiceState, Milliseconds>> stop(const std::string&, Milliseconds, const std::stop_token&) override { return missing("stop a service"); }
    Result<void> startAgain(const std::string&, const std::stop_token&) override { return missing("start a service again"); }
    Result<void> setAside(const std::string&, const std::vector<std::string>&, const std::stop_token&) override { return missing("set a service aside"); }
    Result<void> bringBack(const std::string&, const std::vector<std::string>&) override { return missing("bring a service back"); }
    Result<void> discard(const std::string&, const std::vector<std::string>&) override { return {}; }
    Result<void> remove(const std::string&) override { return {}; }
    Result<void> removeDeployment(const std::string&) override { return {}; }

private:
    static Error missing(const char* doing, ErrorCode code = ErrorCode::Unavailable)
    {
        return {code, "there is no container engine: sandboxes are this machine's own", {doing},
                "Install Docker and set sandbox.backend to docker, then resume the run; or leave the stages deployment and monitoring out."};
    }
};

} // namespace aap
