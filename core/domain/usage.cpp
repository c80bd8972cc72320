#include "core/domain/usage.h"

#include <cstdlib>

#include <fmt/format.h>

namespace aap {

std::string Money::text() const
{
    const bool belowACent = microUsd != 0 && std::abs(microUsd) < 10'000;
    return belowACent ? fmt::format("${:.4f}", inUsd()) : fmt::format("${:.2f}", inUsd());
}

Usage& Usage::operator+=(const Usage& other)
{
    inputTokens += other.inputTokens;
    outputTokens += other.outputTokens;
    cacheReadTokens += other.cacheReadTokens;
    cacheWriteTokens += other.cacheWriteTokens;
    cacheWrite1hTokens += other.cacheWrite1hTokens;
    calls += other.calls;
    estimated = estimated || other.estimated;
    return *this;
}

} // namespace aap
