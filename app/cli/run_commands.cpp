#include "app/cli/run_commands.h"

#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>

#include <unistd.h>

#include <fmt/format.h>

#include "app/cli/dry_run.h"
#include "app/cli/exit.h"
#include "app/cli/expect_same.h"
#include "app/cli/run_view.h"
#include "app/cli/terminal_approver.h"
#include "app/cli/terminal_keys.h"
#include "app/cli/wording.h"
#include "app/composition.h"
#include "app/run_wish.h"
#include "core/base/files.h"
#include "core/engine/steering.h"
#include "core/store/run_recording.h"

namespace aap {
namespace {

constexpr std::uintmax_t kMostRequirementsBytes = 4U << 20U;

/// Somebody sits at a terminal who sees what happens and can type.
bool takesKeys(const Options& options)
{
    return !options.json && !options.quiet && ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDIN_FILENO) == 1;
}

std::unique_ptr<RunView> viewFor(const Options& options)
{
    const ViewOptions view{.colour = !options.noColor, .verbose = options.verbose, .quiet = options.quiet, .takesKeys = takesKeys(options)};
    if (options.json)
        return makeJsonView(std::cout);
    const bool isTerminal = ::isatty(STDOUT_FILENO) == 1;
    return isTerminal && !options.quiet ? makeLiveView(std::cout, view) : makePlainView(std::cout, view);
}

/// Where a person sits who takes part in a run: sees it, decides at gates and, at a terminal, steers.
struct Seat {
    Seat(const Options& options, bool approvesAll) : view(viewFor(options))
    {
        if (takesKeys(options))
            keys.emplace(steering, *view);
        approver.emplace(approvesAll, ::isatty(STDIN_FILENO) == 1, *view, keys ? &*keys : nullptr);
    }
    void leave()
    {
        keys.reset();
        view->suspend();
    }

