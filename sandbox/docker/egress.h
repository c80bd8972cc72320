#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "core/sandbox/sandbox.h"
#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/docker_sandbox.h"

namespace aap {

/// The one way out of a run's sandboxes: an internal network on which the host has no address, and a container of ours on it and on the
/// outer network, in which the filtering proxy runs (sandbox/proxy). Names are resolved by the proxy alone. It is foreign code's neighbour
/// and as locked in as the sandboxes: no capabilities, read-only root, bounded memory and processes, no forwarding.
///
/// It writes its decisions into a file of ours, which has no name any more once it runs: nothing of it is left on this machine, however we
/// end. What it cannot write down it refuses. Thread-safe. Destroying it removes container and network; sandboxes on it go first.
class Egress {
public:
    struct Wish {
        std::string runId{}; ///< checked
        std::string image{}; ///< whatever has a file system: of it nothing is used
        const DockerSandboxSettings& sandbox;
    };
    /// Errors: Invalid (no list, no proxy) and the engine's.
    static Result<std::shared_ptr<Egress>> start(DockerClient& client, const Wish& wish, const std::stop_token& stop);
    ~Egress();
    Egress(const Egress&) = delete;
    Egress& operator=(const Egress&) = delete;

    const std::string& network() const { return m_network; } ///< its name
    const std::string& address() const { return m_address; } ///< "http://172.20.0.2:3128"
    bool isRunning(const std::stop_token& stop) const;
    /// Since the last call, equal ones as one; of a flood the first fifty and how many were more.
    std::vector<SandboxNotice> decisions();

private:
    Egress(DockerClient& client, std::string allowed) : m_client(client), m_allowed(std::move(allowed)) {}
    Result<std::string> makeNetwork(const Wish& wish, const std::stop_token& stop);
    Result<std::string> makeLog(const Wish& wish);
    Result<void> create(const Wish& wish, const std::string& subnet, const std::string& log, const std::stop_token& stop);
    Result<void> launch(const std::stop_token& stop);
    std::string readNews();

    DockerClient& m_client;
    const std::string m_allowed;
    std::string m_network{};
    std::string m_container{};
    std::string m_address{};
    int m_log = -1;
    std::mutex m_mutex{}; ///< guards the two below
    std::uint64_t m_read = 0;
    std::string m_cut{}; ///< the begin of a line that is not whole yet
};

} // namespace aap
