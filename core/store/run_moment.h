#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_event.h"
#include "core/domain/run_state.h"

namespace aap {

/// The snapshot that an event says the project is at; empty: it says nothing of it.
std::string snapshotIn(const RunEvent& event);

/// A run as it stood after one of its events.
struct RunMoment {
    std::int64_t seq = 0;
    RunState state{};
    std::string commit{};       ///< the newest snapshot by then; empty: none was taken yet
    std::int64_t commitSeq = 0; ///< the event that names it

    /// NotFound, with the first event that has one, when there is no snapshot.
    Result<std::string> project() const;
    std::int64_t firstCommitSeq = 0; ///< of the whole run; 0: it has no snapshot at all
};

/// Invalid: the run has no such event.
Result<RunMoment> momentAt(const std::vector<RunEvent>& events, std::int64_t seq);

} // namespace aap
