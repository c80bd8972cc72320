#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "sandbox/local/child_process.h"
#include "sandbox/local/local_sandbox.h"
#include "sandbox/porter/porter_line.h"

namespace aap {

/// The line to a porter that bubblewrap started as PID 1 of a room of its own. Watches how much memory that room takes.
class BwrapLine final : public PorterLine {
public:
    /// How it is started.
    struct Plan {
        const SandboxSpec& spec;
        const LocalSandboxSettings& settings;
        const std::string& filter; ///< seccompProgram()
        const JoinedNamespaces* joins = nullptr;
        bool keeps = false;
    };
    /// Unavailable, with what bubblewrap says; Stopped, Timeout.
    static Result<std::unique_ptr<BwrapLine>> open(const Plan& plan, const std::stop_token& stop);
    ~BwrapLine() override;

    Result<void> step(std::string_view& words, Milliseconds wait, const std::function<void(std::string_view)>& onBytes) override;
    bool hasEnded() const override { return m_child->hasEnded(); }
    bool isPorterStopped() override { return false; } // nobody inside can stop PID 1

    pid_t outer() const { return m_child->pid(); } ///< bubblewrap itself
    pid_t init() const { return m_init; }          ///< the porter, seen from outside
    /// A descriptor of it, which is never another process's; the caller's own.
    OwnedFile initHandle() const;
    const std::string& complaints() const { return m_child->complaints(); }
    /// Whether something was killed because of its memory since this was asked last.
    bool tookTooMuchMemory() { return std::exchange(m_tookTooMuch, false); }

private:
    BwrapLine(std::unique_ptr<ChildProcess> child, std::uint64_t memoryBytes) : m_child(std::move(child)), m_memoryBytes(memoryBytes) {}
    Result<void> awaitInit(const OwnedFile& report, const std::stop_token& stop);
    void watchMemory();

    std::unique_ptr<ChildProcess> m_child;
    std::uint64_t m_memoryBytes;
    pid_t m_init = 0;
    OwnedFile m_initHandle{};
    Stopwatch m_sinceLook{};
    bool m_tookTooMuch = false;
};

} // namespace aap
