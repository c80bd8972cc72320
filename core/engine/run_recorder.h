#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_event.h"
#include "core/domain/run_state.h"

namespace aap {

class Journal;
class Redactor;

/// Sees a run as it goes. Called on the run's worker thread; must be quick and must not throw.
class RunObserver {
public:
    RunObserver() = default;
    RunObserver(const RunObserver&) = delete;
    RunObserver& operator=(const RunObserver&) = delete;
    virtual ~RunObserver() = default;

    virtual void happened(const RunEvent& event, const RunState& state) = 0;
    virtual void live(const LiveEvent& event) = 0;
};

/// The only way to make something happen in a run: it is redacted, committed to the journal, folded into the state, then
/// shown to the observer. One per run, used by the run's thread alone.
class RunRecorder {
public:
    /// `past` is what the journal already has of a run that goes on.
    RunRecorder(std::string runId, Journal& journal, const Redactor& redactor, RunObserver& observer, const std::vector<RunEvent>& past = {});

    /// When this fails (disk full, journal locked) nothing has happened: the caller must not act on the event.
    Result<void> record(std::optional<StageId> stage, Payload payload);
    void live(LiveEvent event);
    const RunState& state() const { return m_state; }
    const std::string& runId() const { return m_state.id; }
    /// For what goes into files beside the journal, and for text that comes in pieces.
    const Redactor& redactor() const { return m_redactor; }

private:
    Journal& m_journal;
    const Redactor& m_redactor;
    RunObserver& m_observer;
    RunState m_state;
};

} // namespace aap
