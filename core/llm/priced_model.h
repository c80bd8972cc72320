#pragma once

#include "core/llm/language_model.h"
#include "core/llm/prices.h"

namespace aap {

/// Writes the price of every reply into it, and tells what a lost one costs. Models without a known price cost nothing.
class PricedModel final : public LanguageModel {
public:
    /// Both outlive it.
    PricedModel(LanguageModel& inner, const Prices& prices) : m_inner(inner), m_prices(prices) {}

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

private:
    LanguageModel& m_inner;
    const Prices& m_prices;
};

} // namespace aap
