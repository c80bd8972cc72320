#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/cli/history.h"
#include "app/cli/printable.h"
#include "app/cli/wording.h"
#include "core/store/run_comparison.h"

namespace aap {
namespace {

constexpr std::size_t kLabelColumns = 16;
constexpr std::size_t kRunColumns = 27;
constexpr std::size_t kMostFilesShown = 60;
constexpr std::size_t kMostRuns = 12;

int comparisonFailed(const Error& error, std::ostream& err)
{
    err << printable(error.text()) << '\n' << printable(error.remedy) << '\n';
    return exitCode(error.code == ErrorCode::Invalid || error.code == ErrorCode::NotFound ? RunEnding::InvalidInput : RunEnding::Failed);
}

std::string padded(const std::string& text, std::size_t columns)
{
    const auto cut = cutTo(text, columns - 1);
    const auto shown = std::size_t(std::ranges::count_if(cut, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    return cut + std::string(columns - std::min(columns, shown), ' ');
}

std::string oneLine(const std::string& text)
{
    auto line = printable(text);
    std::ranges::replace(line, '\n', ' ');
    return line;
}

/// A line of the table: what, and for each run how.
template <typename Cell>
void row(std::string_view label, const std::vector<ComparedRun>& runs, std::ostream& out, Cell cell)
{
    std::string line = padded(std::string(label), kLabelColumns);
    for (const auto& run : runs)
        line += padded(oneLine(cell(run)), kRunColumns);
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
}

std::string spanOf(const std::optional<TimePoint>& from, const std::optional<TimePoint>& to)
{
    return from && to ? durationText(*to - *from) : "-";
}

std::string stageCell(const ComparedRun& run, StageId id)
{
    const auto* stage = run.state.stage(id);
    if (stage == nullptr)
        return "-";
    const auto failed = std::ranges::count(stage->checks, CheckStatus::Failed, &Check::status);
    auto cell = fmt::format("{} {}", symbol(stage->status), title(stage->status));
    if (stage->attempt > 1)
        cell += fmt::format(", {} attempts", stage->attempt);
    return failed > 0 ? cell + fmt::format(", {} ✖", failed) : cell;
}

std::string stageCostCell(const ComparedRun& run, StageId id)
{
    const auto* stage = run.state.stage(id);
    if (stage == nullptr || !stage->startedAt)
        return "";
    return fmt::format("  {}, {}, {}", spanOf(stage->startedAt, stage->finishedAt), countText(stage->usage.totalTokens()), stage->cost.text());
}

std::vector<StageId> stagesOfAll(const std::vector<ComparedRun>& runs)
{
    std::vector<StageId> stages;
    for (const auto& run : runs)
        for (const auto& stage : run.state.stages)
            if (std::ranges::find(stages, stage.id) == stages.end())
                stages.push_back(stage.id);
    std::ranges::sort(stages);
    return stages;
}

void showFiles(const std::vector<ComparedRun>& runs, std::ostream& out)
{
    const auto files = fileDifferences(runs);
    if (std::ranges::count_if(runs, &ComparedRun::hasFiles) < 2) {
        out << "\nFiles are not compared: fewer than two of these runs have their output folder.\n";
        return;
    }
    out << fmt::format("\n{} file(s) differ{}\n", files.size(), files.empty() ? "." : "; equal letters are equal contents:");
    for (std::size_t i = 0; i < std::min(files.size(), kMostFilesShown); ++i) {
        std::vector<std::string> known;
        std::string letters;
        for (const auto& print : files[i].prints) {
            if (!print.empty() && std::ranges::find(known, print) == known.end())
                known.push_back(print);
            letters += print.empty() ? std::string("- ") : std::string(1, char('A' + (std::ranges::find(known, print) - known.begin()))) + ' ';
        }
        out << "  " << letters << ' ' << oneLine(files[i].path) << '\n';
    }
    if (files.size() > kMostFilesShown)
        out << fmt::format("  … and {} more; --json lists all.\n", files.size() - kMostFilesShown);
}

void showComparison(const std::vector<ComparedRun>& runs, std::ostream& out)
{
    row("run", runs, out, [](const ComparedRun& run) { return run.state.id; });
    row("title", runs, out, [](const ComparedRun& run) { return run.state.started.title; });
    row("model", runs, out, [](const ComparedRun& run) { return run.state.started.model; });
    row("result", runs, out, [](const ComparedRun& run) { return std::string(run.state.ending ? title(*run.state.ending) : "Running or interrupted"); });
    for (const auto stage : stagesOfAll(runs)) {
        row(title(stage), runs, out, [stage](const ComparedRun& run) { return stageCell(run, stage); });
        row("", runs, out, [stage](const ComparedRun& run) { return stageCostCell(run, stage); });
    }
    row("repairs", runs, out, [](const ComparedRun& run) { return std::to_string(run.state.repairRound); });
    row("tests", runs, out, [](const ComparedRun& run) {
        return run.hasTests() ? fmt::format("{} passed, {} failed, {} skipped", run.testsPassed, run.testsFailed, run.testsSkipped) : std::string("-");
    });
    row("coverage", runs, out, [](const ComparedRun& run) { return run.coveragePercent ? fmt::format("{:.1f} %", *run.coveragePercent) : std::string("-"); });
    row("time", runs, out, [](const ComparedRun& run) { return spanOf(run.state.startedAt, run.state.finishedAt); });
    row("tokens", runs, out, [](const ComparedRun& run) { return countText(run.state.usage.totalTokens()); });
    row("cost", runs, out, [](const ComparedRun& run) { return run.state.cost.text(); });
    showFiles(runs, out);
}

} // namespace

int compareCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err)
{
    if (options.runIds.size() < 2 || options.runIds.size() > kMostRuns)
        return comparisonFailed(Error{ErrorCode::Invalid, fmt::format("two to {} runs can be compared", kMostRuns), {}, "Name them as 'agent-pipeline runs' lists them."}, err);
    std::vector<ComparedRun> runs;
    for (const auto& named : options.runIds) {
        const auto id = journal.findRun(named);
        if (!id)
            return comparisonFailed(id.error(), err);
        auto run = comparedRun(*id, journal);
        if (!run)
            return comparisonFailed(run.error(), err);
        runs.push_back(*std::move(run));
    }
    if (options.json)
        out << comparisonJson(runs).dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    else
        showComparison(runs, out);
    return 0;
}

} // namespace aap
