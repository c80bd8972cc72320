#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aap {

using Milliseconds = std::chrono::milliseconds;
using TimePoint = std::chrono::time_point<std::chrono::system_clock, Milliseconds>;

/// The wall clock, to the millisecond.
TimePoint now();
/// UTC, "2026-11-24T12:03:10.123Z".
std::string toIso8601(TimePoint at);
Result<TimePoint> parseIso8601(std::string_view text);

/// The moment by which a wait must have ended; on the steady clock, so that a changed wall clock does not matter.
class Deadline {
public:
    static Deadline in(Milliseconds span) { return Deadline(std::chrono::steady_clock::now() + span); }
    bool hasPassed() const { return std::chrono::steady_clock::now() >= m_at; }
    /// Never negative.
    Milliseconds remaining() const
    {
        const auto left = std::chrono::ceil<Milliseconds>(m_at - std::chrono::steady_clock::now());
        return left.count() > 0 ? left : Milliseconds(0);
    }

private:
    explicit Deadline(std::chrono::steady_clock::time_point at) : m_at(at) {}
    std::chrono::steady_clock::time_point m_at;
};

/// How long something takes; starts when it is made.
class Stopwatch {
public:
    Milliseconds elapsed() const
    {
        return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - m_start);
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace aap
