#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/sandbox/sandbox.h"
#include "sandbox/docker/exec_stream.h"

namespace aap {

/// One command's talk with the porter of an agent's container (see words.h): what is asked, and what the answers mean. The porter is
/// not believed: every byte that no porter would send there ends the talk as Protocol. Touches no socket and no thread.
class PorterTalk {
public:
    /// How the porter says that the command ended.
    struct End {
        unsigned char how = 0; ///< porter::kByItself, kAtItsTimeout, kByKill
        bool leavesSomething = false;
        int exitCode = 0; ///< 0 to 255
        std::uint64_t cpuMicroseconds = 0;
        std::uint64_t mostKib = 0;
    };

    /// `number`: never one that was used in the same channel before.
    explicit PorterTalk(std::uint32_t number) : m_number(number) {}

    /// Whether a command can be asked for at all: its texts and input are not too long in all, and no text has a NUL in it.
    static bool carries(const Command& command);
    std::string request(const Command& command) const;
    std::string killing() const;

    /// Bytes cut anywhere. Protocol, and final: frames of unknown types, of other commands, out of order, of wrong or too great
    /// length, pulses beyond one for each 100 ms of `elapsed`, anything after the last.
    Result<void> feed(std::string_view bytes, Milliseconds elapsed, const ExecStream::OnOutput& onOutput);

    bool hasBegun() const { return m_hasBegun; } ///< the command may have run
    bool wasRefused() const { return m_wasRefused; }
    const std::optional<End>& end() const { return m_end; }
    bool isOver() const { return m_wasRefused || m_end; }

private:
    Result<void> readHeader(Milliseconds elapsed);
    Result<void> take(const ExecStream::OnOutput& onOutput);
    Result<void> takeEnd();

    std::uint32_t m_number;
    std::string m_frame{}; ///< header and what has come of the payload
    std::size_t m_wanted = 0; ///< length of the whole frame; 0 until its header is whole
    std::int64_t m_pulses = 0;
    bool m_hasBegun = false;
    bool m_wasRefused = false;
    std::optional<End> m_end{};
};

} // namespace aap
