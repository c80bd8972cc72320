#pragma once

#include <map>
#include <memory>
#include <set>

#include "core/llm/anthropic_model.h"
#include "core/llm/budget.h"
#include "core/llm/chat_completions_model.h"
#include "core/llm/prices.h"
#include "core/llm/replay_model.h"
#include "core/llm/retrying_model.h"
#include "core/pipeline/run_request.h"

namespace aap {

/// How a run reaches its models.
struct ApiModelSettings {
    enum class Provider { Anthropic, ChatCompletions };
    Provider provider = Provider::Anthropic;
    AnthropicSettings anthropic{}; ///< plainModels is added to from the prices
    ChatCompletionsSettings chatCompletions{};
    RetryPolicy retry{};
    Prices prices{};
    Limits runLimits{};
    Spending spentByRun{};                       ///< of a run that is resumed
    std::map<StageId, Spending> spentByStages{};
};

/// Models behind an API: retried, priced, within the budgets of the run and of each stage, whichever visit it is. One connection for
/// all stages. A retired model is replaced by its successor, with a warning. Belongs to one run and its thread; destroy it there or
/// after that thread has ended, and after the models it opened.
class ApiModelSource final : public ModelSource {
public:
    explicit ApiModelSource(ApiModelSettings settings);
    ~ApiModelSource() override;

    Result<std::unique_ptr<LanguageModel>> open(const StageSpec& stage, std::function<void(const std::string&)> warn) override;
    ModelLimits limits(const std::string& model) const override;
    void raise(std::optional<StageId> stage, const LimitRaised& raised) override;
    void pardon(Milliseconds stoodStill) override;

private:
    Budget& budgetOf(const StageSpec& stage);

    ApiModelSettings m_settings;
    std::function<void(const std::string&)> m_warn; ///< the open stage's
    std::unique_ptr<AttemptModel> m_provider;
    Budget m_run;
    std::map<StageId, Budget> m_stages;
};

/// A model that serves all stages, lent to one; it outlives the loan.
class LentModel final : public LanguageModel {
public:
    explicit LentModel(LanguageModel& model) : m_model(model) {}

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override
    {
        return m_model.reply(request, listener, stop);
    }

private:
    LanguageModel& m_model;
};

/// A recording in place of a model: nothing is sent and nothing costs.
class ReplayModelSource final : public ModelSource {
public:
    explicit ReplayModelSource(const Recording& recording, ReplayPace pace = {}) : m_replay(recording.turns, pace) {}

    void skip(const RecordedTurn& given) { m_replay.skip(given); }
    Result<std::unique_ptr<LanguageModel>> open(const StageSpec& stage, std::function<void(const std::string&)> warn) override;

private:
    ReplayModel m_replay; ///< one for all stages: it knows which visits are over
};

} // namespace aap
