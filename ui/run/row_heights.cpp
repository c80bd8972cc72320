#include "ui/run/row_heights.h"

#include <algorithm>
#include <bit>

namespace aap {

int RowHeights::top(int row) const
{
    int sum = 0;
    for (auto i = unsigned(row); i > 0; i &= i - 1)
        sum += m_sums[i - 1];
    return sum;
}

int RowHeights::rowAt(int y) const
{
    unsigned at = 0;
    for (auto step = std::bit_floor(unsigned(m_sums.size())); step > 0; step /= 2)
        if (at + step <= m_sums.size() && m_sums[at + step - 1] <= y) {
            at += step;
            y -= m_sums[at - 1];
        }
    return std::min(int(at), rows() - 1);
}

void RowHeights::append(int height)
{
    m_heights.push_back(height);
    const auto i = unsigned(m_heights.size());
    int sum = height;
    for (unsigned step = 1; step < (i & (~i + 1)); step *= 2)
        sum += m_sums[i - step - 1];
    m_sums.push_back(sum);
}

void RowHeights::change(int row, int height)
{
    const int difference = height - m_heights[std::size_t(row)];
    m_heights[std::size_t(row)] = height;
    if (difference != 0)
        for (auto i = unsigned(row) + 1; i <= m_sums.size(); i += i & (~i + 1))
            m_sums[i - 1] += difference;
}

void RowHeights::assign(std::vector<int> heights)
{
    m_heights = std::move(heights);
    m_sums = m_heights;
    for (unsigned i = 1; i <= m_sums.size(); ++i)
        if (const auto above = i + (i & (~i + 1)); above <= m_sums.size())
            m_sums[above - 1] += m_sums[i - 1];
}

} // namespace aap
