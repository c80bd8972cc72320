#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/config/project_secrets.h"
#include "core/sandbox/sandbox.h"
#include "sandbox/docker/docker_client.h"
#include "sandbox/sandbox_rules.h"
#include "sandbox/workspace_watch.h"

namespace aap {

struct ContainerPlan;
class Egress;
class Room;
class SpareRoom;

/// What agents' commands reach: nothing; what the list names, through a proxy of ours; or whatever the engine's machine does.
enum class NetworkPolicy { None, AllowList, Open };

struct DockerSandboxSettings {
    std::string image = "coding-agent-sandbox:latest";
    double cpus = 2; ///< no more than the engine has
    std::uint64_t memoryBytes = 2048ULL << 20U;
    int pids = 256;
    UserIds agent = agentUserOfThisProcess();
    std::chrono::seconds lifetime = std::chrono::hours(24); ///< after which a forgotten container ends by itself
    std::uint64_t tmpBytes = 512U << 20U;      ///< of /tmp, in memory
    std::uint64_t homeBytes = 256U << 20U;     ///< of /home/agent, in memory
    std::uint64_t scratchBytes = 1024ULL << 20U; ///< of a verifier's /scratch, in memory
    std::uint64_t fileBytes = 1024ULL << 20U;  ///< of one file
    WorkspaceLimits workspace{}; ///< of an agent's
    /// File of placePorter(), which agents' containers mount; empty: every command is an exec of the engine, at 30 times the cost.
    std::filesystem::path porter{};
    NetworkPolicy network = NetworkPolicy::None; ///< of agents' sandboxes; checks never have one
    std::vector<std::string> allowedHosts{};     ///< of AllowList: "host:port", "*.domain:port", "address:port"
    std::filesystem::path proxy{};               ///< of AllowList: the file of placeProxy()
    std::string outerNetwork = "bridge";         ///< of AllowList: through which the proxy reaches them; of Open: the sandbox itself
    ProjectSecrets secrets{}; ///< files in /run/secrets of agents and verifiers, which these alone may read
    bool keepsSpare = false; ///< the next agent's container is made while the last one works
    std::string seccompProfile{}; ///< JSON text, see bundledSeccompProfile(); open() refuses to work without one
};

/// Opens a fresh, hardened container for each sandbox, on a local engine: the workspace is a bind mount.
///
/// Inside: PID 1 is an init of uid 65534 with a finite sleep; commands run as the agent's uid:gid with no capabilities, no new
/// privileges, our seccomp profile, a read-only root, bounded memory, CPU, processes, files, and network "none" or the run's own.
/// HOME is a tmpfs. Nothing is logged by the engine. An agent's commands go through a porter of ours where the settings have one (see
/// Room); those of the other purposes never do. A verifier is uid 1001 (1002 where agents are 1001) with the agents' group:
/// it reads what owner and group of a file may read. Commands of agents run with umask 022, so that is what they make unless they
/// close a file on purpose; then the check fails and says so. open() lets the group enter the workspace's top folder.
///
/// An agent's workspace is held to its limits by a WorkspaceWatch: what passes them is ended (Ending::DiskLimit), and a notice says what to do.
///
/// With an allow list an agent's sandbox is on an internal network of its run, on which nobody is but a proxy of ours (see Egress); what
/// that decided stands in the notices of a command's result.
///
/// With `keepsSpare` each agent's sandbox that is opened has another one made, by a thread of ours, for whoever asks next for the same
/// (another stage of the run); sweep() and the destructor remove it.
///
/// Secrets of the project lie in a tmpfs of the container's own and are written there through an exec's standard input, so that nothing
/// the engine keeps or shows has them: no image, no variable, no argument, no log.
///
/// The first sandbox of each purpose and image is tested from inside; when a hardening has no effect, open() fails.
class DockerSandboxProvider final : public SandboxProvider {
public:
    /// `client` outlives the provider and its sandboxes.
    DockerSandboxProvider(DockerClient& client, DockerSandboxSettings settings);
    ~DockerSandboxProvider() override;

    Result<std::unique_ptr<Sandbox>> open(const SandboxSpec& spec, const std::stop_token& stop) override;
    Result<void> sweep(const std::string& runId) override;
    std::pair<unsigned, unsigned> agentUser() const override { return {m_settings.agent.uid, m_settings.agent.gid}; }
    std::string rules() const override;

    /// pruneDead(): for the start of the program.
    Result<void> sweepDead(const std::stop_token& stop);

private:
    std::string networkRules() const;
    Result<std::unique_ptr<Room>> openRoom(ContainerPlan& plan, const std::stop_token& stop);
    std::unique_ptr<Room> takeSpare(const ContainerPlan& plan);
    void prepareSpare(const ContainerPlan& plan);
    Result<double> engineCpus(const std::stop_token& stop);
    Result<std::shared_ptr<Egress>> egressOf(const std::string& runId, const std::string& image, const std::stop_token& stop);

    DockerClient& m_client;
    const DockerSandboxSettings m_settings;
    std::mutex m_egressMutex{};                                 ///< guards m_egress; held while one is started
    std::map<std::string, std::shared_ptr<Egress>> m_egress{}; ///< by run
    std::unique_ptr<SpareRoom> m_spare;
    std::mutex m_mutex{}; ///< guards the two below
    std::set<std::string> m_tested{}; ///< purpose and image
    double m_engineCpus = 0;          ///< 0: not asked yet
};

} // namespace aap
