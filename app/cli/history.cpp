#include "app/cli/history.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "app/cli/known_run.h"
#include "app/cli/printable.h"
#include "app/cli/time_travel.h"
#include "app/cli/wording.h"
#include "core/base/files.h"
#include "core/store/export_git.h"
#include "core/store/output_folder.h"
#include "core/store/run_moment.h"
#include "core/store/run_recording.h"
#include "core/store/signing_key.h"

namespace aap {
namespace {

/// "2026-11-24 12:03", UTC.
std::string minuteOf(TimePoint at)
{
    auto text = toIso8601(at).substr(0, 16);
    text[10] = ' ';
    return text;
}

std::string_view endingText(const RunSummary& run)
{
    return run.ending ? title(*run.ending) : run.isRunning ? "Running" : "Interrupted";
}

Json endingJson(const std::optional<RunEnding>& ending)
{
    return ending ? Json(std::string(slug(*ending))) : Json(nullptr);
}

Json runJson(const RunSummary& run)
{
    return {{"run_id", run.id}, {"title", run.title}, {"mode", std::string(slug(run.mode))}, {"started_at", toIso8601(run.startedAt)},
            {"finished_at", run.finishedAt ? Json(toIso8601(*run.finishedAt)) : Json(nullptr)}, {"ending", endingJson(run.ending)},
            {"running", run.isRunning}, {"resumable", mayGoOn(run)},
            {"model", run.model}, {"output", run.output}, {"tokens", run.usage.totalTokens()}, {"cost_usd", run.cost.inUsd()}, {"fork_of", run.forkOf.empty() ? Json() : Json(run.forkOf)}, {"signed_by", run.signedBy.empty() ? Json() : Json(run.signedBy)}};
}

void showStage(const StageState& stage, std::ostream& out)
{
    out << fmt::format("  {} {:<22} {:<16} {} attempt(s), {} token(s), {}\n", symbol(stage.status), title(stage.id), title(stage.status), stage.attempt,
                       countText(stage.usage.totalTokens()), stage.cost.text());
    if (!stage.reason.empty())
        out << "      " << cell(stage.reason, 300) << '\n';
    for (const auto& check : stage.checks)
        if (check.status != CheckStatus::Passed)
            out << fmt::format("      {} {}{}: {}\n", check.id, slug(check.status), check.must ? "" : " (should)", cell(check.reason, 300));
}

/// One file that 'replay' takes, here or elsewhere.
Result<void> exportRecording(const KnownRun& run, const std::filesystem::path& target)
{
    const auto recording = comparableRecording(run.state.id, run.events);
    if (!recording)
        return recording.error();
    if (std::error_code ignored; std::filesystem::exists(std::filesystem::symlink_status(target, ignored)))
        return Error{ErrorCode::Invalid, target.string() + " exists already", {}, "Name a file that does not exist yet: nothing is overwritten."};
    return writeFileAtomically(std::filesystem::absolute(target), toJson(*recording).dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

int exportRepository(const KnownRun& run, const Options& options, std::ostream& out, std::ostream& err)
{
    const auto commits = exportGit(run.events, run.snapshots(), options.gitTarget);
    if (!commits)
        return refused(commits.error(), err);
    if (options.json)
        writeLine(out, {{"run_id", run.state.id}, {"exported_to", options.gitTarget}, {"commits", *commits}});
    else
        out << fmt::format("{} commit(s) in {}\n", *commits, printable(options.gitTarget));
    return run.exitCode;
}

} // namespace

void showRun(const RunState& state, const Prices& prices, std::ostream& out, std::string_view unended)
{
    out << fmt::format("{}\n{}  {}\n", cell(state.started.title, 200), state.id, state.startedAt ? minuteOf(*state.startedAt) : "");
    if (!state.started.forkOf.empty())
        out << fmt::format("A fork of {} at its event {}\n", cell(state.started.forkOf, 100), state.started.forkAt);
    if (!state.started.signedBy.empty())
        out << fmt::format("Imported; signed with the key {}\n", fingerprintOf(state.started.signedBy));
    for (const auto& stage : state.stages)
        showStage(stage, out);
    for (const auto& warning : state.warnings)
        out << "  ! " << cell(warning, 300) << '\n';
    for (const auto& error : state.errors)
        out << "  ✖ " << cell(error, 300) << '\n';
    if (!state.reason.empty())
        out << cell(state.reason, 500) << '\n';
    if (!state.remedy.empty())
        out << cell(state.remedy, 500) << '\n';
    out << printable(lastWords(state, unended)) << '\n';
    if (const auto cache = cacheWords(state, prices); !cache.empty())
        out << cache << '\n';
}

void showEvents(const std::vector<RunEvent>& events, bool asJson, std::ostream& out)
{
    for (const auto& event : events) {
        if (asJson)
            writeLine(out, toJson(event));
        else if (const auto line = sentence(event); !line.empty())
            out << fmt::format("{:>6}{} {}  {}\n", event.seq, snapshotIn(event).empty() ? ' ' : '*', toIso8601(event.at), line);
    }
}

int runsCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err)
{
    const auto runs = journal.runs();
    if (!runs)
        return refused(runs.error(), err);
    if (runs->empty() && !options.json)
        out << "There are no runs yet. 'agent-pipeline demo' makes one without a key.\n";
    for (const auto& run : *runs) {
        if (options.json)
            writeLine(out, runJson(run));
        else
            out << fmt::format("{:<24}{:<18}{:<24}{:>9}  {}\n", run.id, minuteOf(run.startedAt), endingText(run), run.cost.text(), cell((run.signedBy.empty() ? "" : "imported: ") + run.title, 60));
    }
    return 0;
}

int showCommand(const Options& options, Journal& journal, const Prices& prices, std::ostream& out, std::ostream& err)
{
    if (options.at)
        return showAtCommand(options, journal, prices, out, err);
    const auto run = knownRun(options.runId, journal, err);
    if (!run)
        return refused(run.error(), err);
    if (options.events)
        showEvents(run->events, options.json, out);
    else if (options.json)
        writeLine(out, pipelineStateJson(run->state));
    else
        showRun(run->state, prices, out);
    return run->exitCode;
}

int exportCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err)
{
    const auto run = knownRun(options.runId, journal, err);
    if (!run)
        return refused(run.error(), err);
    if (run->state.started.output.empty())
        return refused(Error{ErrorCode::NotFound, "run " + run->state.id + " has no output folder"}, err);
    if (!options.gitTarget.empty())
        return exportRepository(*run, options, out, err);
    if (options.target.empty())
        return refused(Error{ErrorCode::Invalid, "where shall it go?", {}, "Say --to FILE.zip, --to FOLDER, --to NAME.recording.json or --git FOLDER."}, err);
    const auto exported = options.target.ends_with(".recording.json") ? exportRecording(*run, options.target) : exportOutput(run->state.started.output, options.target);
    if (!exported)
        return refused(exported.error(), err);
    if (options.json)
        writeLine(out, {{"run_id", run->state.id}, {"exported_to", options.target}});
    else
        out << "Exported to " << printable(options.target) << '\n';
    return run->exitCode;
}

int verifyCommand(const Options& options, std::ostream& out, std::ostream& err)
{
    const auto found = verifyOutput(options.target);
    if (!found)
        return refused(found.error(), err);
    if (options.json) {
        writeLine(out, {{"intact", found->isIntact()}, {"files_intact", found->intact}, {"changed", found->changed}, {"missing", found->missing}, {"extra", found->extra}});
        return found->isIntact() ? 0 : exitCode(RunEnding::Failed);
    }
    listDifferences(*found, out);
    out << fmt::format("{} file(s) are as the manifest says{}\n", found->intact, found->isIntact() ? ", nothing else is there." : "; the others are listed above.");
    return found->isIntact() ? 0 : exitCode(RunEnding::Failed);
}

} // namespace aap
