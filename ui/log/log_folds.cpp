#include "ui/log/log_folds.h"

#include <algorithm>

namespace aap {

LogFolds::LogFolds(const std::vector<Range>& hidden)
{
    for (const auto& range : hidden) {
        if (range.count == 0)
            continue;
        const auto end = range.first + range.count;
        if (!m_hidden.empty() && range.first <= m_hidden.back().end) {
            m_hidden.back().end = std::max(m_hidden.back().end, end);
            continue;
        }
        const auto before = m_hidden.empty() ? 0 : m_hidden.back().before + m_hidden.back().end - m_hidden.back().first;
        m_hidden.push_back({.first = range.first, .end = end, .before = before});
    }
}

const LogFolds::Hidden* LogFolds::rangeBefore(std::uint64_t line) const
{
    const auto next = std::ranges::upper_bound(m_hidden, line, {}, &Hidden::first);
    return next == m_hidden.begin() ? nullptr : &*std::prev(next);
}

std::uint64_t LogFolds::rowOf(std::uint64_t line) const
{
    const auto* range = rangeBefore(line);
    if (range == nullptr)
        return line;
    return line < range->end ? range->first - range->before : line - range->before - (range->end - range->first);
}

std::uint64_t LogFolds::rows(std::uint64_t lines) const
{
    return rowOf(lines);
}

bool LogFolds::hides(std::uint64_t line) const
{
    const auto* range = rangeBefore(line);
    return range != nullptr && line < range->end;
}

std::uint64_t LogFolds::lineAt(std::uint64_t row) const
{
    // Ranges whose first shown line behind them has a row up to `row` push it down.
    const auto next = std::ranges::upper_bound(m_hidden, row, {}, [](const Hidden& range) { return range.first - range.before; });
    if (next == m_hidden.begin())
        return row;
    const auto& range = *std::prev(next);
    return row + range.before + (range.end - range.first);
}

} // namespace aap
