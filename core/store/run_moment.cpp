#include "core/store/run_moment.h"

#include <algorithm>

#include <fmt/format.h>

namespace aap {

std::string snapshotIn(const RunEvent& event)
{
    if (const auto* tool = std::get_if<ToolFinished>(&event.payload))
        return tool->snapshot;
    if (const auto* started = std::get_if<StageStarted>(&event.payload))
        return started->resumed ? std::string() : started->commit;
    if (const auto* finished = std::get_if<StageFinished>(&event.payload))
        return finished->commit;
    if (const auto* judged = std::get_if<RepairJudged>(&event.payload))
        return judged->commit;
    if (const auto* edited = std::get_if<FilesEdited>(&event.payload))
        return edited->commit;
    return {};
}

Result<std::string> RunMoment::project() const
{
    if (!commit.empty())
        return commit;
    const auto first = firstCommitSeq > 0 ? fmt::format("The first is that of event {}.", firstCommitSeq) : std::string("Choose a run in which an agent has begun to work.");
    return Error{ErrorCode::NotFound, fmt::format("run {} had no snapshot of the project yet at event {}", state.id, seq), {}, first};
}

Result<RunMoment> momentAt(const std::vector<RunEvent>& events, std::int64_t seq)
{
    if (events.empty() || seq < events.front().seq || seq > events.back().seq)
        return Error{ErrorCode::Invalid, fmt::format("the run has no event {}", seq), {},
                     events.empty() ? std::string("Choose another run.")
                                    : fmt::format("It has the events {} to {}; 'agent-pipeline show ID --events' lists them.", events.front().seq, events.back().seq)};
    RunMoment moment{.seq = seq};
    for (const auto& event : events) {
        const auto commit = snapshotIn(event);
        if (!commit.empty() && moment.firstCommitSeq == 0)
            moment.firstCommitSeq = event.seq;
        if (event.seq > seq)
            continue;
        apply(moment.state, event);
        if (!commit.empty()) {
            moment.commit = commit;
            moment.commitSeq = event.seq;
        }
    }
    return moment;
}

} // namespace aap
