#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include "core/sandbox/sandbox.h"
#include "sandbox/docker/output_record.h"
#include "sandbox/porter/porter_line.h"
#include "sandbox/porter/porter_talk.h"

namespace aap {

/// A line that stays open, with a porter at its other end: a command costs a fork instead of an exec of the engine. Used by one
/// thread at a time. Destroying it ends the porter and whatever runs.
class PorterChannel {
public:
    /// Where the porter lies in a sandbox.
    static constexpr auto kPath = "/.aap/porter";

    struct Outcome {
        enum class Kind {
            NotRun,   ///< nothing of the command ran: another way may be tried
            Ended,    ///< the porter says how
            Vanished, ///< the porter is gone, killed most likely
            Broken,   ///< it is stopped or does not talk sense: nobody knows what became of the command
        };
        Kind kind = Kind::NotRun;
        Ending ending = Ending::Exited; ///< TimedOut, Stopped, OutputLimit: we cut it, whatever the kind
        PorterTalk::End end{};          ///< of Ended
        bool staysUsable = false;       ///< the channel takes another command
    };

    explicit PorterChannel(std::unique_ptr<PorterLine> line) : m_line(std::move(line)) {}

    /// Ends by the command's timeout or `stop`, and then within a second.
    Outcome run(const Command& command, OutputRecord& record, const OutputListener& output, const std::stop_token& stop);

private:
    std::unique_ptr<PorterLine> m_line;
    std::uint32_t m_number = 0;
};

} // namespace aap
