#include "core/llm/budgeted_model.h"

#include <algorithm>
#include <numeric>

#include "core/llm/token_estimate.h"

namespace aap {
namespace {

constexpr std::int64_t kFirstReply = 1000;
constexpr std::size_t kRepliesRemembered = 8;

} // namespace

BudgetedModel::BudgetedModel(LanguageModel& inner, std::vector<Budget*> budgets, const Prices& prices, Warn warn) :
    m_inner(inner), m_budgets(std::move(budgets)), m_prices(prices), m_warn(std::move(warn))
{
}

Result<ModelReply> BudgetedModel::reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    const auto next = estimate(request);
    const auto cost = m_prices.cost(request.model, next).value_or(Money());
    for (const auto* budget : m_budgets)
        if (auto allowed = budget->allows(next, cost); !allowed)
            return std::move(allowed).error();
    auto booking = listener;
    booking.lost = [&](const Usage& usage, Money lost) {
        book(usage, lost);
        if (listener.lost)
            listener.lost(usage, lost);
    };
    auto reply = m_inner.reply(request, booking, stop);
    if (!reply)
        return reply;
    book(reply->usage, reply->cost);
    remember(request, *reply);
    return reply;
}

Usage BudgetedModel::estimate(const ModelRequest& request) const
{
    // The last reply is among the messages and counted by the server already; a shorter request begins another conversation.
    const bool goesOn = m_knownMessages > 0 && request.messages.size() > m_knownMessages;
    const auto isNew = goesOn ? estimatedTokens(request, std::min(m_knownMessages + 1, request.messages.size())) : estimatedTokens(request);
    const auto known = goesOn ? m_knownTokens : 0;
    const auto sum = std::accumulate(m_replies.begin(), m_replies.end(), std::int64_t(0));
    const auto reply = m_replies.empty() ? kFirstReply : sum / std::int64_t(m_replies.size());
    return {.inputTokens = m_isCached ? 0 : known + isNew,
            .outputTokens = std::min<std::int64_t>(reply, request.maxTokens),
            .cacheReadTokens = m_isCached ? known : 0,
            .cacheWriteTokens = m_isCached ? isNew : 0,
            .calls = 1,
            .estimated = true};
}

void BudgetedModel::book(const Usage& usage, Money cost)
{
    for (auto* budget : m_budgets) {
        budget->add(usage, cost);
        for (const auto& sentence : budget->newWarnings())
            if (m_warn)
                m_warn(sentence);
    }
}

void BudgetedModel::remember(const ModelRequest& request, const ModelReply& reply)
{
    const auto calls = std::max<std::int64_t>(1, reply.usage.calls); // failed attempts are in the sum
    m_knownMessages = request.messages.size();
    m_knownTokens = reply.usage.totalTokens() / calls;
    m_isCached = reply.usage.cacheReadTokens + reply.usage.cacheWriteTokens > 0;
    m_replies.push_back(reply.usage.outputTokens / calls);
    if (m_replies.size() > kRepliesRemembered)
        m_replies.pop_front();
}

} // namespace aap
