#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "core/sandbox/sandbox.h"
#include "sandbox/local/child_process.h"
#include "sandbox/local/local_sandbox.h"
#include "sandbox/local/process_table.h"
#include "sandbox/porter/porter_channel.h"

namespace aap {

class BwrapLine;

/// One set of processes in namespaces of their own, in which commands run one after the other, by a porter that is PID 1 of them.
/// Belongs to the thread that opens it. Destroying it ends everything inside.
class LocalRoom {
public:
    struct Plan {
        SandboxSpec spec{};
        LocalSandboxSettings settings{};
        std::string filter{};                    ///< seccompProgram()
        const JoinedNamespaces* joins = nullptr; ///< the network of another room
        bool keeps = false;                      ///< see Command::keepsBackground
    };

    static Result<std::unique_ptr<LocalRoom>> open(Plan plan, const std::stop_token& stop);
    ~LocalRoom();
    LocalRoom(const LocalRoom&) = delete;
    LocalRoom& operator=(const LocalRoom&) = delete;

    Result<CommandResult> run(const Command& command, const OutputListener& output, const std::stop_token& stop);
    /// Whether everything inside was killed; the next run() begins anew.
    bool isDown() const { return m_line == nullptr; }
    /// PID 1 of it, seen from outside; 0 when it is down.
    pid_t init() const;
    /// A descriptor of that process, for other threads to end it by; not open when it is down.
    OwnedFile initHandle() const;
    std::vector<ProcessRow> processes() const;
    /// For another room that is to see the same network. Not open when it is down.
    JoinedNamespaces namespaces() const;
    void signalAll(int signal);

private:
    explicit LocalRoom(Plan plan) : m_plan(std::move(plan)) {}
    Result<void> start(const std::stop_token& stop);
    void end();
    void settle(const PorterChannel::Outcome& outcome, CommandResult& result);

    const Plan m_plan;
    std::unique_ptr<PorterChannel> m_porter{}; ///< owns m_line
    BwrapLine* m_line = nullptr;
};

} // namespace aap
