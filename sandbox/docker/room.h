#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/json.h"
#include "core/sandbox/sandbox.h"
#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/docker/output_record.h"
#include "sandbox/porter/porter_channel.h"

namespace aap {

/// One container, started, in which commands run one after the other. Used by one thread at a time. Destroying it removes it.
///
/// A command is an exec of the engine, or, where a porter lies in the container, goes to it. The porter is foreign code's neighbour
/// and trusted with nothing: when it is killed, stopped or talks nonsense, everything of its user is killed by a plain exec or with
/// the container, and after three such times it is used no more.
class Room {
public:
    /// Creates and starts. `clears`: after each command everything else of its user is killed.
    /// `secrets`: a tar that is unpacked in /run/secrets whenever the container starts; empty: none.
    static Result<std::unique_ptr<Room>> open(DockerClient& client, std::string name, Json body, UserIds user, bool clears, std::string secrets,
                                              const std::stop_token& stop);
    ~Room();
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;

    /// From now on commands go through a porter, which lies in the container, whenever they can.
    void usePorter() { m_hasPorter = true; }

    /// Gives it another name, if the engine agrees.
    void rename(std::string name);

    const std::string& id() const { return m_id; }
    const std::string& name() const { return m_name; }
    Result<CommandResult> run(const Command& command, const OutputListener& output, const std::stop_token& stop);
    /// Whether run() had to kill the whole container; it is started again by the next run().
    bool isDown() const { return m_isDown; }

private:
    /// How far a command came, as seen by us.
    struct Watch {
        Ending ending = Ending::Exited; ///< TimedOut, Stopped and OutputLimit: we cut it
        std::optional<Error> broken{};  ///< the stream made no sense
        OutputRecord output{};
    };

    Room(DockerClient& client, std::string name, Json body, UserIds user, bool clears, std::string secrets);
    Result<void> create(const std::stop_token& stop);
    Result<void> start(const std::stop_token& stop);
    Result<void> bringSecrets(const std::stop_token& stop);
    Result<bool> bringUp(const std::stop_token& stop);
    Result<CommandResult> runAsExec(const Command& command, const OutputListener& output, const std::stop_token& stop);
    /// Nothing: the porter did not run it.
    std::optional<CommandResult> runByPorter(const Command& command, const OutputListener& output, const std::stop_token& stop);
    void settlePorter(const PorterChannel::Outcome& outcome, CommandResult& result);
    Result<std::string> createExec(const Command& command, const std::stop_token& stop);
    Result<void> watch(const std::string& exec, const Command& command, const OutputListener& output,
                       const std::stop_token& stop, Watch& seen);
    std::optional<int> exitCode(const std::string& exec);
    std::string user() const;
    /// Kills everything of the commands' user and waits for the end of `exec`. How often the kernel has killed for want of
    /// memory so far; nothing when it did not work in time.
    std::optional<long> clear(const std::string& exec);
    bool hasEnded(const std::string& exec);
    void killContainer();
    void settle(const std::string& exec, Watch& seen, CommandResult& result);

    DockerClient& m_client;
    std::string m_name;
    Json m_body;
    UserIds m_user;
    bool m_clears;
    std::string m_secrets;
    std::string m_id{};
    bool m_isDown = false;
    long m_oomKills = 0; ///< counted by the kernel in this container so far
    bool m_hasPorter = false;
    int m_porterFaults = 0; ///< how often it was killed, stopped or lied
    std::unique_ptr<PorterChannel> m_porter{};
    std::string m_porterExec{}; ///< id of the exec it is
};

} // namespace aap
