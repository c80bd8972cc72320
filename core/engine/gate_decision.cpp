#include "core/engine/gate_decision.h"

#include <fmt/format.h>

#include "core/base/redact.h"
#include "core/domain/run_state.h"
#include "core/store/journal.h"

namespace aap {
namespace {

bool saysNothing(const std::string& text)
{
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

} // namespace

Result<GateOpened> decideGate(const std::string& runId, const GateDecided& decision, Journal& journal, const Redactor& redactor)
{
    const auto events = journal.events(runId);
    if (!events)
        return events.error();
    RunState state;
    for (const auto& event : *events)
        apply(state, event);
    if (auto own = isOurOwn(state.started); !own)
        return std::move(own).error();
    if (state.ending != RunEnding::WaitingAtGate || !state.openGate)
        return Error{ErrorCode::Invalid, fmt::format("run {} waits at no gate", runId), {}, "'agent-pipeline runs' shows which runs wait."};
    if (decision.decision == "rejected" && saysNothing(decision.comment))
        return Error{ErrorCode::Invalid, "a rejection needs words that the run can work on", {}, "Say what shall be changed with --comment."};

    const auto gate = *state.openGate;
    const auto stage = sentBackStage(state, gate.gate);
    const auto record = [&](std::optional<StageId> about, Payload payload) {
        const RunEvent event{.seq = state.lastSeq + 1, .at = now(), .stage = about, .payload = std::move(payload)};
        auto written = journal.append(runId, event);
        if (written)
            apply(state, event);
        return written;
    };
    const auto comment = redactor(decision.comment);
    if (auto decided = record({}, GateDecided{.gate = gate.gate, .decision = decision.decision, .by = redactor(decision.by), .comment = comment}); !decided)
        return std::move(decided).error();
    if (decision.decision == "rejected" && stage)
        if (auto sent = record(stage, StageSentBack{comment}); !sent)
            return std::move(sent).error();
    return gate;
}

} // namespace aap
