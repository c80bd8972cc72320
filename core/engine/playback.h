#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/run_recorder.h"

namespace aap {

/// Shows a recorded run again as it went, without doing any of it. `label` takes the place of the run's own, so that whoever
/// watches knows. Blocks; gaps between events last at most `longestGap`, divided by `speed`. Nothing is written anywhere.
struct PlaybackOptions {
    std::string label{};
    double speed = 1;
    std::shared_ptr<const std::atomic<double>> speedNow{}; ///< when set it counts instead, and may change at any time
    Milliseconds longestGap{1500};
};
/// The state at the end; Stopped when it was asked to stop.
Result<RunState> playBack(const std::string& runId, const std::vector<RunEvent>& events, const PlaybackOptions& options, RunObserver& observer,
                          const std::stop_token& stop);

/// Events as `show --events --json` prints them, one JSON object a line.
Result<std::vector<RunEvent>> parseEventLines(std::string_view text);

} // namespace aap
