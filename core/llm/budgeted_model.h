#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "core/llm/budget.h"
#include "core/llm/language_model.h"
#include "core/llm/prices.h"

namespace aap {

/// Books every call on budgets, and does not make the one that would go beyond: ErrorCode::Limit before anything is sent.
///
/// What a call will take is estimated. The prompt: the last one and its reply as the server counted them, and what is new since
/// then by its characters. The reply: the average of the last eight of this dialogue; 1000 tokens before there was one. Whether the
/// known part of the prompt comes from the cache: as it did the last time.
class BudgetedModel final : public LanguageModel {
public:
    using Warn = std::function<void(const std::string&)>;

    /// All outlive it. `inner` gives priced replies. `warn` may be empty.
    BudgetedModel(LanguageModel& inner, std::vector<Budget*> budgets, const Prices& prices, Warn warn);

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

private:
    Usage estimate(const ModelRequest& request) const;
    void book(const Usage& usage, Money cost);
    void remember(const ModelRequest& request, const ModelReply& reply);

    LanguageModel& m_inner;
    std::vector<Budget*> m_budgets;
    const Prices& m_prices;
    Warn m_warn;
    std::size_t m_knownMessages = 0;  ///< of the last request
    std::int64_t m_knownTokens = 0;   ///< its prompt and reply
    bool m_isCached = false;
    std::deque<std::int64_t> m_replies; ///< tokens of the last ones
};

} // namespace aap
