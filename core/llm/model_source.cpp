#include "core/llm/model_source.h"

#include <fmt/format.h>

#include "core/llm/budgeted_model.h"
#include "core/llm/priced_model.h"

namespace aap {
namespace {

using Warn = std::function<void(const std::string&)>;

/// What one stage asks: the decorators around the run's one provider.
class StageModel final : public LanguageModel {
public:
    StageModel(AttemptModel& provider, const ApiModelSettings& settings, std::vector<Budget*> budgets, const Warn& warn) :
        m_retrying(provider, settings.retry), m_priced(m_retrying, settings.prices),
        m_budgeted(m_priced, std::move(budgets), settings.prices, warn), m_prices(settings.prices), m_warn(warn)
    {
    }

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override
    {
        const auto successor = m_prices.successorOf(request.model);
        if (!successor)
            return m_budgeted.reply(request, listener, stop);
        if (m_warn && m_warned.insert(request.model).second)
            m_warn(fmt::format("The model {} is no longer served; {} is used in its place.", request.model, *successor));
        auto asked = request;
        asked.model = *successor;
        return m_budgeted.reply(asked, listener, stop);
    }

private:
    RetryingModel m_retrying;
    PricedModel m_priced;
    BudgetedModel m_budgeted;
    const Prices& m_prices;
    Warn m_warn;
    std::set<std::string> m_warned;
};

} // namespace

ApiModelSource::ApiModelSource(ApiModelSettings settings) : m_settings(std::move(settings)), m_run("run", m_settings.runLimits, m_settings.spentByRun)
{
    m_settings.anthropic.plainModels.merge(m_settings.prices.plainModels());
    auto& chat = m_settings.chatCompletions;
    chat.warn = [this, own = std::move(chat.warn)](const std::string& sentence) {
        for (const auto& warn : {std::cref(own), std::cref(m_warn)})
            if (warn.get())
                warn.get()(sentence);
    };
    if (m_settings.provider == ApiModelSettings::Provider::Anthropic)
        m_provider = std::make_unique<AnthropicModel>(m_settings.anthropic);
    else
        m_provider = std::make_unique<ChatCompletionsModel>(m_settings.chatCompletions);
}

ApiModelSource::~ApiModelSource() = default;

Result<std::unique_ptr<LanguageModel>> ApiModelSource::open(const StageSpec& stage, Warn warn)
{
    m_warn = warn;
    return std::unique_ptr<LanguageModel>(
        std::make_unique<StageModel>(*m_provider, m_settings, std::vector{&m_run, &budgetOf(stage)}, warn));
}

ModelLimits ApiModelSource::limits(const std::string& model) const
{
    const auto successor = m_settings.prices.successorOf(model);
    const auto* known = m_settings.prices.find(successor.value_or(model));
    return known == nullptr ? ModelLimits() : ModelLimits{.contextTokens = known->contextTokens, .maxOutputTokens = known->maxOutputTokens};
}

void ApiModelSource::raise(std::optional<StageId> stage, const LimitRaised& raised)
{
    if (!stage)
        m_run.raise(raised.limit, raised.to);
    else if (const auto known = m_stages.find(*stage); known != m_stages.end()) // another begins with what its StageSpec says
        known->second.raise(raised.limit, raised.to);
}

void ApiModelSource::pardon(Milliseconds stoodStill)
{
    m_run.pardon(stoodStill);
    for (auto& [stage, budget] : m_stages)
        budget.pardon(stoodStill);
}

Budget& ApiModelSource::budgetOf(const StageSpec& stage)
{
    const auto before = m_settings.spentByStages.find(stage.id);
    const auto spent = before == m_settings.spentByStages.end() ? Spending() : before->second;
    return m_stages.try_emplace(stage.id, "stage", stage.limits, spent).first->second;
}

Result<std::unique_ptr<LanguageModel>> ReplayModelSource::open(const StageSpec& /*stage*/, Warn /*warn*/)
{
    return std::unique_ptr<LanguageModel>(std::make_unique<LentModel>(m_replay));
}

} // namespace aap
