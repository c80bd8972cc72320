#include "core/llm/priced_model.h"

namespace aap {

Result<ModelReply> PricedModel::reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    auto priced = listener;
    if (listener.lost)
        priced.lost = [&](const Usage& usage, Money) { listener.lost(usage, m_prices.cost(request.model, usage).value_or(Money())); };
    auto reply = m_inner.reply(request, priced, stop);
    if (!reply)
        return reply;
    auto cost = m_prices.cost(reply->model, reply->usage); // the server may answer with another model than it was asked for
    if (!cost)
        cost = m_prices.cost(request.model, reply->usage);
    reply->cost = cost.value_or(Money());
    return reply;
}

} // namespace aap
