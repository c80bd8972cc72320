#include "ui/history/past_runs.h"

#include "ui/shell/workbench.h"

namespace aap {
Result<std::vector<RunSummary>> readRuns(const Workbench& workbench)
{
    const auto journal = workbench.openJournal();
    if (!journal)
        return journal.error();
    return (*journal)->runs();
}

Result<RunBatch> readPastRun(const Workbench& workbench, const std::string& runId)
{
    const auto journal = workbench.openJournal();
    if (!journal)
        return journal.error();
    auto events = (*journal)->events(runId);
    if (!events)
        return std::move(events).error();
    RunBatch past{.events = *std::move(events)};
    past.state.id = runId;
    for (const auto& event : past.events)
        apply(past.state, event);
    return past;
}

} // namespace aap
