#include "core/engine/run_recorder.h"

#include <utility>

#include "core/engine/redact_texts.h"
#include "core/store/journal.h"

namespace aap {

RunRecorder::RunRecorder(std::string runId, Journal& journal, const Redactor& redactor, RunObserver& observer, const std::vector<RunEvent>& past) :
    m_journal(journal), m_redactor(redactor), m_observer(observer)
{
    m_state.id = std::move(runId);
    for (const auto& event : past)
        apply(m_state, event);
}

Result<RunEvent> RunRecorder::redacted(std::optional<StageId> stage, Payload payload) const
{
    const auto seq = m_state.lastSeq + std::int64_t(m_noted.size()) + 1;
    auto json = toJson(RunEvent{.seq = seq, .at = now(), .stage = stage, .payload = std::move(payload)});
    for (auto& [name, member] : json.items())
        if (name != "seq" && name != "at" && name != "stage" && name != "type")
            redactTexts(member, m_redactor);
    auto event = parseRunEvent(json);
    return event ? std::move(event) : std::move(event).error().during("redact an event");
}

Result<void> RunRecorder::note(std::optional<StageId> stage, Payload payload)
{
    auto event = redacted(stage, std::move(payload));
    if (!event)
        return std::move(event).error();
    m_noted.push_back(*std::move(event));
    return {};
}

Result<void> RunRecorder::record(std::optional<StageId> stage, Payload payload)
{
    if (auto noted = note(stage, std::move(payload)); !noted)
        return noted;
    auto settled = settle();
    if (!settled)
        m_noted.pop_back(); // it did not happen; what was noted before has, and waits
    return settled;
}

Result<void> RunRecorder::settle()
{
    if (m_noted.empty())
        return {};
    if (auto written = m_journal.append(m_state.id, m_noted); !written)
        return std::move(written).error().during("write the journal");
    for (const auto& event : std::exchange(m_noted, {})) {
        apply(m_state, event);
        m_observer.happened(event, m_state);
    }
    return {};
}

void RunRecorder::live(LiveEvent event)
{
    event.text = m_redactor(event.text);
    m_observer.live(event);
}

} // namespace aap
