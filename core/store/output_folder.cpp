#include "core/store/output_folder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/store/copy_tree.h"
#include "core/store/csv.h"
#include "core/store/lenient_json.h"
#include "core/store/manifest.h"
#include "core/store/markdown_report.h"
#include "core/store/run_report.h"
#include "core/store/sbom.h"
#include "core/store/transcript.h"

namespace aap {
namespace {

/// Points `<root>/latest` at a run, in one step.
Result<void> pointLatest(const std::filesystem::path& root, const std::string& runId)
{
    const auto latest = root / "latest";
    std::error_code failed;
    const auto there = std::filesystem::symlink_status(latest, failed).type();
    if (there != std::filesystem::file_type::not_found && there != std::filesystem::file_type::symlink) {
        Error error{ErrorCode::Invalid, latest.string() + " is not a link"};
        return std::move(error).advise("Rename it: the program keeps a link of this name to the latest run.");
    }
    const auto temporary = root / (".latest-" + runId);
    std::filesystem::remove(temporary, failed);
    std::filesystem::create_symlink(runId, temporary, failed);
    if (!failed)
        std::filesystem::rename(temporary, latest, failed);
    if (failed)
        return Error{ErrorCode::Io, "cannot make the link " + latest.string() + ": " + failed.message()};
    return {};
}

/// What a program that was killed has left of this run.
Result<void> clearHalfWritten(const std::filesystem::path& root, const Folder& folder)
{
    removeHalfWritten(root / "pipeline_state.json");
    std::vector<std::string> left;
    const auto walked = folder.walk("", [&left](const Folder::Entry& entry) {
        const auto name = entry.path.substr(entry.path.rfind('/') + 1);
        if (entry.kind == Folder::Kind::Folder)
            return entry.path == "snapshots.git" || entry.path == "workspace" ? Folder::Walk::Skip : Folder::Walk::Into;
        if (name.starts_with(Folder::kTemporary))
            left.push_back(entry.path);
        return Folder::Walk::Into;
    });
    if (!walked)
        return walked;
    for (const auto& path : left)
        if (auto removed = folder.remove(path); !removed)
            return removed;
    return {};
}

Json checkJson(const Check& check)
{
    Json json{{"id", check.id}, {"level", check.must ? "must" : "should"}, {"status", std::string(slug(check.status))}, {"seconds", check.seconds}};
    if (!check.argv.empty())
        json["argv"] = check.argv;
    if (check.exitCode)
        json["exit_code"] = *check.exitCode;
    if (!check.log.empty())
        json["log"] = check.log;
    if (!check.reason.empty())
        json["reason"] = check.reason;
    return json;
}

Json usageJson(const Usage& usage, Money cost)
{
    return {{"input_tokens", usage.inputTokens}, {"output_tokens", usage.outputTokens}, {"cache_read_tokens", usage.cacheReadTokens},
            {"cache_write_tokens", usage.cacheWriteTokens + usage.cacheWrite1hTokens}, {"cost_micro_usd", cost.microUsd}, {"calls", usage.calls}};
}

Json timeJson(const std::optional<TimePoint>& at)
{
    return at ? Json(toIso8601(*at)) : Json(nullptr);
}

Json stageJson(const StageState& stage)
{
    Json checks = Json::array();
    for (const auto& check : stage.checks)
        checks.push_back(checkJson(check));
    return {{"stage", std::string(slug(stage.id))}, {"attempt", stage.attempt}, {"status", std::string(slug(stage.status))},
            {"reason", stage.reason}, {"commit", stage.commit}, {"checks", checks}, {"usage", usageJson(stage.usage, stage.cost)},
            {"model", stage.model}, {"image", stage.imageId}, {"started_at", timeJson(stage.startedAt)}, {"ended_at", timeJson(stage.finishedAt)}};
}

/// stages/N/result.json as the contract "stage_result" has it, for a stage whose end nobody could write down.
Json stageResult(const StageState& stage)
{
    constexpr std::array kEndings{StageStatus::Passed,  StageStatus::Failed,  StageStatus::Waived, StageStatus::Cancelled,
                                  StageStatus::Refused, StageStatus::BudgetExceeded};
    auto result = stageJson(stage);
    result["schema"] = "aap/stage/1";
    result["attempt"] = std::max(stage.attempt, 1);
    result["input"] = Json::array();
    if (std::ranges::find(kEndings, stage.status) == kEndings.end())
        result["status"] = "incomplete";
    for (auto& check : result["checks"])
        if (check["status"] == slug(CheckStatus::NotChecked))
            check["status"] = "skipped";
    for (const auto* optional : {"reason", "commit", "model", "image", "started_at", "ended_at"})
        if (result[optional].is_null() || result[optional] == "")
            result.erase(optional);
    return result;
}

Json runJson(const RunState& state)
{
    Json stages = Json::array();
    for (const auto& stage : state.stages)
        stages.push_back(stageJson(stage));
    Json artifacts = Json::array();
    for (const auto& artifact : state.artifacts)
        artifacts.push_back({{"path", artifact.path}, {"sha256", artifact.sha256}, {"bytes", artifact.bytes}});
    return {{"schema", "aap/run/1"}, {"run_id", state.id}, {"title", state.started.title}, {"mode", std::string(slug(state.started.mode))},
            {"ending", state.ending ? Json(std::string(slug(*state.ending))) : Json(nullptr)},
            {"exit_code", state.ending ? Json(exitCode(*state.ending)) : Json(nullptr)},
            {"reason", state.reason}, {"remedy", state.remedy}, {"started_at", timeJson(state.startedAt)}, {"ended_at", timeJson(state.finishedAt)},
            {"program", state.started.program}, {"provider", state.started.provider}, {"model", state.started.model},
            {"recording_label", state.started.recordingLabel}, {"repair_rounds", state.repairRound}, {"usage", usageJson(state.usage, state.cost)},
            {"stages", stages}, {"artifacts", artifacts}, {"deployment", state.deployment}, {"warnings", state.warnings}, {"errors", state.errors},
            {"settings", state.started.settings}, {"pipeline", state.started.pipeline}};
}

std::string journalText(const std::vector<RunEvent>& events)
{
    std::string text;
    for (const auto& event : events)
        text += dumped(toJson(event)) + "\n";
    return text;
}

/// A line a turn, so that a spreadsheet can sum as it likes.
std::string costCsv(const std::vector<RunEvent>& events)
{
    auto csv = csvLine({"at", "stage", "turn", "model", "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "cost_usd", "seconds"});
    for (const auto& event : events)
        if (const auto* turn = std::get_if<TurnFinished>(&event.payload))
            csv += csvLine({toIso8601(event.at), event.stage ? std::string(slug(*event.stage)) : "", std::to_string(turn->turn), turn->model,
                            std::to_string(turn->usage.inputTokens), std::to_string(turn->usage.cacheReadTokens),
                            std::to_string(turn->usage.cacheWriteTokens + turn->usage.cacheWrite1hTokens), std::to_string(turn->usage.outputTokens),
                            fmt::format("{:.6f}", turn->cost.inUsd()), fmt::format("{:.3f}", double(turn->duration.count()) / 1000)});
    return csv;
}

/// Keeps the first of several failures.
class FirstFailure {
public:
    void note(Result<void> outcome)
    {
        if (m_first && !outcome)
            m_first = std::move(outcome);
    }
    Result<void> result() && { return std::move(m_first); }

private:
    Result<void> m_first{};
};

} // namespace

std::string stageFolder(StageId stage)
{
    const auto placeIn = [&](const auto& stages) { return std::ranges::find(stages, stage) - stages.begin() + 1; };
    const auto isReview = std::ranges::find(kReviewStages, stage) != kReviewStages.end();
    return fmt::format("{}-{}", isReview ? placeIn(kReviewStages) : placeIn(kPipelineStages), slug(stage));
}

Result<OutputFolder> OutputFolder::create(const std::filesystem::path& root, const std::string& runId)
{
    if (!isRunId(runId))
        return Error{ErrorCode::Invalid, "'" + runId + "' is not the id of a run"};
    std::error_code failed;
    std::filesystem::create_directories(root / runId, failed);
    if (failed) {
        Error error{ErrorCode::Io, "cannot make the folder " + (root / runId).string() + ": " + failed.message()};
        return std::move(error).advise("Choose another folder with --output-dir.");
    }
    auto folder = Folder::open(root / runId);
    if (!folder)
        return std::move(folder).error();
    if (auto pointed = pointLatest(root, runId); !pointed)
        return std::move(pointed).error();
    if (auto removed = clearHalfWritten(root, *folder); !removed)
        return std::move(removed).error();
    return OutputFolder(root, std::move(*folder));
}

Result<void> OutputFolder::write(const std::string& relative, std::string_view text)
{
    if (auto written = m_folder.write(relative, text); !written)
        return std::move(written).error().during("write the results");
    return {};
}

Result<void> OutputFolder::writeDocument(const std::string& relative, const Json& document)
{
    return write(relative, dumped(document, 2) + "\n");
}

Result<void> OutputFolder::writeUnlessThere(const std::string& relative, std::string_view text)
{
    return text.empty() || m_folder.stat(relative) ? Result<void>() : write(relative, text);
}

Result<void> OutputFolder::writeState(const RunState& state)
{
    return writeFileAtomically(m_root / "pipeline_state.json", dumped(pipelineStateJson(state), 2) + "\n");
}

Result<void> OutputFolder::writeStage(const StageState& stage, const Ending& ending, const Json& document)
{
    const auto folder = "stages/" + stageFolder(stage.id) + "/";
    FirstFailure failure;
    failure.note(writeUnlessThere(folder + "result.json", dumped(stageResult(stage), 2) + "\n"));
    if (!document.is_null())
        failure.note(writeUnlessThere(folder + "submit.json", dumped(document, 2) + "\n"));
    if (ending.intermediate) {
        failure.note(writeUnlessThere(folder + "prompt.md", firstPrompt(stage.id, ending.events)));
        failure.note(write(folder + "transcript.md", transcript(stage.id, ending.events)));
    }
    return std::move(failure).result();
}

Result<void> OutputFolder::writeExchanges(const std::vector<RunEvent>& events)
{
    int number = 0;
    for (const auto& exchange : exchanges(events))
        if (auto written = write(fmt::format("exchanges/{:04}.json", ++number), exchange); !written)
            return written;
    return {};
}

Result<std::vector<std::string>> OutputFolder::copyWorkspace(const Folder& workspace)
{
    const auto repo = workspace.folder("repo");
    if (!repo)
        return Error(repo.error()).during("copy the workspace");
    if (auto removed = m_folder.remove("workspace"); !removed) // an earlier ending of a run that went on
        return std::move(removed).error();
    if (auto made = m_folder.makeFolder("workspace"); !made)
        return std::move(made).error();
    return copyTree(*repo, m_folder, "workspace", {}, {});
}

Result<void> OutputFolder::writeReports(const Ending& ending, std::vector<std::string> leftOut)
{
    const auto documents = stageDocuments(ending.state, ending.events);
    const auto monitoring = documents.find(StageId::Monitoring);
    const auto health = m_folder.read("monitoring/health.json");
    const TestResults tests(m_folder.read("reports/junit.xml").value_or(""));
    ReportFacts facts{.state = ending.state, .events = ending.events};
    facts.trace = traceRequirements(ending.requirements, documents, tests);
    facts.findings = findingsIn(documents);
    facts.monitoring = monitoring == documents.end() ? Json() : monitoring->second;
    facts.health = health ? Json::parse(*health, nullptr, false) : Json();
    facts.leftOut = std::move(leftOut);
    FirstFailure failure;
    failure.note(write("reports/cost.csv", costCsv(ending.events)));
    failure.note(write("reports/traceability.csv", traceabilityCsv(facts.trace)));
    failure.note(writeUnlessThere("reports/findings.json", dumped(findingsJson(facts.findings), 2) + "\n"));
    if (const auto project = m_folder.folder("workspace"))
        failure.note(write("reports/sbom.cdx.json", projectSbom(*project, ending.state.started.title, ending.state.id)));
    failure.note(write("reports/sarif.json", sarifJson(facts.findings, ending.state.started.program)));
    failure.note(write("REPORT.html", runReport(facts)));
    failure.note(write("REPORT.md", markdownReport(facts)));
    return std::move(failure).result();
}

Result<void> OutputFolder::finish(const Ending& ending)
{
    FirstFailure failure;
    const auto& state = ending.state;
    failure.note(write("run.json", runJson(state)));
    failure.note(write("journal.jsonl", journalText(ending.events)));
    failure.note(writeUnlessThere("requirements.md", state.started.requirements));
    if (!ending.requirements.is_null())
        failure.note(writeUnlessThere("requirements.json", dumped(ending.requirements, 2) + "\n"));
    const auto documents = stageDocuments(state, ending.events);
    for (const auto& stage : state.stages) {
        const auto document = documents.find(stage.id);
        if (stage.startedAt)
            failure.note(writeStage(stage, ending, document == documents.end() ? Json() : document->second));
    }
    if (ending.intermediate)
        failure.note(writeExchanges(ending.events));
    auto leftOut = copyWorkspace(ending.workspace);
    if (!leftOut) {
        failure.note(leftOut.error());
        leftOut = std::vector<std::string>{leftOut.error().text()};
    }
    failure.note(writeReports(ending, std::move(*leftOut)));
    failure.note(writeManifest(m_folder, state.id));
    failure.note(writeState(state));
    return std::move(failure).result();
}

} // namespace aap
