#include "core/store/fork_run.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/dialogue_texts.h"
#include "core/base/files.h"
#include "core/domain/run_state.h"
#include "core/store/journal.h"
#include "core/store/output_folder.h"
#include "core/store/run_moment.h"
#include "core/store/snapshot_files.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

Result<std::vector<RunEvent>> pastOf(const ForkWish& wish, Journal& journal)
{
    auto events = journal.events(wish.from);
    if (!events)
        return std::move(events).error();
    if (events->empty() || !std::holds_alternative<RunStarted>(events->front().payload))
        return Error{ErrorCode::Invalid, fmt::format("run {} is damaged", wish.from), {}, "Choose another run."};
    if (auto own = isOurOwn(std::get<RunStarted>(events->front().payload)); !own)
        return std::move(own).error();
    if (wish.at) {
        if (const auto moment = momentAt(*events, *wish.at); !moment)
            return moment.error();
        std::erase_if(*events, [&](const RunEvent& event) { return event.seq > *wish.at; });
        return events;
    }
    const auto begins = std::ranges::find_if(*events, [&](const RunEvent& event) { return event.stage == wish.stage && std::holds_alternative<StageStarted>(event.payload); });
    if (!wish.stage || begins == events->end())
        return Error{ErrorCode::Invalid, fmt::format("run {} never came to the stage {}", wish.from, wish.stage ? slug(*wish.stage) : "that was not named"), {},
                     "Choose a stage that 'agent-pipeline show' lists as begun."};
    events->erase(begins, events->end());
    return events;
}

RunState stateAfter(const std::vector<RunEvent>& past)
{
    RunState state;
    for (const auto& event : past)
        apply(state, event);
    return state;
}

/// What was deployed is the other run's: the new one deploys its own, when it needs it.
void disown(DeploymentChanged& deployment)
{
    if (!deployment.details.is_object())
        return;
    deployment.details["container"] = "";
    deployment.details["containers"] = Json::array();
    deployment.details.erase("previous");
}

/// The same past as another run's: it ends now, so that the history lists it as new.
void makeOwn(std::vector<RunEvent>& past, const ForkWish& wish)
{
    const auto shift = now() - past.back().at;
    for (auto& event : past) {
        event.at += shift;
        if (auto* resumed = std::get_if<RunResumed>(&event.payload); resumed && !wish.model.empty())
            resumed->model = wish.model;
        if (auto* deployment = std::get_if<DeploymentChanged>(&event.payload))
            disown(*deployment);
    }
    auto& started = std::get<RunStarted>(past.front().payload);
    started.title = fmt::format("{} (fork of {})", started.title, wish.from);
    started.output = (fs::path(started.output).parent_path() / wish.runId).string();
    started.workspace = (fs::path(started.workspace).parent_path() / wish.runId).string();
    started.forkOf = wish.from;
    started.forkAt = past.back().seq;
    if (!wish.model.empty())
        started.model = wish.model;
}

/// The first event of the dialogue that goes on where the past ends; none: a stage begins next.
std::vector<RunEvent>::iterator openVisit(std::vector<RunEvent>& past)
{
    auto open = past.end();
    for (auto event = past.begin(); event != past.end(); ++event) {
        if (std::holds_alternative<StageStarted>(event->payload))
            open = event;
        const auto* finished = std::get_if<StageFinished>(&event->payload);
        const bool isOver = finished && open != past.end() && event->stage == open->stage
            && (finished->status == StageStatus::Passed || finished->status == StageStatus::Waived || finished->status == StageStatus::Skipped || !finished->evidence.is_null());
        if (isOver || std::holds_alternative<StageSentBack>(event->payload))
            open = past.end();
    }
    return open;
}

/// With the message that the model has not answered yet, or as one that it gets with the next.
void tellAgent(std::vector<RunEvent>& past, std::vector<RunEvent>::iterator visit, const std::string& words)
{
    auto unanswered = past.end();
    for (auto event = visit; event != past.end(); ++event) {
        if (std::holds_alternative<UserTurn>(event->payload))
            unanswered = event;
        if (const auto* turn = std::get_if<TurnFinished>(&event->payload); turn && turn->stopReason != kLostTurn)
            unanswered = past.end();
    }
    if (unanswered != past.end())
        std::get<UserTurn>(unanswered->payload).content.push_back({{"type", "text"}, {"text", std::string(dialogue_text::userSays) + words}});
    else
        past.push_back({.seq = past.back().seq + 1, .at = now(), .stage = visit->stage, .payload = SteeringMessage{words}});
}

std::string wordsOf(const ForkWish& wish)
{
    std::vector<std::string> paths;
    for (const auto& [path, content] : wish.files)
        paths.push_back(path);
    if (paths.empty())
        return wish.note;
    const auto edits = fmt::format("I have edited {} by hand. Read what you need of it again before you go on.", fmt::join(paths, ", "));
    return wish.note.empty() ? edits : edits + ' ' + wish.note;
}

