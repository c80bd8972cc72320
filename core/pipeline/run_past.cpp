#include "core/pipeline/run_past.h"

#include <algorithm>

#include "core/store/run_moment.h"

namespace aap {
namespace {

bool hasPassed(const StageFinished& finished)
{
    return finished.status == StageStatus::Passed || finished.status == StageStatus::Waived;
}

} // namespace

Result<RunPast> RunPast::parse(const std::vector<RunEvent>& events)
{
    RunPast past;
    for (const auto& event : events) {
        if (const auto* started = std::get_if<StageStarted>(&event.payload); started && started->commit.empty())
            return Error{ErrorCode::Invalid, "the run was recorded by an older version, without what is needed to go on with it", {},
                         "Begin a new run with the same requirements; 'agent-pipeline show' has them."};
        past.take(event);
    }
    past.settle();
    return past;
}

void RunPast::take(const RunEvent& event)
{
    if (auto commit = snapshotIn(event); !commit.empty())
        m_lastCommit = std::move(commit);
    if (const auto* started = std::get_if<StageStarted>(&event.payload))
        begin(event, *started);
    else if (const auto* judged = std::get_if<RepairJudged>(&event.payload))
        m_judgements.push_back(*judged);
    else if (const auto* repair = std::get_if<RepairStarted>(&event.payload))
        m_repairs[repair->round] = *repair;
    else if (std::holds_alternative<StageSentBack>(event.payload))
        forgetChain();
    if (auto* visit = open(); visit && event.stage == visit->stage)
        visit->events.push_back(event);
    if (const auto* finished = std::get_if<StageFinished>(&event.payload))
        finish(event, *finished);
}

/// The last visit goes on where it was cut, whatever was written down when it was; one that led somewhere has ended.
void RunPast::settle()
{
    if (m_chain.empty() || !m_chain.back().finished)
        return;
    auto& last = m_chain.back().finished;
    if (hasPassed(*last) && !isRepairing())
        forgetChain();
    else if (!hasPassed(*last) && last->evidence.is_null())
        last.reset();
}

void RunPast::begin(const RunEvent& event, const StageStarted& started)
{
    if (started.resumed && !m_chain.empty()) {
        m_chain.back().finished.reset();
        return;
    }
    if (!isRepairing())
        forgetChain();
    m_chain.push_back({.stage = *event.stage, .started = started});
}

void RunPast::finish(const RunEvent& event, const StageFinished& finished)
{
    if (auto* visit = open(); visit && event.stage == visit->stage)
        visit->finished = finished;
    const bool hasSettledRepair = event.stage == StageId::Testing && hasPassed(finished);
    const bool isOfChain = std::ranges::any_of(m_chain, [&](const PastVisit& visit) { return visit.stage == event.stage; });
    if ((finished.status == StageStatus::Skipped && isOfChain) || hasSettledRepair) // later stages are skipped when this one does not pass
        forgetChain();
}

void RunPast::forgetChain()
{
    m_chain.clear();
    m_judgements.clear();
    m_repairs.clear();
}

/// The visit that is not over, where the events have got to.
PastVisit* RunPast::open()
{
    return m_chain.empty() || m_chain.back().finished ? nullptr : &m_chain.back();
}

bool RunPast::isRepairing() const
{
    return !m_chain.empty() && m_chain.front().stage == StageId::Testing && m_chain.front().finished && !m_chain.front().finished->evidence.is_null();
}

std::optional<PastVisit> RunPast::takeVisit(StageId stage)
{
    if (m_chain.empty() || m_chain.front().stage != stage)
        return std::nullopt;
    auto visit = std::move(m_chain.front());
    m_chain.pop_front();
    return visit;
}

std::optional<RepairJudged> RunPast::takeJudgement()
{
    if (m_judgements.empty())
        return std::nullopt;
    auto judged = std::move(m_judgements.front());
    m_judgements.pop_front();
    return judged;
}

const RepairStarted* RunPast::repair(int round) const
{
    const auto found = m_repairs.find(round);
    return found == m_repairs.end() ? nullptr : &found->second;
}

Milliseconds timeSpent(const std::vector<RunEvent>& events)
{
    Milliseconds spent{};
    for (std::size_t i = 1; i < events.size(); ++i)
        if (!std::holds_alternative<RunResumed>(events[i].payload))
            spent += std::max(events[i].at - events[i - 1].at, Milliseconds(0));
    return spent;
}

} // namespace aap
