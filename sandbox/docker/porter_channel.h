#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/sandbox/sandbox.h"
#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/engine_call.h"
#include "sandbox/docker/output_record.h"
#include "sandbox/porter/porter_talk.h"

namespace aap {

/// An exec that stays open, with the porter at its other end: a command costs a fork instead of an exec of the engine. Used by one
/// thread at a time. Destroying it ends the porter and whatever runs.
class PorterChannel {
public:
    /// Where the porter lies in a container.
    static constexpr auto kPath = "/.aap/porter";

    struct Outcome {
        enum class Kind {
            NotRun,   ///< nothing of the command ran: another way may be tried
            Ended,    ///< the porter says how
            Vanished, ///< the porter is gone, killed most likely; the exec knows its exit code
            Broken,   ///< it is stopped or does not talk sense: nobody knows what became of the command
        };
        Kind kind = Kind::NotRun;
        Ending ending = Ending::Exited; ///< TimedOut, Stopped, OutputLimit: we cut it, whatever the kind
        PorterTalk::End end{};          ///< of Ended
        bool staysUsable = false;       ///< the channel takes another command
    };

    /// Starts the porter in a container, as `user` ("uid:gid").
    static Result<std::unique_ptr<PorterChannel>> open(DockerClient& client, const std::string& container, const std::string& user,
                                                       const std::stop_token& stop);

    const std::string& exec() const { return m_exec; }
    /// Ends by the command's timeout or `stop`, and then within a second.
    Outcome run(const Command& command, OutputRecord& record, const OutputListener& output, const std::stop_token& stop);

private:
    PorterChannel(DockerClient& client, std::string container, std::string exec, std::unique_ptr<EngineCall> call);
    /// Whether the porter itself was stopped by a signal; asked of the engine, which sees it from outside.
    bool isPorterStopped();

    DockerClient& m_client;
    std::string m_container;
    std::string m_exec;
    std::unique_ptr<EngineCall> m_call;
    ExecStream m_frames{};
    std::uint32_t m_number = 0;
};

} // namespace aap
