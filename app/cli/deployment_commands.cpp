#include "app/cli/deployment_commands.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/exit.h"
#include "app/cli/printable.h"
#include "app/composition.h"
#include "app/sandbox_settings.h"
#include "core/base/beneath.h"
#include "core/engine/late_event.h"
#include "core/store/lenient_json.h"
#include "core/watch/deployment_watch.h"
#include "sandbox/docker/deployments.h"
#include "sandbox/docker/docker_deployer.h"

namespace aap {
namespace {

constexpr Milliseconds kGraceOfStop = std::chrono::seconds(10);
constexpr std::uint64_t kMostRuleBytes = 256U << 10U;

/// The run as it is named elsewhere; one that the history does not know may be deployed all the same.
std::string runNamed(const std::string& named, const Composition& composition)
{
    const auto journal = composition.openJournal();
    const auto found = journal ? (*journal)->findRun(named) : Result<std::string>(named);
    return found ? *found : named;
}

/// What the run's history says of it: DeploymentChanged's details with the "state", or null.
Json historyOf(const std::string& runId, const Composition& composition)
{
    const auto journal = composition.openJournal();
    const auto events = journal ? (*journal)->events(runId) : Result<std::vector<RunEvent>>(journal.error());
    RunState state;
    for (const auto& event : events.value_or({}))
        apply(state, event);
    return state.deployment;
}

Json jsonOf(const Deployment& deployment, const Json& history)
{
    auto services = Json::array();
    for (const auto& service : deployment.services)
        services.push_back({{"service", service.service}, {"container", service.container}, {"image", service.image}, {"state", service.state},
                            {"status", service.status}, {"created", toIso8601(service.created)}, {"aside", service.isAside}});
    Json json{{"run", deployment.runId}, {"services", std::move(services)}};
    for (const char* key : {"state", "reason"})
        if (const auto text = textIn(history, key); !text.empty())
            json[key] = text;
    return json;
}

std::string linesOf(const Deployment& deployment, const Json& history)
{
    std::string text;
    for (const auto& service : deployment.services)
        text += fmt::format("{}  {:<12} {:<10} {:<24} {}{}\n", deployment.runId, printable(service.service), printable(service.state), printable(service.status),
                            printable(service.image), service.isAside ? "  (set aside for the new one)" : "");
    if (textIn(history, "state") == "rolled_back")
        text += fmt::format("  rolled back: {}\n", printable(textIn(history, "reason")));
    return text;
}

Result<std::string> list(const Options& options, const Composition& composition, DockerClient& engine, const std::stop_token& stop)
{
    const auto deployments = listDeployments(engine, stop);
    if (!deployments)
        return deployments.error();
    auto json = Json::array();
    std::string text;
    for (const auto& deployment : *deployments) {
        const auto history = historyOf(deployment.runId, composition);
        json.push_back(jsonOf(deployment, history));
        text += linesOf(deployment, history);
    }
    if (options.json)
        return json.dump() + "\n";
    return text.empty() ? std::string("Nothing is deployed.\n") : text;
}

Result<std::string> logs(const Options& options, const Deployment& deployment, DockerDeployer& deployer, const std::stop_token& stop)
{
    std::string text;
    bool isThere = false;
    for (const auto& service : deployment.services) {
        if (!options.service.empty() && service.service != options.service)
            continue;
        isThere = true;
        const auto log = deployer.logs(service.container, options.lines, stop);
        if (!log)
            return log.error();
        if (deployment.services.size() > 1 && options.service.empty())
            text += fmt::format("== {}\n", printable(service.service));
        text += printable(*log);
        if (!text.empty() && text.back() != '\n')
            text += '\n';
    }
    if (!isThere)
        return Error{ErrorCode::NotFound, fmt::format("the deployment has no service '{}'", options.service), {}, "'agent-pipeline deployments list' names them."};
    return text;
}

/// Those that stand, or those that do not, one after the other.
Result<std::string> each(const Deployment& deployment, bool running, const char* done, const std::function<Result<void>(const DeployedContainer&)>& work)
{
    std::string text;
    for (const auto& service : deployment.services)
        if ((service.state == "running") == running) {
            if (auto worked = work(service); !worked)
                return std::move(worked).error();
            text += fmt::format("{} {} of {}.\n", done, printable(service.service), deployment.runId);
        }
    return text.empty() ? fmt::format("{} nothing: it is so already.\n", done) : text;
}

Result<std::string> carryOutDeployments(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (composition.engine() == nullptr)
        return composition.engineProblem().value_or(Error{ErrorCode::Unavailable, "no Docker engine was found"});
    auto& engine = *composition.engine();
    if (options.command == "deployments list")
        return list(options, composition, engine, stop);
    const auto deployment = findDeployment(engine, runNamed(options.runId, composition), stop);
    if (!deployment)
        return deployment.error();
    DockerDeployer deployer(engine);
    if (options.command == "deployments logs")
        return logs(options, *deployment, deployer, stop);
    if (options.command == "deployments stop")
        return each(*deployment, true, "Stopped", [&](const DeployedContainer& service) {
            auto ended = deployer.stop(service.container, kGraceOfStop, stop);
            return ended ? Result<void>() : std::move(ended).error();
        });
    if (options.command == "deployments start")
        return each(*deployment, false, "Started", [&](const DeployedContainer& service) { return deployer.startAgain(service.container, stop); });
    if (auto removed = composition.removeDeployment(deployment->runId); !removed)
        return std::move(removed).error();
    return fmt::format("Removed the deployment of {}: containers, network, volumes and images.\n", deployment->runId);
}

// ── watching ──

/// Rule files of the project that the run has made, whatever their names.
LiveRules rulesOfProject(const std::filesystem::path& workspace)
{
    LiveRules all;
    const auto folder = Folder::open(workspace);
    if (!folder)
        return all;
    (void)folder->walk("monitoring", [&](const Folder::Entry& entry) { // without such a folder there are no rules
        const bool isYaml = entry.path.ends_with(".yml") || entry.path.ends_with(".yaml");
        if (entry.kind == Folder::Kind::File && isYaml && entry.bytes <= kMostRuleBytes)
            if (const auto text = folder->read(entry.path, kMostRuleBytes, Folder::Links::Refuse))
                if (auto rules = readLiveRules(*text)) {
                    std::ranges::move(rules->rules, std::back_inserter(all.rules));
                    std::ranges::move(rules->left, std::back_inserter(all.left));
                }
        return Folder::Walk::Into;
    });
    return all;
}

/// What began or ended, for the run's history; a run that goes on meanwhile has it in monitoring/live.jsonl alone.
Result<void> keepInHistory(const Composition& composition, const std::string& runId, const WatchNote& note)
{
    if (note.kind == WatchNote::Kind::Figures)
        return {};
    const auto journal = composition.openJournal();
    if (!journal)
        return journal.error();
    auto kept = recordLate(composition.folders().data / "journal.sqlite", **journal, composition.redactor(), runId, StageId::Monitoring, Warned{note.text});
    return kept ? Result<void>() : std::move(kept).error().during("keep an alert in the run's history");
}

/// A line for each look on standard output, and all of it in the run's folder.
class WatchLog {
public:
    WatchLog(const Options& options, const std::filesystem::path& output) : m_options(options)
    {
        std::error_code ignored;
        std::filesystem::create_directories(output / "monitoring", ignored);
        m_file.open(output / "monitoring/live.jsonl", std::ios::app);
    }
    Result<void> operator()(const WatchNote& note)
    {
        const auto line = note.facts.dump(-1, ' ', false, Json::error_handler_t::replace);
        m_file << line << '\n' << std::flush;
        if (m_options.json)
            std::cout << line << std::endl;
        else if (!m_options.quiet || note.kind != WatchNote::Kind::Figures)
            std::cout << note.facts.value("at", "").substr(11, 8) << "  " << printable(note.text) << std::endl;
        return {};
    }

private:
    const Options& m_options;
    std::ofstream m_file{};
};

Result<WatchOutcome> watch(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (composition.engine() == nullptr)
        return composition.engineProblem().value_or(Error{ErrorCode::Unavailable, "no Docker engine was found"});
    const auto journal = composition.openJournal();
    if (!journal)
        return journal.error();
    const auto run = (*journal)->findRun(options.runId);
    const auto events = run ? (*journal)->events(*run) : Result<std::vector<RunEvent>>(run.error());
    if (!events)
        return events.error();
    RunState state;
    for (const auto& event : *events)
        apply(state, event);
    auto target = watchTargetFrom(*run, state.deployment);
    const auto settings = sandboxSettings(composition.config());
    if (!target || !settings)
        return target ? settings.error() : target.error();
    const std::filesystem::path output = state.started.output;
    auto rules = rulesOfProject(output / "workspace");
    for (const auto& left : rules.left)
        std::cerr << "note: " << printable(left) << std::endl;
    WatchWish wish{.target = *std::move(target), .rules = std::move(rules.rules), .every = std::chrono::seconds(options.every)};
    if (options.seconds > 0)
        wish.span = std::chrono::seconds(options.seconds);
    DockerSandboxProvider sandboxes(*composition.engine(), *settings);
    DockerDeployer deployer(*composition.engine());
    WatchLog log(options, output);
    return watchDeployment(sandboxes, deployer, std::move(wish), [&](const WatchNote& note) {
        auto told = log(note);
        return told ? keepInHistory(composition, *run, note) : told;
    }, stop);
}

int watchCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    const auto outcome = watch(options, composition, stop);
    if (!outcome)
        return failed(outcome.error(), exitCodeOf(outcome.error()));
    if (!options.quiet && !options.json)
        std::cout << fmt::format("{} looks, {} alert(s) began{}{}\n", outcome->looks, outcome->fired, outcome->firing.empty() ? "" : "; now: ", fmt::join(outcome->firing, ", ")) << std::flush;
    return outcome->firing.empty() ? 0 : 1;
}

} // namespace

int deploymentsCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (options.command == "deployments watch")
        return watchCommand(options, composition, stop);
    const auto done = carryOutDeployments(options, composition, stop);
    if (!done)
        return failed(done.error(), exitCodeOf(done.error()));
    if (!options.quiet || options.command == "deployments list" || options.command == "deployments logs")
        std::cout << *done << std::flush;
    return 0;
}

} // namespace aap
