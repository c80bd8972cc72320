#pragma once

#include <QList>
#include <QString>

#include "core/store/run_comparison.h"

namespace aap {

/// Two runs side by side.
struct RunComparison {
    struct Line {
        QString what{};
        QString left{};
        QString right{};
        bool differs() const { return left != right; }
    };
    QList<Line> outcome{};  ///< result, tests, time, tokens, cost, repairs: all of them
    QList<Line> stages{};   ///< every stage of either
    QList<Line> settings{}; ///< those that differ
    QList<Line> files{};    ///< those that differ: "new", "gone" or "changed" on the right
};

RunComparison compareRuns(const ComparedRun& left, const ComparedRun& right);

} // namespace aap
