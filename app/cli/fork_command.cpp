#include "app/cli/fork_command.h"

#include <iostream>

#include <fmt/format.h>

#include "app/cli/exit.h"
#include "app/cli/run_commands.h"
#include "app/composition.h"
#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/store/fork_run.h"
#include "core/store/journal_backup.h"

namespace aap {
namespace {

constexpr std::uintmax_t kMostEditBytes = 20U << 20U; // larger ones are in no snapshot

/// --edit FILE=PATH: a file of the project, and where its new content is.
Result<std::map<std::string, std::string>> editedFiles(const std::vector<std::string>& edits)
{
    std::map<std::string, std::string> files;
    for (const auto& edit : edits) {
        const auto equals = edit.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == edit.size())
            return Error{ErrorCode::Invalid, fmt::format("'{}' names no file and its new content", edit), {}, "Write --edit src/main.py=/tmp/main.py."};
        auto content = readFile(edit.substr(equals + 1), kMostEditBytes);
        if (!content)
            return Error(content.error()).during("read the edited " + edit.substr(0, equals)).advise("Name a readable file of at most 20 MiB after the '='.");
        files[edit.substr(0, equals)] = *std::move(content);
    }
    return files;
}

Result<ForkWish> forkWish(const Options& options, Journal& journal)
{
    const auto from = journal.findRun(options.runId);
    if (!from)
        return Error(from.error()).advise("Name a run as 'agent-pipeline runs' lists it.");
    if (options.fromStage.empty() != options.at.has_value())
        return Error{ErrorCode::Invalid, "where the new run leaves the other is not clear", {}, "Give either --from-stage or --at."};
    const auto stage = parseStage(options.fromStage);
    if (!options.at && !stage)
        return Error{ErrorCode::Invalid, fmt::format("there is no stage '{}'", options.fromStage), {}, "The stages of the run are those that 'agent-pipeline show' lists."};
    auto files = editedFiles(options.edits);
    if (!files)
        return std::move(files).error();
    const auto model = options.flags.find("anthropic_model");
    return ForkWish{.from = *from, .runId = newRunId(), .stage = stage, .at = options.at, .note = options.note,
                    .model = model == options.flags.end() ? std::string() : model->second, .files = *std::move(files)};
}

std::string placeOf(const ForkWish& wish)
{
    return wish.at ? fmt::format("event {}", *wish.at) : std::string(title(*wish.stage));
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
            std::cout << fmt::format("Run {} has the past of {} and goes its own way from {} on.", wish->runId, wish->from, placeOf(*wish)) << std::endl;
    }
    forked.last = false;
    return resumeCommand(forked, composition, stop);
}

} // namespace aap
