#include "core/engine/run_recorder.h"

#include "core/base/redact.h"
#include "core/store/journal.h"

namespace aap {
namespace {

/// Every text in it, redacted; keys are ours and stay.
void redactTexts(Json& json, const Redactor& redactor)
{
    if (json.is_string())
        json = redactor(json.get_ref<const std::string&>());
    else if (json.is_structured())
        for (auto& member : json)
            redactTexts(member, redactor);
}

} // namespace

RunRecorder::RunRecorder(std::string runId, Journal& journal, const Redactor& redactor, RunObserver& observer, const std::vector<RunEvent>& past) :
    m_journal(journal), m_redactor(redactor), m_observer(observer)
{
    m_state.id = std::move(runId);
    for (const auto& event : past)
        apply(m_state, event);
}

Result<void> RunRecorder::record(std::optional<StageId> stage, Payload payload)
{
    const RunEvent raw{.seq = m_state.lastSeq + 1, .at = now(), .stage = stage, .payload = std::move(payload)};
    auto json = toJson(raw);
    for (auto& [name, member] : json.items())
        if (name != "seq" && name != "at" && name != "stage" && name != "type")
            redactTexts(member, m_redactor);
    auto event = parseRunEvent(json);
    if (!event)
        return std::move(event).error().during("redact an event");
    if (auto written = m_journal.append(m_state.id, *event); !written)
        return std::move(written).error().during("write the journal");
    apply(m_state, *event);
    m_observer.happened(*event, m_state);
    return {};
}

void RunRecorder::live(LiveEvent event)
{
    event.text = m_redactor(event.text);
    m_observer.live(event);
}

} // namespace aap