    std::unique_ptr<RunView> view;
    Steering steering{};
    std::optional<TerminalKeys> keys{};
    std::optional<TerminalApprover> approver{};
};

/// --requirements TEXT|FILE|-
Result<std::string> requirementsOf(const std::string& argument)
{
    if (argument == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::error_code ignored;
    if (argument.size() < 4096 && std::filesystem::is_regular_file(argument, ignored)) {
        auto text = readFile(argument, kMostRequirementsBytes);
        if (!text)
            return std::move(text).error().during("read the requirements");
        return text;
    }
    return argument;
}

Result<RunWish> wishOf(const Options& options)
{
    RunWish wish;
    wish.pipelineFile = options.pipelineFile;
    wish.outputDir = options.outputDir;
    if (!options.repository.empty())
        wish.repository = options.repository;
    wish.attachments.assign(options.attachments.begin(), options.attachments.end());
    if (options.command == "review") {
        wish.mode = RunMode::Review;
        wish.focus = options.focus;
    } else if (options.command == "run-stages") {
        wish.mode = RunMode::Stages;
        wish.stages = options.stages;
        auto tasks = readTasks(options.tasksFile);
        if (!tasks)
            return std::move(tasks).error();
        wish.tasks = *std::move(tasks);
    } else {
        auto requirements = requirementsOf(options.requirements);
        if (!requirements)
            return std::move(requirements).error();
        wish.requirements = *std::move(requirements);
    }
    return wish;
}

/// The last words: what a person reads, and on standard error what to do when it is no success.
int ended(const Result<RunState>& outcome, const Options& options, const Prices& prices)
{
    if (!outcome)
        return failed(outcome.error(), exitCodeOf(outcome.error()));
    const auto ending = outcome->ending.value_or(RunEnding::Failed);
    if (!options.json)
        std::cout << lastWords(*outcome) << std::endl;
    if (const auto cache = cacheWords(*outcome, prices); !options.json && !cache.empty())
        std::cout << cache << std::endl;
    if (mayGoOn(ending) && !options.quiet)
        std::cerr << "It can go on: agent-pipeline resume " << outcome->id << std::endl;
    if (ending != RunEnding::Completed)
        complain(fmt::format("{}: {}", title(ending), outcome->reason), outcome->remedy);
    return exitCode(ending);
}

/// Newest first: those whose program died.
std::vector<RunSummary> interruptedRuns(Journal& journal)
{
    auto runs = journal.runs().value_or({});
    std::erase_if(runs, [](const RunSummary& run) { return run.ending || run.isRunning; });
    return runs;
}

/// "last" is the newest run.
Result<RunState> stateOf(const std::string& named, Journal& journal, std::vector<RunEvent>& events)
{
    const auto runId = journal.findRun(named);
    if (!runId)
        return Error(runId.error()).advise("Name a run as 'agent-pipeline runs' lists it.");
    auto found = journal.events(*runId);
    if (!found)
        return std::move(found).error();
    events = *std::move(found);
    RunState state;
    state.id = *runId;
    for (const auto& event : events)
        apply(state, event);
    return state;
}

/// What a run goes on with: its past, and the request with what was given now.
Result<RunRequest> resumeRequest(const Options& options, const Composition& composition, std::vector<RunEvent>& past)
{
    const auto journal = composition.openJournal();
    if (!journal)
        return journal.error();
    const auto state = stateOf(options.last ? "last" : options.runId, **journal, past);
    if (!state)
        return state.error();
    if (composition.isBeingRun(state->id))
        return Error{ErrorCode::Invalid, "another program is working on run " + state->id, {}, "Wait until it ends, or stop it first."};
    return makeResumeRequest(*state, options.pipelineFile, composition.config());
}

/// A recording file, or a run of the journal.
Result<Recording> recordingOf(const Options& options, const Composition& composition)
{
    const auto& named = options.recording;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(named, ignored))
        return loadRecording(named);
    auto journal = composition.openJournal();
    if (!journal)
        return std::move(journal).error();
    const auto runId = (*journal)->findRun(named);
    if (!runId)
        return Error(runId.error()).advise("Name a run as 'agent-pipeline runs' lists it, or a recording file.");
    const auto events = (*journal)->events(*runId);
    if (!events)
        return events.error();
    return options.expectSame ? comparableRecording(*runId, *events) : recordingFromEvents(*runId, *events);
}

/// As it was recorded, or as --pipeline says now.
Result<RunRequest> replayRequest(const Options& options, const Recording& recording, const AppConfig& config)
{
    auto pipeline = recordedPipeline(recording, config);
    if (!pipeline)
        return std::move(pipeline).error();
    RunWish wish;
    wish.mode = pipeline->mode == RunMode::Review ? RunMode::Review : RunMode::Full;
    wish.requirements = recording.requirements;
    wish.pipelineFile = options.pipelineFile;
    wish.outputDir = options.outputDir;
    if (!recording.repository.empty())
        wish.repository = recording.repository;
    wish.attachments.assign(recording.attachments.begin(), recording.attachments.end());
    auto request = makeRunRequest(wish, config);
    if (request && options.pipelineFile.empty())
        request->pipeline = *std::move(pipeline);
    return request;
}

/// Until the first difference.
int replayComparing(const RunRequest& request, const Recording& recording, const Options& options, const Composition& composition, Seat& seat,
                    const std::stop_token& stop)
{
    auto facts = expectedFacts(recording);
    if (!facts)
        return failed(facts.error(), exitCode(RunEnding::InvalidInput));
    std::stop_source enough;
    const std::stop_callback stopped(stop, [&enough] { enough.request_stop(); });
    ExpectedRun run(*std::move(facts), *seat.view, [&enough] { enough.request_stop(); });
    const auto outcome = composition.replay(request, recording, {}, *seat.approver, run, enough.get_token(), &seat.steering);
    seat.leave();
    if (!outcome || stop.stop_requested())
        return ended(outcome, options, composition.prices());
    return sameOrNot(run, options.json, std::cout, std::cerr);
}

int playBackDemo(const Options& options, const Composition& composition, const Error& why, const std::stop_token& stop)
{
    complain("No sandbox can be opened, so this is a playback of a recorded run: " + why.text(), why.remedy);
    const auto view = viewFor(options);
    const auto outcome = composition.playDemo(std::make_shared<std::atomic<double>>(16), *view, stop);
    if (!outcome)
        return failed(outcome.error(), exitCodeOf(outcome.error()));
    complain("This was a playback; nothing was run or checked on this machine", why.remedy);
    return exitCode(RunEnding::EnvironmentProblem);
}

} // namespace

int runPipelineCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    const auto wish = wishOf(options);
    if (!wish)
        return failed(wish.error(), exitCode(RunEnding::InvalidInput));
    const auto request = makeRunRequest(*wish, composition.config());
    if (!request)
        return failed(request.error(), exitCode(RunEnding::InvalidInput));
    if (options.dryRun)
        return dryRun(*request, options.json, composition, stop);
    if (auto ready = composition.preflight(true, stop); !ready)
        return failed(ready.error(), exitCodeOf(ready.error()));
    hintAtInterrupted(options, composition);
    Seat seat(options, options.yes);
    const auto outcome = composition.run(*request, *seat.approver, *seat.view, stop, &seat.steering);
    seat.leave();
    return ended(outcome, options, composition.prices());
}

int resumeCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (options.last == !options.runId.empty())
        return failed(Error{ErrorCode::Invalid, "name the run to go on with, or --last", {}, "'agent-pipeline runs' lists them."}, exitCode(RunEnding::InvalidInput));
    std::vector<RunEvent> past;
    const auto request = resumeRequest(options, composition, past);
    if (!request) // a run that is not there was mistyped
        return failed(request.error(), request.error().code == ErrorCode::NotFound ? exitCode(RunEnding::InvalidInput) : exitCodeOf(request.error()));
    if (auto ready = composition.preflight(request->recordingLabel.empty(), stop); !ready)
        return failed(ready.error(), exitCodeOf(ready.error()));
    Seat seat(options, options.yes || request->recording == kDemoRecording); // the demo asks nobody
    const auto outcome = composition.resume(*request, past, *seat.approver, *seat.view, stop, &seat.steering);
    seat.leave();
    return ended(outcome, options, composition.prices());
}

void hintAtInterrupted(const Options& options, const Composition& composition)
{
    const auto journal = options.quiet ? Error{ErrorCode::NotFound, "nobody wants to know"} : composition.openJournal();
    const auto runs = journal ? interruptedRuns(**journal) : std::vector<RunSummary>();
    if (!runs.empty())
        std::cerr << fmt::format("{} interrupted run{}: agent-pipeline resume {}", runs.size(), runs.size() == 1 ? "" : "s", runs.front().id) << std::endl;
}

int replayCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    const bool isDemo = options.command == "demo";
    const auto recording = isDemo ? demoRecording() : recordingOf(options, composition);
    if (!recording)
        return failed(recording.error(), exitCode(RunEnding::InvalidInput));
    const auto request = replayRequest(options, *recording, composition.config());
    if (!request)
        return failed(request.error(), exitCode(RunEnding::InvalidInput));
    if (auto ready = composition.preflight(false, stop); !ready) {
        if (isDemo && ready.error().code != ErrorCode::Stopped)
            return playBackDemo(options, composition, ready.error(), stop);
        return failed(ready.error(), exitCodeOf(ready.error()));
    }
    Seat seat(options, options.yes || isDemo); // the demo is ours: what it deploys is known, and it asks nobody
    const auto pace = isDemo && ::isatty(STDOUT_FILENO) == 1 ? ReplayPace{.betweenPieces = Milliseconds(8), .beforeTurn = Milliseconds(150)} : ReplayPace{};
    if (options.expectSame)
        return replayComparing(*request, *recording, options, composition, seat, stop);
    const auto outcome = composition.replay(*request, *recording, pace, *seat.approver, *seat.view, stop, &seat.steering);
    seat.leave();
    return ended(outcome, options, composition.prices());
}

} // namespace aap
