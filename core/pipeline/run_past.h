#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_event.h"

namespace aap {

/// A visit of a stage as the journal has it: interruptions and all.
struct PastVisit {
    StageId stage{};
    StageStarted started{};
    std::vector<RunEvent> events{};          ///< of the stage, since it began
    std::optional<StageFinished> finished{}; ///< how it ended for good; empty: it was cut and goes on
};

/// What the stage that was interrupted has behind it; empty for a run that begins. The stages before it stand in the run's state. A
/// repair is one chain: the visit of Testing that asked for it, the judgements, Coding's visits, Testing's second opinion. The pipeline
/// goes through the chain again and takes from here what was done already, each thing once and in its order.
class RunPast {
public:
    RunPast() = default;
    /// Invalid: an older version wrote the journal, without what is needed to go on.
    static Result<RunPast> parse(const std::vector<RunEvent>& events);

    /// Whether an agent has begun; before that there is nothing to go on with, and the run begins afresh.
    bool hasVisits() const { return !m_lastCommit.empty(); }
    bool isRepairing() const;
    /// The next visit of the chain, if it is this stage's.
    std::optional<PastVisit> takeVisit(StageId stage);
    std::optional<RepairJudged> takeJudgement();
    /// Null when that round has not begun.
    const RepairStarted* repair(int round) const;
    /// The state of the project after the last tool that finished.
    const std::string& lastCommit() const { return m_lastCommit; }

private:
    void take(const RunEvent& event);
    void begin(const RunEvent& event, const StageStarted& started);
    void finish(const RunEvent& event, const StageFinished& finished);
    void settle();
    void forgetChain();
    PastVisit* open();

    std::deque<PastVisit> m_chain{};
    std::deque<RepairJudged> m_judgements{};
    std::map<int, RepairStarted> m_repairs{};
    std::string m_lastCommit{};
};

/// The time a run has worked: what lies between its interruptions counts not.
Milliseconds timeSpent(const std::vector<RunEvent>& events);

} // namespace aap
