#include "core/llm/budget.h"

#include <fmt/format.h>

namespace aap {
namespace {

std::string minutes(std::int64_t milliseconds)
{
    return fmt::format("{:.1f} minutes", double(milliseconds) / 60'000);
}

std::string money(std::int64_t microUsd)
{
    return Money{microUsd}.text();
}

std::string tokens(std::int64_t count)
{
    return fmt::format("{} tokens", count);
}

std::string calls(std::int64_t count)
{
    return fmt::format("{} calls", count);
}

} // namespace

/// One limit and how far it is used up.
struct Budget::Gauge {
    std::string setting; ///< "usd"
    std::int64_t used;
    std::int64_t next;
    std::int64_t limit;
    std::string (*text)(std::int64_t);

    bool wouldExceed() const { return used + next > limit; }
    bool isNearlyUsed() const { return limit > 0 && double(used) >= 0.8 * double(limit); }
};

Budget::Budget(std::string owner, Limits limits, Spending before) : m_owner(std::move(owner)), m_limits(limits), m_spent(before)
{
    newWarnings(); // whoever resumes has read them
}

void Budget::add(const Usage& usage, Money cost)
{
    m_spent.usage += usage;
    m_spent.cost += cost;
}

void Budget::raise(std::string_view limit, double to)
{
    if (limit == "usd")
        m_limits.money = Money::usd(to);
    else if (limit == "tokens")
        m_limits.tokens = std::int64_t(to);
    else if (limit == "calls")
        m_limits.calls = std::int64_t(to);
    else if (limit == "minutes")
        m_limits.wallTime = Milliseconds(std::int64_t(to * 60'000));
    m_warned.erase(std::string(limit));
}

std::vector<Budget::Gauge> Budget::gauges(const Usage& next, Money cost) const
{
    const auto& spent = m_spent.usage;
    std::vector<Gauge> all;
    if (m_limits.money)
        all.push_back({"usd", m_spent.cost.microUsd, cost.microUsd, m_limits.money->microUsd, money});
    if (m_limits.tokens)
        all.push_back({"tokens", spent.totalTokens(), next.totalTokens(), *m_limits.tokens, tokens});
    if (m_limits.calls)
        all.push_back({"calls", spent.calls, next.calls, *m_limits.calls, calls});
    if (m_limits.wallTime) // a call takes its time, but nobody knows how much
        all.push_back({"minutes", (m_spent.time + m_watch.elapsed()).count(), 1, m_limits.wallTime->count(), minutes});
    return all;
}

Result<void> Budget::allows(const Usage& usage, Money cost) const
{
    for (const auto& gauge : gauges(usage, cost)) {
        if (!gauge.wouldExceed())
            continue;
        const auto next = gauge.setting == "minutes" ? std::string() : fmt::format(", and the next call takes about {}", gauge.text(gauge.next));
        return Error{ErrorCode::Limit,
                     fmt::format("the budget of the {} is used up: {} of {} are spent{}", m_owner, gauge.text(gauge.used), gauge.text(gauge.limit), next),
                     {},
                     fmt::format("Resume the run with a higher budget.{}_{}: 'agent-pipeline resume' takes --budget-usd, and other limits in a file after --pipeline.",
                                 m_owner, gauge.setting)};
    }
    return {};
}

std::vector<std::string> Budget::newWarnings()
{
    std::vector<std::string> sentences;
    for (const auto& gauge : gauges({}, {}))
        if (gauge.isNearlyUsed() && m_warned.insert(gauge.setting).second)
            sentences.push_back(fmt::format("The {} has used {} of its {} (budget.{}_{}).", m_owner, gauge.text(gauge.used), gauge.text(gauge.limit),
                                            m_owner, gauge.setting));
    return sentences;
}

} // namespace aap
