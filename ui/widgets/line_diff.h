#pragma once

#include <cstdint>
#include <vector>

#include <QString>

namespace aap {

/// One row of a comparison.
struct DiffRow {
    enum class Kind { File, Hunk, Same, Removed, Added };
    Kind kind = Kind::Same;
    int oldNumber = 0; ///< 0: not in it
    int newNumber = 0;
    QString text{};
};

/// Line by line; equal ends are found first, then the shortest edit where it has at most 2000 steps, else what differs is replaced
/// whole. Of long equal parts only `context` lines around a change stay, the rest becomes a Hunk row. Any thread.
std::vector<DiffRow> diffLines(const QString& before, const QString& after, int context = 3);

/// A unified diff as git writes it. Any thread.
std::vector<DiffRow> parseUnifiedDiff(const QString& diff);

struct DiffCount {
    int added = 0;
    int removed = 0;
};
DiffCount countOf(const std::vector<DiffRow>& rows);

} // namespace aap
