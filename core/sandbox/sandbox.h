#pragma once

#include <cstdint>
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

namespace aap {

/// One command in a sandbox. Arguments are passed as they are: no shell in between, no quoting.
struct Command {
    std::vector<std::string> argv{};
    std::string workdir = "/workspace/repo";
    std::map<std::string, std::string> environment{}; ///< added to the sandbox's own
    std::string input{};                              ///< standard input; empty means closed at once
    Milliseconds timeout = std::chrono::seconds(120);
    std::size_t outputLimit = 64U << 20U; ///< bytes after which the command is killed
    /// Normally nothing that a command started outlives it. With this, it runs beside the others, in a second set of processes
    /// with the same workspace, user and network (but another /tmp), and what it leaves running stays until the sandbox is
    /// destroyed. Only commands with this set see those processes and can signal them: background jobs are started, looked at
    /// and stopped with it. For Agent sandboxes; a timeout or stop still ends the command and then all jobs with it.
    bool keepsBackground = false;
};

enum class Ending {
    Exited,      ///< by itself, with exitCode (128 + n when a signal n killed it)
    TimedOut,    ///< killed by us at its timeout
    Stopped,     ///< killed because the caller's stop_token asked for it
    OutputLimit, ///< killed because it wrote too much
    OutOfMemory, ///< killed by the memory limit
    DiskLimit,   ///< killed because the workspace grew beyond its limit
    Lost,        ///< the engine lost track: outcome unknown
};

/// What was seen from outside while a command ran.
struct SandboxNotice {
    std::string kind{};    ///< "network_allowed", "network_denied", "limit"
    std::string subject{}; ///< "example.org:443"; of a limit "time", "memory", "disk", "output", "processes"
    std::string text{};    ///< a sentence that a model can act upon
    int count = 1;         ///< how often
};

struct CommandResult {
    Ending ending = Ending::Exited;
    int exitCode = 0; ///< meaningful with Exited and OutOfMemory
    std::string output{}; ///< stdout and stderr in order of arrival, raw bytes, at most headLimit + tailLimit
    std::string standardOutput{}; ///< stdout alone, raw, at most 1 MiB, for programs that parse it
    std::uint64_t totalBytes = 0; ///< what the command wrote in all
    std::uint64_t omittedBytes = 0; ///< what was left out between head and tail of `output`
    Milliseconds duration{};
    bool sandboxRestarted = false; ///< the kill needed a fresh container; files in /tmp are gone
    std::vector<SandboxNotice> notices{}; ///< since the command before

    bool succeeded() const { return ending == Ending::Exited && exitCode == 0; }
};

/// Raw output as it arrives, on the thread that called run(). May be empty.
using OutputListener = std::function<void(std::string_view bytes)>;

/// What a sandbox is made for; the implementation hardens all alike.
enum class SandboxPurpose {
    Agent,    ///< the agent's own: workspace writable
    Verifier, ///< the program's checks: workspace read-only at /workspace, another user, large tmpfs at /scratch
    Prober,   ///< no workspace; joins the deployment's network to ask it for its health
};

struct SandboxSpec {
    SandboxPurpose purpose = SandboxPurpose::Agent;
    std::string runId{};
    std::string stage{};                ///< slug, for the label
    std::filesystem::path workspace{}; ///< host folder mounted at /workspace: `repo/` and `.agent/` lie in it
    std::vector<std::string> frozen{}; ///< paths relative to repo/ that are mounted read-only (they must exist)
    std::string network = "none";      ///< "none", or the name of a network of this run
    std::string image{};               ///< empty: the configured one
};

/// Figures of a sandbox or a deployed container, right now.
struct ResourceUse {
    double cpuPercent = 0;
    std::uint64_t memoryBytes = 0;
    std::uint64_t memoryLimitBytes = 0;
    std::uint64_t processes = 0;
};

struct SandboxInfo {
    std::string id;      ///< container id
    std::string name;    ///< container name
    std::string image;
    std::string imageId; ///< sha256:…
};

/// A closed room in which foreign code runs. Destroying it removes it, whatever runs inside.
/// Used by one thread at a time; every call blocks, ends by its own deadline and obeys the stop_token.
class Sandbox {
public:
    Sandbox() = default;
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;
    virtual ~Sandbox() = default;

    virtual SandboxInfo info() const = 0;
    /// A command that fails is a result; an Error means that the sandbox itself failed.
    virtual Result<CommandResult> run(const Command& command, const OutputListener& output, const std::stop_token& stop) = 0;
    virtual Result<ResourceUse> resources(const std::stop_token& stop) = 0;
    /// ps-like table of the processes inside: first row the titles.
    virtual Result<std::vector<std::vector<std::string>>> processes(const std::stop_token& stop) = 0;
    /// Everything inside stands still until thaw(); no command is run meanwhile.
    virtual Result<void> freeze(const std::stop_token& /*stop*/) { return {}; }
    virtual Result<void> thaw() { return {}; }
};

/// Makes sandboxes. Thread-safe: each run opens its own.
class SandboxProvider {
public:
    SandboxProvider() = default;
    SandboxProvider(const SandboxProvider&) = delete;
    SandboxProvider& operator=(const SandboxProvider&) = delete;
    virtual ~SandboxProvider() = default;

    /// Errors: Unavailable (no engine), NotFound (no image), Unauthorized (socket forbidden), Stopped, Timeout.
    virtual Result<std::unique_ptr<Sandbox>> open(const SandboxSpec& spec, const std::stop_token& stop) = 0;
    /// Removes whatever `runId` left behind: containers and networks but not what is deployed on purpose.
    virtual Result<void> sweep(const std::string& runId) = 0;
    /// uid and gid that files in an agent's workspace belong to.
    virtual std::pair<unsigned, unsigned> agentUser() const = 0;
    /// What agents must know of the sandbox beyond what every one is told: sentences, or nothing.
    virtual std::string rules() const { return {}; }
};

} // namespace aap