Result<void> tell(std::vector<RunEvent>& past, const ForkWish& wish)
{
    if (const auto visit = openVisit(past); visit != past.end()) {
        if (const auto words = wordsOf(wish); !words.empty())
            tellAgent(past, visit, words);
        return {};
    }
    if (wish.note.empty())
        return {};
    auto stage = wish.stage;
    for (const auto& next : stateAfter(past).stages)
        if (!stage && next.status != StageStatus::Passed && next.status != StageStatus::Waived && !next.skipAsked)
            stage = next.id;
    if (!stage)
        return Error{ErrorCode::Invalid, fmt::format("every stage was done by event {}; nobody is left to read the note", past.back().seq), {}, "Choose an earlier event."};
    past.push_back({.seq = past.back().seq + 1, .at = now(), .stage = stage, .payload = StageSentBack{wish.note}});
    return {};
}

Result<void> edit(std::vector<RunEvent>& past, const ForkWish& wish, const fs::path& snapshots)
{
    if (wish.files.empty())
        return {};
    const auto moment = momentAt(past, past.back().seq);
    const auto before = moment ? moment->project() : Result<std::string>(moment.error());
    const auto commit = before ? editSnapshot(snapshots, *before, wish.files) : before;
    if (!commit)
        return commit.error();
    FilesEdited edited{.commit = *commit};
    for (const auto& [path, content] : wish.files)
        edited.paths.push_back(path);
    const auto visit = openVisit(past);
    past.push_back({.seq = past.back().seq + 1, .at = now(), .stage = visit == past.end() ? std::nullopt : visit->stage, .payload = std::move(edited)});
    return {};
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

Result<void> copyPart(const fs::path& from, const fs::path& to, const fs::path& part)
{
    std::error_code failed;
    if (!fs::exists(fs::symlink_status(from / part, failed)))
        return {};
    fs::create_directories((to / part).parent_path(), failed);
    if (!failed)
        fs::copy(from / part, to / part, fs::copy_options::recursive | fs::copy_options::copy_symlinks | fs::copy_options::skip_existing, failed);
    if (!failed)
        return {};
    return Error{ErrorCode::Io, fmt::format("{} cannot be copied: {}", (from / part).string(), failed.message()), {}, "Look whether the disk is full."};
}

/// What reports and the resumption need: of the stages that had begun, and the artifacts that are as they were then.
Result<void> copyOutput(const fs::path& from, const fs::path& to, const RunState& state)
{
    std::set<fs::path> parts{"snapshots.git", "logs"};
    for (const auto& stage : state.stages)
        if (stage.startedAt)
            parts.insert("stages/" + stageFolder(stage.id));
    for (const auto& artifact : state.artifacts)
        if (const auto hash = sha256OfFile(from / artifact.path); hash && *hash == artifact.sha256)
            parts.insert(artifact.path);
    for (const auto& part : parts)
        if (auto copied = copyPart(from, to, part); !copied)
            return copied;
    std::error_code failed;
    for (const auto& stage : state.stages) // what it came to later was the other run's
        if (stage.document.is_null())
            for (const auto* later : {"result.json", "submit.json"})
                fs::remove(to / "stages" / stageFolder(stage.id) / later, failed);
    return {};
}

/// The output folder and the journal of the new run, which must not be there yet.
Result<void> write(std::vector<RunEvent> past, const ForkWish& wish, const fs::path& from, const fs::path& to, Journal& journal)
{
    auto outcome = copyOutput(from, to, stateAfter(past));
    if (outcome)
        outcome = edit(past, wish, to / "snapshots.git");
    if (outcome)
        outcome = tell(past, wish);
    return outcome ? journal.append(wish.runId, past) : outcome;
}

} // namespace

Result<void> forkRun(const ForkWish& wish, Journal& journal)
{
    auto past = pastOf(wish, journal);
    if (!past)
        return std::move(past).error();
    const auto state = stateAfter(*past);
    if (!mayGoOn(state.ending))
        return Error{ErrorCode::Invalid, fmt::format("run {} had ended by event {}: {}", wish.from, past->back().seq, title(*state.ending)), {}, "Choose an earlier event."};
    const fs::path from(state.started.output);
    makeOwn(*past, wish);
    const fs::path to(std::get<RunStarted>(past->front().payload).output);
    if (auto made = makeOutput(from, to); !made)
        return std::move(made).error().during("fork run " + wish.from);
    auto outcome = write(*std::move(past), wish, from, to, journal);
    if (outcome)
        return outcome;
    std::error_code ignored;
    fs::remove_all(to, ignored);
    return std::move(outcome).error().during("fork run " + wish.from);
}

} // namespace aap
