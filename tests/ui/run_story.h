#pragma once

#include <optional>
#include <string>
#include <utility>

#include <QString>

#include "core/domain/pipeline_spec.h"
#include "ui/run/run_feed.h"

namespace aap {

/// Makes batches as a run does: every event is folded into the state that goes with it.
class RunStory {
public:
    static constexpr auto* kId = "20261126-120000-abcdef";

    explicit RunStory(const QString& output = {})
    {
        m_state.id = kId;
        RunStarted started;
        started.title = "Todo service";
        started.output = output.toStdString();
        started.pipeline = toJson(PipelineSpec::standard(RunMode::Full));
        happen({}, started);
    }
    RunStory& happen(std::optional<StageId> stage, Payload payload)
    {
        RunEvent event{.seq = m_state.lastSeq + 1, .at = now(), .stage = stage, .payload = std::move(payload)};
        apply(m_state, event);
        m_batch.events.push_back(std::move(event));
        return *this;
    }
    RunStory& call(StageId stage, const std::string& id, const std::string& tool, const std::string& what, const std::string& result, bool fails = false, const std::string& snapshot = {})
    {
        happen(stage, ToolStarted{.callId = id, .tool = tool, .summary = what});
        return happen(stage, ToolFinished{.callId = id, .tool = tool, .isError = fails, .result = result, .exitCode = fails ? std::optional(8) : std::nullopt, .snapshot = snapshot, .duration = Milliseconds(1200)});
    }
    RunStory& check(StageId stage, const std::string& id, CheckStatus status)
    {
        return happen(stage, CheckFinished{{.id = id, .status = status, .reason = status == CheckStatus::Failed ? "two tests fail" : ""}});
    }
    RunBatch take()
    {
        m_batch.state = m_state;
        return std::exchange(m_batch, {});
    }

private:
    RunState m_state;
    RunBatch m_batch;
};

inline TurnFinished turnOf(const char* words, double dollars, std::int64_t prompt, std::int64_t cached)
{
    TurnFinished turn;
    turn.content = Json::array({{{"type", "text"}, {"text", words}}});
    turn.cost = Money::usd(dollars);
    turn.usage = {.inputTokens = prompt, .outputTokens = 100, .cacheReadTokens = cached, .calls = 1};
    turn.duration = Milliseconds(2500);
    return turn;
}

} // namespace aap
