#include "app/cli/time_travel.h"

#include <filesystem>

#include <fmt/format.h>

#include "app/cli/history.h"
#include "app/cli/known_run.h"
#include "app/cli/printable.h"
#include "core/store/run_moment.h"
#include "core/store/snapshot_diff.h"
#include "core/store/snapshot_files.h"

namespace aap {
namespace {

constexpr std::size_t kMostDiffBytes = 64U << 20U;

/// The run is known by its id, not by the events that are left of it.
Result<RunMoment> momentOf(const KnownRun& run, std::int64_t seq)
{
    auto moment = momentAt(run.events, seq);
    if (moment)
        moment->state.id = run.state.id;
    return moment;
}

/// Empty for the time before the first stage.
Result<std::string> projectAt(const KnownRun& run, std::int64_t seq)
{
    if (seq == 0)
        return std::string();
    const auto moment = momentOf(run, seq);
    return moment ? moment->project() : moment.error();
}

void listFiles(const RunMoment& moment, const std::vector<SnapshotFile>& files, std::ostream& out)
{
    out << fmt::format("\n{} file(s) in the project as event {} left it:\n", files.size(), moment.commitSeq);
    for (const auto& file : files)
        out << fmt::format("{:>12}  {}{}\n", file.bytes, cell(file.path, 1000), file.isLink ? " (link)" : file.isExecutable ? " (executable)" : "");
}

Json filesJson(const std::vector<SnapshotFile>& files)
{
    Json list = Json::array();
    for (const auto& file : files)
        list.push_back({{"path", file.path}, {"bytes", file.bytes}, {"link", file.isLink}, {"executable", file.isExecutable}});
    return list;
}

/// Nothing, and no error, when no snapshot had been taken by then.
Result<std::vector<SnapshotFile>> filesAt(const KnownRun& run, const RunMoment& moment)
{
    return moment.commit.empty() ? Result<std::vector<SnapshotFile>>(std::vector<SnapshotFile>()) : filesOfSnapshot(run.snapshots(), moment.commit);
}

} // namespace

int showAtCommand(const Options& options, Journal& journal, const Prices& prices, std::ostream& out, std::ostream& err)
{
    auto run = knownRun(options.runId, journal, err);
    if (!run)
        return refused(run.error(), err);
    const auto moment = momentOf(*run, *options.at);
    if (!moment)
        return refused(moment.error(), err);
    std::erase_if(run->events, [&](const RunEvent& event) { return event.seq > moment->seq; });
    if (options.events) {
        showEvents(run->events, options.json, out);
        return run->exitCode;
    }
    const auto files = filesAt(*run, *moment);
    if (options.json) {
        auto json = pipelineStateJson(moment->state);
        json["at_event"] = moment->seq;
        json["snapshot_event"] = moment->commit.empty() ? Json() : Json(moment->commitSeq);
        json["files"] = files ? filesJson(*files) : Json();
        writeLine(out, json);
    } else {
        out << fmt::format("As it stood after event {}: {}\n", moment->seq, toIso8601(run->events.back().at));
        showRun(moment->state, prices, out, "Under way");
        if (files && !moment->commit.empty())
            listFiles(*moment, *files, out);
    }
    return files ? run->exitCode : refused(files.error(), err);
}

int diffCommand(const Options& options, Journal& journal, bool forTerminal, std::ostream& out, std::ostream& err)
{
    const auto run = knownRun(options.runId, journal, err);
    if (!run)
        return refused(run.error(), err);
    const auto from = projectAt(*run, options.between.front());
    const auto to = from ? projectAt(*run, options.between.back()) : Result<std::string>(from.error());
    if (!to)
        return refused(to.error(), err);
    const auto diff = diffOfSnapshots(run->snapshots(), *from, *to, kMostDiffBytes);
    if (!diff)
        return refused(diff.error(), err);
    out << (forTerminal ? printable(*diff) : *diff);
    if (diff->size() <= kMostDiffBytes)
        return run->exitCode;
    return refused(Error{ErrorCode::Limit, "the diff is longer than 64 MiB; the rest is left out", {}, "Restore both with 'agent-pipeline restore' and compare the folders."}, err);
}

int restoreCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err)
{
    const auto run = knownRun(options.runId, journal, err);
    if (!run)
        return refused(run.error(), err);
    const auto moment = momentOf(*run, *options.at);
    const auto commit = moment ? moment->project() : Result<std::string>(moment.error());
    if (!commit)
        return refused(commit.error(), err);
    const auto count = restoreSnapshot(run->snapshots(), *commit, options.target);
    if (!count)
        return refused(count.error(), err);
    if (options.json)
        writeLine(out, {{"run_id", run->state.id}, {"at_event", moment->seq}, {"snapshot_event", moment->commitSeq}, {"files", *count}, {"restored_to", options.target}});
    else
        out << fmt::format("Restored {} file(s), as event {} left them, to {}\n", *count, moment->commitSeq, printable(options.target));
    return run->exitCode;
}

} // namespace aap
