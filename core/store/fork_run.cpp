#include "core/store/fork_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/domain/run_state.h"
#include "core/store/journal.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

/// Everything before the stage began for the first time.
Result<std::vector<RunEvent>> pastBefore(StageId stage, const std::string& runId, Journal& journal)
{
    auto events = journal.events(runId);
    if (!events)
        return std::move(events).error();
    const auto begins = std::ranges::find_if(*events, [stage](const RunEvent& event) { return event.stage == stage && std::holds_alternative<StageStarted>(event.payload); });
    if (begins == events->end())
        return Error{ErrorCode::Invalid, fmt::format("run {} never came to the stage {}", runId, slug(stage)), {}, "Choose a stage that 'agent-pipeline show' lists as begun."};
    events->erase(begins, events->end());
    if (events->empty() || !std::holds_alternative<RunStarted>(events->front().payload))
        return Error{ErrorCode::Invalid, fmt::format("run {} is damaged", runId), {}, "Choose another run."};
    return events;
}

/// The same past as another run's: it ends now, so that the history lists it as new.
void makeOwn(std::vector<RunEvent>& past, const ForkWish& wish)
{
    const auto shift = now() - past.back().at;
    for (auto& event : past)
        event.at += shift;
    auto& started = std::get<RunStarted>(past.front().payload);
    started.title = fmt::format("{} (fork of {})", started.title, wish.from);
    started.output = (fs::path(started.output).parent_path() / wish.runId).string();
    started.workspace = (fs::path(started.workspace).parent_path() / wish.runId).string();
    if (!wish.model.empty())
        started.model = wish.model;
    if (!wish.note.empty())
        past.push_back({.seq = past.back().seq + 1, .at = now(), .stage = wish.stage, .payload = StageSentBack{wish.note}});
}

Result<void> makeOutput(const fs::path& from, const fs::path& to)
{
    std::error_code failed;
    if (!fs::is_directory(from / "snapshots.git", failed))
        return Error{ErrorCode::Io, from.string() + " with the snapshots of the run is gone", {}, "Only a run whose output folder is there can be forked."};
    if (!fs::create_directory(to, failed))
        return Error{ErrorCode::Io, to.string() + " cannot be made", {}, "Look whether the folder can be written to."};
    return {};
}

/// What reports and the resumption need; what is written at a run's end is left out.
Result<void> copyOutput(const fs::path& from, const fs::path& to)
{
    std::error_code failed;
    constexpr auto kOptions = fs::copy_options::recursive | fs::copy_options::copy_symlinks;
    for (const auto* part : {"snapshots.git", "stages", "reports", "logs", "requirements.md", "requirements.json"})
        if (fs::exists(fs::symlink_status(from / part, failed)))
            if (fs::copy(from / part, to / part, kOptions, failed); failed)
                return Error{ErrorCode::Io, fmt::format("{} cannot be copied: {}", (from / part).string(), failed.message()), {}, "Look whether the disk is full."};
    return {};
}

} // namespace

Result<void> forkRun(const ForkWish& wish, Journal& journal)
{
    auto past = pastBefore(wish.stage, wish.from, journal);
    if (!past)
        return std::move(past).error();
    const fs::path from(std::get<RunStarted>(past->front().payload).output);
    makeOwn(*past, wish);
    const fs::path to(std::get<RunStarted>(past->front().payload).output);
    if (auto made = makeOutput(from, to); !made)
        return std::move(made).error().during("fork run " + wish.from);
    auto outcome = copyOutput(from, to);
    for (const auto& event : *past)
        if (outcome)
            outcome = journal.append(wish.runId, event);
    if (!outcome) {
        std::error_code ignored;
        fs::remove_all(to, ignored);
        return std::move(outcome).error().during("fork run " + wish.from);
    }
    return {};
}

} // namespace aap
