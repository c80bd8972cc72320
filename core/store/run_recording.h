#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_event.h"
#include "core/llm/recording.h"

namespace aap {

/// The replies of a run out of its journal, to be played back: every turn that was paid for and complete, visit by visit, with
/// requirements, settings and pipeline of the run. Secrets are gone from them as from the journal.
/// ErrorCode::NotFound when the run never got a reply.
Result<Recording> recordingFromEvents(const std::string& runId, const std::vector<RunEvent>& events);
/// With what the run came to, so that a replay can be compared with it; reads its snapshots.
Result<Recording> comparableRecording(const std::string& runId, const std::vector<RunEvent>& events);

} // namespace aap
