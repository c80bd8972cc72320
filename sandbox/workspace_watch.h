#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "core/base/time.h"
#include "core/sandbox/sandbox.h"

namespace aap {

struct WorkspaceLimits {
    std::uint64_t bytes = 4096ULL << 20U;  ///< on the disk, holes not counted
    std::uint64_t files = 300'000;         ///< folders and links included
    std::uint64_t reserve = 256ULL << 20U; ///< bytes that stay free on its disk for everybody else
};

/// What a folder holds. Foreign code may change it meanwhile; nothing is followed out of it.
struct WorkspaceUse {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
    bool isTooDeep = false; ///< nested beyond what is looked at
};
/// Gives up beyond four times the limits. Blocks: a hundred thousand files take a tenth of a second.
WorkspaceUse measureWorkspace(const std::filesystem::path& folder, const WorkspaceLimits& limits, const std::stop_token& stop);

/// Holds a sandbox's workspace to a size. A bind mount has no quota, so a thread of ours looks while commands or jobs run: ten times a
/// second at the free space of the disk, which costs nothing, and through the folder each second, or at once when the disk has lost as much
/// as is left; never for more than a twentieth of the time. What was too big before a command may stay, but not grow, so that one can tidy up.
class WorkspaceWatch {
public:
    /// Measures once, which blocks. `endJobs` is called on the watch's thread when the limit is passed, whoever did it.
    WorkspaceWatch(std::filesystem::path folder, WorkspaceLimits limits, std::function<void()> endJobs);
    ~WorkspaceWatch();
    WorkspaceWatch(const WorkspaceWatch&) = delete;
    WorkspaceWatch& operator=(const WorkspaceWatch&) = delete;

    /// A command begins; `endIt` is called on the watch's thread, at most once, and not after end().
    void begin(std::function<void()> endIt);
    /// It has ended. What was wrong since the last call: a sentence for the agent.
    std::optional<std::string> end();
    /// A whole command: `run` is ended by its token when the limit is passed, and its result says so.
    Result<CommandResult> around(const std::function<Result<CommandResult>(const std::stop_token&)>& run, const std::stop_token& stop);
    /// Whether it looks between commands, too.
    void watchJobs(bool areThere);

private:
    using Lock = std::unique_lock<std::mutex>;

    void watch(const std::stop_token& stop);
    bool isActive() const { return m_hasJobs || m_endIt; }
    bool isTooBig(const WorkspaceUse& use, const WorkspaceLimits& most) const { return use.bytes > most.bytes || use.files > most.files || use.isTooDeep; }
    bool mustMeasure(std::uint64_t freeNow) const;
    void look(Lock& lock, const std::stop_token& stop);
    void measure(Lock& lock, const std::stop_token& stop);
    bool judge(std::uint64_t freeNow);
    void stopAll(Lock& lock);
    std::uint64_t freeBytes() const;

    const std::filesystem::path m_folder;
    const WorkspaceLimits m_limits;
    const std::function<void()> m_endJobs;
    std::mutex m_mutex{}; ///< guards what follows
    std::condition_variable_any m_changed{};
    std::function<void()> m_endIt{};
    bool m_hasJobs = false;
    bool m_isFresh = false; ///< it was too big when the command began, and how big exactly is to be found out
    std::string m_complaint{}; ///< to be told
    WorkspaceLimits m_allowed = m_limits;
    WorkspaceUse m_used{};
    std::uint64_t m_freeThen = 0;  ///< when it was measured
    std::uint64_t m_freeFirst = 0; ///< when the command began
    Stopwatch m_since{};          ///< the last measurement
    Milliseconds m_took{};
    std::jthread m_thread{}; ///< last: joined first
};

} // namespace aap
