#pragma once

#include <cstdint>
#include <vector>

namespace aap {

/// Which lines of a log are not shown, and how rows and lines answer each other; lookups cost the logarithm of the ranges.
class LogFolds {
public:
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t count = 0;
    };

    LogFolds() = default;
    /// In order; they may touch and overlap.
    explicit LogFolds(const std::vector<Range>& hidden);

    std::uint64_t rows(std::uint64_t lines) const;
    std::uint64_t lineAt(std::uint64_t row) const;
    /// The row of a line, or of the next one shown when it is hidden.
    std::uint64_t rowOf(std::uint64_t line) const;
    bool hides(std::uint64_t line) const;

private:
    struct Hidden {
        std::uint64_t first = 0;
        std::uint64_t end = 0;
        std::uint64_t before = 0; ///< lines hidden before this range
    };
    const Hidden* rangeBefore(std::uint64_t line) const; ///< the last that begins at or before it

    std::vector<Hidden> m_hidden;
};

} // namespace aap
