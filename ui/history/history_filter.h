#pragma once

#include <optional>
#include <vector>

#include <QDateTime>
#include <QString>

#include "core/store/journal.h"

namespace aap {

/// What the filter bar of the history says: `result:failed model:opus cost:>2 last week photo`. Every part must hold.
class HistoryFilter {
public:
    /// Lenient: what is no known word is looked for in the title and the id. `now` is what "today" is reckoned from.
    static HistoryFilter parse(const QString& words, const QDateTime& now);

    bool accepts(const RunSummary& run) const;
    bool isEmpty() const { return m_terms.empty(); }

private:
    enum class Field { Any, Result, Model, Mode, Dearer, Cheaper, Since, Before };
    struct Term {
        Field field{};
        QString words{};
        std::int64_t number = 0; ///< millionths of a dollar, or milliseconds since 1970
    };

    std::optional<Term> period(const QString& words, const QDateTime& now);
    void add(const QString& word);
    static bool holds(const Term& term, const RunSummary& run);

    std::vector<Term> m_terms;
};

} // namespace aap
