#include "app/cli/fork_command.h"

#include <iostream>

#include <fmt/format.h>

#include "app/cli/exit.h"
#include "app/cli/run_commands.h"
#include "app/composition.h"
#include "core/base/ids.h"
#include "core/store/fork_run.h"
#include "core/store/journal_backup.h"

namespace aap {
namespace {

Result<ForkWish> forkWish(const Options& options, Journal& journal)
{
    const auto from = journal.findRun(options.runId);
    if (!from)
        return Error(from.error()).advise("Name a run as 'agent-pipeline runs' lists it.");
    const auto stage = parseStage(options.fromStage);
    if (!stage)
        return Error{ErrorCode::Invalid, fmt::format("there is no stage '{}'", options.fromStage), {}, "The stages of the run are those that 'agent-pipeline show' lists."};
    const auto model = options.flags.find("anthropic_model");
    return ForkWish{.from = *from, .runId = newRunId(), .stage = *stage, .note = options.note, .model = model == options.flags.end() ? std::string() : model->second};
}

} // namespace

int forkCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    auto forked = options;
    {
        const auto journal = composition.openJournal();
        if (!journal)
            return failed(journal.error(), exitCodeOf(journal.error()));
        const auto wish = forkWish(options, **journal);
        if (!wish)
            return failed(wish.error(), exitCode(RunEnding::InvalidInput));
        if (const auto made = forkRun(*wish, **journal); !made) {
            (void)forgetRuns(composition.folders().data / "journal.sqlite", {wish->runId}); // what stands there is of no use
            return failed(made.error(), exitCodeOf(made.error()));
        }
        forked.runId = wish->runId;
        if (!options.json && !options.quiet)
            std::cout << fmt::format("Run {} has the past of {} and goes its own way from {}.", wish->runId, wish->from, title(wish->stage)) << std::endl;
    }
    forked.last = false;
    return resumeCommand(forked, composition, stop);
}

} // namespace aap
