#include "ui/widgets/line_diff.h"

#include <algorithm>

#include <QRegularExpression>

namespace aap {
namespace {

constexpr int kMostSteps = 2000;
constexpr qsizetype kLongestDiffLine = 2000;

using Kind = DiffRow::Kind;

QString cutLine(const QString& line)
{
    return line.size() > kLongestDiffLine ? line.left(kLongestDiffLine) + u'…' : line;
}

QStringList linesOf(const QString& text)
{
    if (text.isEmpty())
        return {};
    auto lines = text.split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

/// Myers: the shortest way from one list of lines to the other, as furthest points for each number of steps.
class ShortestEdit {
public:
    ShortestEdit(const QStringList& before, const QStringList& after, int skip, int oldEnd, int newEnd) :
        m_before(before), m_after(after), m_skip(skip), m_oldSize(oldEnd - skip), m_newSize(newEnd - skip)
    {
    }
    /// Kinds of the rows between, or nothing when it takes too many steps.
    std::vector<Kind> find()
    {
        const int most = std::min(m_oldSize + m_newSize, kMostSteps);
        std::vector<int> furthest(std::size_t(2 * most + 3), 0);
        const int middle = most + 1;
        for (int steps = 0; steps <= most; ++steps) {
            m_trace.push_back({furthest.begin() + middle - steps - 1, furthest.begin() + middle + steps + 2});
            for (int k = -steps; k <= steps; k += 2) {
                const bool down = k == -steps || (k != steps && furthest[std::size_t(middle + k - 1)] < furthest[std::size_t(middle + k + 1)]);
                int x = down ? furthest[std::size_t(middle + k + 1)] : furthest[std::size_t(middle + k - 1)] + 1;
                while (x < m_oldSize && x - k < m_newSize && equal(x, x - k))
                    ++x;
                furthest[std::size_t(middle + k)] = x;
                if (x >= m_oldSize && x - k >= m_newSize)
                    return walkBack(steps);
            }
        }
        return {};
    }

private:
    bool equal(int x, int y) const { return m_before[m_skip + x] == m_after[m_skip + y]; }
    std::vector<Kind> walkBack(int steps) const
    {
        std::vector<Kind> kinds;
        int x = m_oldSize;
        int y = m_newSize;
        for (; steps >= 0; --steps) {
            const auto& furthest = m_trace[std::size_t(steps)]; // of k from -steps-1 to steps+1
            const auto at = [&](int k) { return furthest[std::size_t(k + steps + 1)]; };
            const int k = x - y;
            const bool down = k == -steps || (k != steps && at(k - 1) < at(k + 1));
            const int fromX = steps == 0 ? 0 : down ? at(k + 1) : at(k - 1);
            const int fromY = steps == 0 ? 0 : fromX - (down ? k + 1 : k - 1);
            while (x > fromX && y > fromY) {
                kinds.push_back(Kind::Same);
                --x;
                --y;
            }
            if (steps > 0)
                kinds.push_back(down ? Kind::Added : Kind::Removed);
            x = fromX;
            y = fromY;
        }
        std::ranges::reverse(kinds);
        return kinds;
    }

    const QStringList& m_before;
    const QStringList& m_after;
    const int m_skip;
    const int m_oldSize;
    const int m_newSize;
    std::vector<std::vector<int>> m_trace;
};

std::vector<Kind> kindsOf(const QStringList& before, const QStringList& after)
{
    const auto shorter = std::min(before.size(), after.size());
    qsizetype head = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    std::vector<Kind> kinds(std::size_t(head), Kind::Same);
    auto between = ShortestEdit(before, after, int(head), int(before.size() - tail), int(after.size() - tail)).find();
    if (between.empty()) {
        between.assign(std::size_t(before.size() - tail - head), Kind::Removed);
        between.insert(between.end(), std::size_t(after.size() - tail - head), Kind::Added);
    }
    kinds.insert(kinds.end(), between.begin(), between.end());
    kinds.insert(kinds.end(), std::size_t(tail), Kind::Same);
    return kinds;
}

/// Removed before added within each change, as people read it, and equal lines far from any change left out.
std::vector<DiffRow> withContext(std::vector<DiffRow> rows, int context)
{
    std::vector<char> near(rows.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].kind != Kind::Same)
            for (auto at = std::max<std::ptrdiff_t>(0, std::ptrdiff_t(i) - context); at <= std::ptrdiff_t(i) + context && at < std::ptrdiff_t(rows.size()); ++at)
                near[std::size_t(at)] = 1;
    std::vector<DiffRow> kept;
    for (std::size_t i = 0; i < rows.size();) {
        if (near[i]) {
            kept.push_back(std::move(rows[i++]));
            continue;
        }
        auto end = i;
        while (end < rows.size() && !near[end])
            ++end;
        kept.push_back({.kind = Kind::Hunk, .oldNumber = rows[i].oldNumber, .newNumber = rows[i].newNumber, .text = QString::number(end - i)});
        i = end;
    }
    return kept;
}

} // namespace

std::vector<DiffRow> diffLines(const QString& before, const QString& after, int context)
{
    const auto old = linesOf(before);
    const auto fresh = linesOf(after);
    std::vector<DiffRow> rows;
    int oldAt = 0;
    int newAt = 0;
    for (const auto kind : kindsOf(old, fresh)) {
        DiffRow row{.kind = kind};
        if (kind != Kind::Added)
            row.text = cutLine(old[oldAt]);
        if (kind == Kind::Added)
            row.text = cutLine(fresh[newAt]);
        if (kind != Kind::Added)
            row.oldNumber = ++oldAt;
        if (kind != Kind::Removed)
            row.newNumber = ++newAt;
        rows.push_back(std::move(row));
    }
    for (auto at = rows.begin(); at != rows.end();) { // within a change: first what went, then what came
        const auto begin = std::find_if(at, rows.end(), [](const DiffRow& row) { return row.kind != Kind::Same; });
        at = std::find_if(begin, rows.end(), [](const DiffRow& row) { return row.kind == Kind::Same; });
        std::stable_partition(begin, at, [](const DiffRow& row) { return row.kind == Kind::Removed; });
    }
    return withContext(std::move(rows), context);
}

std::vector<DiffRow> parseUnifiedDiff(const QString& diff)
{
    static const QRegularExpression hunk(QStringLiteral("^@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@"));
    std::vector<DiffRow> rows;
    int oldAt = 0, newAt = 0, oldLeft = 0, newLeft = 0; // of the hunk: only there a line may begin with what it likes
    for (const auto& line : linesOf(diff)) {
        const auto first = line.isEmpty() ? u' ' : line[0].unicode();
        if (oldLeft > 0 || newLeft > 0) {
            if (first == u'\\')
                continue;
            DiffRow row{.kind = first == u'-' ? Kind::Removed : first == u'+' ? Kind::Added : Kind::Same, .text = cutLine(line.mid(1))};
            if (row.kind != Kind::Added) {
                row.oldNumber = oldAt++;
                --oldLeft;
            }
            if (row.kind != Kind::Removed) {
                row.newNumber = newAt++;
                --newLeft;
            }
            rows.push_back(std::move(row));
        } else if (const auto match = hunk.match(line); match.hasMatch()) {
            const auto countIn = [&match](int group) { return match.captured(group).isEmpty() ? 1 : match.captured(group).toInt(); };
            oldAt = match.captured(1).toInt();
            newAt = match.captured(3).toInt();
            oldLeft = countIn(2);
            newLeft = countIn(4);
            rows.push_back({.kind = Kind::Hunk, .oldNumber = oldAt, .newNumber = newAt});
        } else if (line.startsWith(QStringLiteral("diff --git "))) {
            auto name = line.mid(line.lastIndexOf(QStringLiteral(" b/")) + 3);
            if (name.endsWith(u'"'))
                name.chop(1);
            rows.push_back({.kind = Kind::File, .text = cutLine(name)});
        }
    }
    return rows;
}

DiffCount countOf(const std::vector<DiffRow>& rows)
{
    return {.added = int(std::ranges::count(rows, Kind::Added, &DiffRow::kind)), .removed = int(std::ranges::count(rows, Kind::Removed, &DiffRow::kind))};
}

} // namespace aap
