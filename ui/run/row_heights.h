#pragma once

#include <vector>

namespace aap {

/// The heights of many rows one below the other; where a row begins and which row is at a place cost the logarithm of their number.
class RowHeights {
public:
    int rows() const { return int(m_heights.size()); }
    int height(int row) const { return m_heights[std::size_t(row)]; }
    int total() const { return top(rows()); }
    /// Sum of the heights before `row`.
    int top(int row) const;
    /// The row that covers `y`; the last one below all of them, -1 when there is none.
    int rowAt(int y) const;

    void append(int height);
    void change(int row, int height);
    void assign(std::vector<int> heights);

private:
    std::vector<int> m_heights;
    std::vector<int> m_sums; ///< a Fenwick tree: m_sums[i - 1] sums the i & -i heights up to the i-th
};

} // namespace aap
