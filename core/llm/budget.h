#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/pipeline_spec.h"
#include "core/domain/usage.h"

namespace aap {

/// What was spent, or will be.
struct Spending {
    Usage usage{};
    Money cost{};
    Milliseconds time{};
};

/// What a run or a stage may spend, and has spent. Outlives the models that draw on it; one thread. Its clock runs from when it
/// is made, on top of the time spent before.
class Budget {
public:
    /// `owner` is "run" or "stage": limits are settings budget.<owner>_usd, _tokens, _calls and _minutes. What a resumed run had spent
    /// before counts, and is not warned of again.
    Budget(std::string owner, Limits limits, Spending before = {});

    void add(const Usage& usage, Money cost);
    /// ErrorCode::Limit when a call that takes about so much would go beyond; names the setting.
    Result<void> allows(const Usage& usage, Money cost) const;
    /// "usd", "tokens", "calls" or "minutes" may now be used up to `to`; other words are ignored.
    void raise(std::string_view limit, double to);
    /// Time that does not count.
    void pardon(Milliseconds span) { m_spent.time -= span; }
    /// A sentence for each limit of which 80 % are used since the last question; each comes once.
    std::vector<std::string> newWarnings();

    const Usage& usage() const { return m_spent.usage; }
    Money cost() const { return m_spent.cost; }

private:
    struct Gauge;
    std::vector<Gauge> gauges(const Usage& next, Money cost) const;

    std::string m_owner;
    Limits m_limits;
    Spending m_spent;
    Stopwatch m_watch;
    std::set<std::string> m_warned; ///< settings
};

} // namespace aap
