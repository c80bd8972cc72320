#pragma once

#include <cstddef>
#include <cstdint>

/// What the program and its porter say to each other. The porter is a small static program of ours in an agent's container: it
/// starts commands, passes on what they write and kills what they leave, over one exec that stays open. It runs as the agent's user
/// in a room full of foreign code: whatever it says may be a lie, and only the agent's own commands go through it.
///
/// Every frame, either way: type (1 byte), number of the command (4), length of what follows (4), both big-endian.
namespace aap::porter {

inline constexpr std::size_t kHeaderBytes = 9;
inline constexpr std::size_t kMostOutputBytes = 32U << 10U; ///< in one frame
inline constexpr std::size_t kMostRequestBytes = 4U << 20U;

/// To the porter. Run: timeout in ms (4), count of variables (4), count of words (4), then texts that each end with a NUL: the
/// folder, the variables ("NAME=value"), the words; what is left is the command's standard input. Kill: nothing follows.
inline constexpr char kRun = 'R';
inline constexpr char kKill = 'K';

/// The porter's own argument where it lets live what commands leave running.
inline constexpr auto kKeeping = "keep";

/// From the porter. Of a command it first says Begun or Refused, and nothing was started when it says neither.
inline constexpr char kBegun = 'b';
inline constexpr char kRefused = 'n'; ///< it was not started, and nothing of it ran
inline constexpr char kOutput = 'o';  ///< a piece of standard output
inline constexpr char kError = 'e';   ///< a piece of standard error
inline constexpr char kPulse = 'p';   ///< it still runs; every 500 ms
inline constexpr char kEnded = 'x';   ///< last; see kEndBytes

/// How it ended (1: 0 by itself, 1 at its timeout, 2 by Kill), whether something of it could not be killed (1), exit code (4),
/// processor time in µs (8), most resident memory of one process in KiB (8).
inline constexpr std::size_t kEndBytes = 22;
inline constexpr unsigned char kByItself = 0;
inline constexpr unsigned char kAtItsTimeout = 1;
inline constexpr unsigned char kByKill = 2;

inline constexpr int kPulseMs = 500;

template <typename Number>
void putNumber(char* to, Number number)
{
    for (std::size_t i = sizeof number; i > 0; --i, number = Number(std::uint64_t(number) >> 8U))
        to[i - 1] = char(number & 0xffU);
}

template <typename Number>
Number numberAt(const char* from)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        number = number << 8U | static_cast<unsigned char>(from[i]);
    return Number(number);
}

} // namespace aap::porter
