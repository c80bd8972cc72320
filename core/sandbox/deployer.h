#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/sandbox/sandbox.h"

namespace aap {

struct BuildRequest {
    std::string runId{};
    std::filesystem::path context{};        ///< host folder; sent as a safe tar (no links out, no special files)
    std::string dockerfile = "Dockerfile"; ///< relative to the context
    std::string tag{};                      ///< "aap-<run>-<service>:latest"
    std::map<std::string, std::string> buildArgs{};
};

struct BuiltImage {
    std::string id{}; ///< sha256:…
    std::string tag{};
    std::uint64_t bytes = 0;
    std::vector<std::string> layers{};
    std::string user{}; ///< Config.User
    std::vector<std::string> exposedPorts{}; ///< "8000/tcp"
    std::vector<std::string> environment{};
    std::string log{};
};

/// Builds images on the host engine, with no network inside the build.
class ImageBuilder {
public:
    ImageBuilder() = default;
    ImageBuilder(const ImageBuilder&) = delete;
    ImageBuilder& operator=(const ImageBuilder&) = delete;
    virtual ~ImageBuilder() = default;

    virtual Result<BuiltImage> build(const BuildRequest& request, const OutputListener& log, const std::stop_token& stop) = 0;
    /// NotFound, as an error: there is nobody who has images.
    virtual Result<bool> imageExists(const std::string& reference, const std::stop_token& stop) = 0;
};

/// A container of a deployment: read-only root, no capabilities, limits, the run's internal network.
struct ServiceSpec {
    std::string runId{};
    std::string name{};  ///< also its DNS alias on the network
    std::string image{};
    std::string network{};
    std::vector<std::string> command{};    ///< empty: the image's own
    std::vector<std::string> entrypoint{}; ///< empty: the image's own
    std::map<std::string, std::string> environment{};
    std::map<std::string, std::string> volumes{}; ///< volume name -> absolute path inside
    std::vector<std::string> tmpfs{};             ///< absolute paths, besides /tmp
    double cpus = 1;
    std::uint64_t memoryBytes = 512U << 20U;
    bool restartUnlessStopped = false;
};

struct ServiceState {
    bool running = false;
    int exitCode = 0;
    bool outOfMemory = false;
    int restarts = 0;
    std::string startedAt{};
};

/// Runs what was built, on a network of the run's own. Guarded by policy and approval before it is called.
/// Names are label-checked: nothing that is not ours is ever touched.
class Deployer {
public:
    Deployer() = default;
    Deployer(const Deployer&) = delete;
    Deployer& operator=(const Deployer&) = delete;
    virtual ~Deployer() = default;

    /// Makes the internal network (idempotent); returns its name.
    virtual Result<std::string> makeNetwork(const std::string& runId, const std::stop_token& stop) = 0;
    /// Makes a named volume (idempotent) whose root is writable for the image's user.
    virtual Result<std::string> makeVolume(const std::string& runId, const std::string& name, const std::stop_token& stop) = 0;
    /// Creates and starts; returns the container id.
    virtual Result<std::string> start(const ServiceSpec& spec, const std::stop_token& stop) = 0;
    virtual Result<ServiceState> state(const std::string& container, const std::stop_token& stop) = 0;
    virtual Result<std::string> logs(const std::string& container, int lines, const std::stop_token& stop) = 0;
    virtual Result<ResourceUse> resources(const std::string& container, const std::stop_token& stop) = 0;
    /// SIGTERM, and SIGKILL after `grace`; returns the state after the end and how long it took.
    virtual Result<std::pair<ServiceState, Milliseconds>> stop(const std::string& container, Milliseconds grace, const std::stop_token& stop) = 0;
    virtual Result<void> startAgain(const std::string& container, const std::stop_token& stop) = 0;
    /// Stops these services of `runId` and puts them away with their volumes, so that others may take their names on the network.
    virtual Result<void> setAside(const std::string& runId, const std::vector<std::string>& containers, const std::stop_token& stop) = 0;
    /// Exactly these services of `runId` run, under their own names, whether or not they were set aside: all its other containers are removed.
    virtual Result<void> bringBack(const std::string& runId, const std::vector<std::string>& containers) = 0;
    /// Removes what was set aside, its volumes and its images with it.
    virtual Result<void> discard(const std::string& runId, const std::vector<std::string>& containers) = 0;
    virtual Result<void> remove(const std::string& container) = 0;
    /// Removes containers, network, volumes and images that this run deployed.
    virtual Result<void> removeDeployment(const std::string& runId) = 0;
};

} // namespace aap
