#pragma once

#include <cstdint>
#include <string>

namespace aap {

/// Millionths of a US dollar; whole numbers, so that sums do not drift.
struct Money {
    std::int64_t microUsd = 0;

    static Money usd(double dollars) { return {std::int64_t(dollars * 1e6 + (dollars < 0 ? -0.5 : 0.5))}; }
    double inUsd() const { return double(microUsd) / 1e6; }
    /// "$0.63"; "$0.0042" below a cent.
    std::string text() const;
    Money& operator+=(Money other) { microUsd += other.microUsd; return *this; }
    friend Money operator+(Money a, Money b) { return a += b; }
    friend auto operator<=>(const Money&, const Money&) = default;
};

/// Tokens of one or many model calls. The whole prompt is input + cacheRead + cacheWrite.
struct Usage {
    std::int64_t inputTokens = 0; ///< neither read from nor written to the cache
    std::int64_t outputTokens = 0; ///< thinking included
    std::int64_t cacheReadTokens = 0;
    std::int64_t cacheWriteTokens = 0; ///< five-minute writes
    std::int64_t cacheWrite1hTokens = 0; ///< one-hour writes
    std::int64_t calls = 0;
    bool estimated = false; ///< the server said nothing and we counted characters

    std::int64_t promptTokens() const { return inputTokens + cacheReadTokens + cacheWriteTokens + cacheWrite1hTokens; }
    std::int64_t totalTokens() const { return promptTokens() + outputTokens; }
    Usage& operator+=(const Usage& other);
    friend bool operator==(const Usage&, const Usage&) = default;
};

} // namespace aap
