#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "core/sandbox/sandbox.h"
#include "sandbox/sandbox_rules.h"
#include "sandbox/workspace_watch.h"

namespace aap {

struct LocalSandboxSettings {
    std::filesystem::path bwrap = "/usr/bin/bwrap";
    double cpus = 2;                             ///< rounded up to whole processors, to which everything inside is bound
    std::uint64_t memoryBytes = 2048ULL << 20U;  ///< of one process, and watched: of all together
    int pids = 256;                              ///< processes and threads
    UserIds agent = agentUserOfThisProcess();
    std::uint64_t tmpBytes = 512U << 20U;        ///< of /tmp, in memory
    std::uint64_t homeBytes = 256U << 20U;       ///< of /home/agent, in memory
    std::uint64_t scratchBytes = 1024ULL << 20U; ///< of a verifier's /scratch, in memory
    std::uint64_t fileBytes = 1024ULL << 20U;    ///< of one file
    WorkspaceLimits workspace{};                 ///< of an agent's
    ProjectSecrets secrets{};                    ///< files in /run/secrets, which agents and verifiers alone may read
    std::string seccompProfile{};                ///< JSON text, see bundledSeccompProfile(); open() refuses to work without one
};

/// Sandboxes without an engine: bubblewrap with namespaces of their own for users, processes, the network, mounts, IPC and the host's
/// name. Inside: the machine's own /usr, read-only; the workspace; /tmp and the home folder in memory; nothing else of the machine.
/// Commands run as the agent's uid and gid with no capabilities, no new privileges and our system call filter. Needs user namespaces
/// for everybody, which Debian has.
///
/// Commands go to a porter of ours that is PID 1 inside. Nothing inside can stop, kill or look into that, so that it is believed for
/// checks, too. A verifier is another user only where we are root; for everybody the workspace is read-only to it.
///
/// What an engine does better: a process gets no more memory than the limit, but all together are only watched, and may go beyond it for
/// a fifth of a second; processors are bound, not shared out; there is no network but none, and no image: tools are the machine's.
///
/// A sandbox belongs to the thread that opens it and ends with that, or with the program, however that ends.
class LocalSandboxProvider final : public SandboxProvider {
public:
    explicit LocalSandboxProvider(LocalSandboxSettings settings);

    /// Besides SandboxProvider's: Unavailable where bubblewrap is missing, user namespaces are forbidden, or a network is asked for.
    /// The first sandbox of each purpose is tested from inside; when a hardening has no effect, open() fails.
    Result<std::unique_ptr<Sandbox>> open(const SandboxSpec& spec, const std::stop_token& stop) override;
    /// Whether sandboxes can be had here: opens one in a folder of its own, and removes both. Errors are those of open().
    Result<void> tryOut(const std::stop_token& stop);
    /// Nothing is ever left behind.
    Result<void> sweep(const std::string& /*runId*/) override { return {}; }
    std::string rules() const override { return secretRules(m_settings.secrets); }
    std::pair<unsigned, unsigned> agentUser() const override { return {m_settings.agent.uid, m_settings.agent.gid}; }

private:
    Result<void> test(Sandbox& sandbox, const SandboxSpec& spec, const std::stop_token& stop);

    const LocalSandboxSettings m_settings;
    std::mutex m_mutex{}; ///< guards m_tested
    std::set<SandboxPurpose> m_tested{};
};

} // namespace aap
