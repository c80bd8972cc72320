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
///
/// A commit waits for the disk, so it is made where it has to be: before the program acts. What is only known, and nothing outside
/// of this process depends on yet, is noted, and is committed in one transaction with the next event that is recorded. A turn of a
/// dialogue so has two commits instead of five: the reply together with the beginning of its first tool, before that runs; the
/// tool's result, the message with it and the beginning of the next turn, before the model is asked. Who is killed in
/// between has lost what a program loses that is killed a moment earlier: a reply that had come but was not written down, or a tool
/// that is answered as interrupted, with the project as it was before. Whoever notes something must not wait for anything (the model,
/// a tool, a person) before the next record().
class RunRecorder {
public:
    /// `past` is what the journal already has of a run that goes on.
    RunRecorder(std::string runId, Journal& journal, const Redactor& redactor, RunObserver& observer, const std::vector<RunEvent>& past = {});

    /// When this fails (disk full, journal locked) nothing has happened: the caller must not act on the event.
    Result<void> record(std::optional<StageId> stage, Payload payload);
    /// With the next record(), all of it or nothing; should that fail, with the one after it. state() does not know it until then.
    /// The error is that of an event that cannot be redacted.
    Result<void> note(std::optional<StageId> stage, Payload payload);
    /// Commits what is noted.
    Result<void> settle();
    void live(LiveEvent event);
    const RunState& state() const { return m_state; }
    const std::string& runId() const { return m_state.id; }
    /// For what goes into files beside the journal, and for text that comes in pieces.
    const Redactor& redactor() const { return m_redactor; }

private:
    Result<RunEvent> redacted(std::optional<StageId> stage, Payload payload) const;

    Journal& m_journal;
    const Redactor& m_redactor;
    RunObserver& m_observer;
    RunState m_state;
    std::vector<RunEvent> m_noted{}; ///< not committed yet
};

} // namespace aap
