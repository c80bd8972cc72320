#pragma once

#include <string>
#include <vector>

#include "core/store/journal.h"
#include "ui/run/run_feed.h"

namespace aap {

class Workbench;

/// Functions for worker threads: each opens the journal for itself.
Result<std::vector<RunSummary>> readRuns(const Workbench& workbench);
/// All events of a run and the state they lead to.
Result<RunBatch> readPastRun(const Workbench& workbench, const std::string& runId);

} // namespace aap
