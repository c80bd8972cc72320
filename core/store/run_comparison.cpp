#include "core/store/run_comparison.h"

#include <algorithm>
#include <set>

#include "core/base/beneath.h"
#include "core/pipeline/checks/test_report.h"
#include "core/store/journal.h"
#include "core/store/lenient_json.h"
#include "core/store/traceability.h"

namespace aap {
namespace {

constexpr std::string_view kProject = "workspace/";
constexpr std::uintmax_t kMostManifestBytes = 256U << 20U;
constexpr std::uintmax_t kMostReportBytes = 64U << 20U;

/// From the manifest, which has the print of every file already.
void readFiles(const Folder& output, ComparedRun& run)
{
    const auto text = output.read("MANIFEST.json", kMostManifestBytes, Folder::Links::Refuse);
    if (!text)
        return;
    const auto manifest = Json::parse(*text, nullptr, false);
    run.hasFiles = !manifest.is_discarded();
    for (const auto& file : listIn(manifest, "files")) {
        const auto path = textIn(file, "path");
        if (!path.starts_with(kProject))
            continue;
        const auto link = textIn(file, "link_hex");
        run.files[path.substr(kProject.size())] = link.empty() ? textIn(file, "sha256") : "link " + link;
    }
}

void readTests(const Folder& output, ComparedRun& run)
{
    if (const auto junit = output.read("reports/junit.xml", kMostReportBytes, Folder::Links::Refuse)) {
        const TestResults results(*junit);
        run.testsPassed = results.count(TestResults::Outcome::Passed);
        run.testsFailed = results.count(TestResults::Outcome::Failed);
        run.testsSkipped = results.count(TestResults::Outcome::Skipped);
    }
    if (const auto coverage = output.read("reports/coverage.xml", kMostReportBytes, Folder::Links::Refuse))
        run.coveragePercent = coverageOf(*coverage);
}

double secondsOf(const std::optional<TimePoint>& from, const std::optional<TimePoint>& to)
{
    return from && to ? double((*to - *from).count()) / 1000 : 0;
}

Json comparedStage(const StageState& stage)
{
    Json failed = Json::array();
    for (const auto& check : stage.checks)
        if (check.status == CheckStatus::Failed)
            failed.push_back(check.id);
    return {{"status", std::string(slug(stage.status))}, {"attempts", stage.attempt}, {"model", stage.model}, {"reason", stage.reason},
            {"seconds", secondsOf(stage.startedAt, stage.finishedAt)}, {"tokens", stage.usage.totalTokens()}, {"cost_usd", stage.cost.inUsd()},
            {"failed_checks", std::move(failed)}};
}

Json comparedJson(const ComparedRun& run)
{
    const auto& state = run.state;
    Json stages = Json::object();
    for (const auto& stage : state.stages)
        stages[std::string(slug(stage.id))] = comparedStage(stage);
    Json tests;
    if (run.hasTests())
        tests = {{"passed", run.testsPassed}, {"failed", run.testsFailed}, {"skipped", run.testsSkipped}};
    return {{"run_id", state.id}, {"title", state.started.title}, {"ending", state.ending ? Json(std::string(slug(*state.ending))) : Json()},
            {"model", state.started.model}, {"seconds", secondsOf(state.startedAt, state.finishedAt)}, {"tokens", state.usage.totalTokens()},
            {"cost_usd", state.cost.inUsd()}, {"repair_rounds", state.repairRound}, {"tests", std::move(tests)},
            {"coverage_percent", run.coveragePercent ? Json(*run.coveragePercent) : Json()}, {"stages", std::move(stages)}};
}

} // namespace

Result<ComparedRun> comparedRun(const std::string& runId, Journal& journal)
{
    const auto events = journal.events(runId);
    if (!events)
        return events.error();
    ComparedRun run;
    for (const auto& event : *events)
        apply(run.state, event);
    run.state.id = runId;
    if (run.state.started.output.empty())
        return run;
    if (const auto output = Folder::open(run.state.started.output)) {
        readFiles(*output, run);
        readTests(*output, run);
    }
    return run;
}

std::vector<FileDifference> fileDifferences(const std::vector<ComparedRun>& runs)
{
    if (std::ranges::count_if(runs, &ComparedRun::hasFiles) < 2)
        return {};
    std::set<std::string> paths;
    for (const auto& run : runs)
        for (const auto& [path, print] : run.files)
            paths.insert(path);
    std::vector<FileDifference> differences;
    for (const auto& path : paths) {
        FileDifference difference{.path = path};
        std::set<std::string> contents;
        for (const auto& run : runs) {
            const auto found = run.files.find(path);
            difference.prints.push_back(found == run.files.end() ? std::string() : found->second);
            if (run.hasFiles)
                contents.insert(difference.prints.back());
        }
        if (contents.size() > 1)
            differences.push_back(std::move(difference));
    }
    return differences;
}

Json comparisonJson(const std::vector<ComparedRun>& runs)
{
    Json compared = Json::array();
    for (const auto& run : runs)
        compared.push_back(comparedJson(run));
    Json files = Json::array();
    for (const auto& difference : fileDifferences(runs)) {
        Json contents = Json::array();
        for (const auto& print : difference.prints)
            contents.push_back(print.empty() ? Json() : Json(print));
        files.push_back({{"path", difference.path}, {"content", std::move(contents)}});
    }
    return {{"runs", std::move(compared)}, {"files", std::move(files)}};
}

} // namespace aap
