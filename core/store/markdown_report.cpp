#include "core/store/markdown_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace aap {
namespace {

using Cells = std::vector<std::string>;

/// On one line, and nothing of it is markup.
std::string plain(std::string_view text)
{
    std::string safe;
    for (const char c : text) {
        if (c == '\n' || c == '\r' || c == '\t')
            safe += ' ';
        else if (c == '<')
            safe += "&lt;";
        else if (c == '&')
            safe += "&amp;";
        else {
            if (std::string_view("\\`*_{}[]()#+!|>~").find(c) != std::string_view::npos)
                safe += '\\';
            safe += c;
        }
    }
    return safe;
}

std::string row(const Cells& cells)
{
    return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string tableOf(const Cells& head, const std::vector<Cells>& rows)
{
    if (rows.empty())
        return {};
    auto text = row(head) + row(Cells(head.size(), "---"));
    for (const auto& cells : rows)
        text += row(cells);
    return text + '\n';
}

std::string chapter(std::string_view title, const std::string& content)
{
    return content.empty() ? std::string() : fmt::format("## {}\n\n{}", title, content);
}

std::string items(const std::vector<std::string>& list)
{
    std::string text;
    for (const auto& item : list)
        text += "- " + plain(item) + '\n';
    return text.empty() ? text : text + '\n';
}

std::string beginning(const RunState& state)
{
    const auto name = state.started.title.empty() ? "Run " + state.id : state.started.title;
    auto text = fmt::format("# {}\n\nRun {}, {}{} {}\n\n", plain(name), plain(state.id), state.startedAt ? toIso8601(*state.startedAt) + ", " : "",
                            plain(state.started.provider), plain(state.started.model));
    if (!state.started.recordingLabel.empty())
        text += fmt::format("**{}**\n\n", plain(state.started.recordingLabel));
    if (!state.started.forkOf.empty())
        text += fmt::format("A fork of {} at its event {}.\n\n", plain(state.started.forkOf), state.started.forkAt);
    text += fmt::format("**{}**", state.ending ? title(*state.ending) : std::string_view("Interrupted"));
    if (!state.reason.empty())
        text += ": " + plain(state.reason);
    if (!state.remedy.empty())
        text += "\n\n" + plain(state.remedy);
    return text + fmt::format("\n\n{} tokens in {} calls, {}\n\n", state.usage.totalTokens(), state.usage.calls, state.cost.text());
}

std::string stageTable(const RunState& state)
{
    std::vector<Cells> rows;
    for (const auto& stage : state.stages) {
        const auto passed = std::ranges::count(stage.checks, CheckStatus::Passed, &Check::status);
        rows.push_back({std::string(title(stage.id)), std::string(title(stage.status)), std::to_string(stage.attempt), fmt::format("{} of {}", passed, stage.checks.size()),
                        stage.cost.text(), plain(stage.reason)});
    }
    return tableOf({"Stage", "Result", "Attempts", "Checks passed", "Cost", "Reason"}, rows);
}

std::string openChecks(const RunState& state)
{
    std::vector<Cells> rows;
    for (const auto& stage : state.stages)
        for (const auto& check : stage.checks)
            if (check.status != CheckStatus::Passed)
                rows.push_back({plain(check.id), check.must ? "must" : "should", std::string(slug(check.status)), plain(check.reason)});
    return tableOf({"Check", "Level", "Result", "Why"}, rows);
}

std::string matrix(const std::vector<TraceRow>& trace)
{
    std::vector<Cells> rows;
    for (const auto& traced : trace) {
        Cells tests;
        for (const auto& test : traced.tests)
            tests.push_back(fmt::format("{} {}", plain(test.id), word(test.outcome)));
        Cells where;
        for (const auto& place : traced.where)
            where.push_back(plain(place));
        rows.push_back({plain(traced.requirement), plain(traced.priority), plain(traced.text), fmt::format("{}", fmt::join(where, "<br>")),
                        fmt::format("{}", fmt::join(tests, "<br>")), fmt::format("**{}**{}", traced.verdict, traced.remark.empty() ? "" : "<br>" + plain(traced.remark))});
    }
    return tableOf({"Requirement", "Priority", "Text", "Implemented in", "Tests", "Verdict"}, rows);
}

std::string findingTable(const std::vector<ReviewFinding>& findings)
{
    std::vector<Cells> rows;
    for (const auto& finding : findings)
        rows.push_back({plain(finding.severity), plain(finding.title), plain(fmt::format("{}:{}", finding.file, finding.line)), plain(finding.fix)});
    return tableOf({"Severity", "Finding", "Where", "Fix"}, rows);
}

} // namespace

std::string provenWords(const std::vector<TraceRow>& trace)
{
    Cells failing;
    Cells open;
    std::size_t musts = 0;
    for (const auto& traced : trace) {
        if (traced.priority != "must")
            continue;
        ++musts;
        if (traced.verdict == "failing")
            failing.push_back(traced.requirement);
        else if (traced.verdict != "tested")
            open.push_back(traced.requirement);
    }
    if (musts == 0)
        return {};
    auto text = fmt::format("{} of {} musts are proven by tests that passed", musts - failing.size() - open.size(), musts);
    if (!failing.empty())
        text += fmt::format("; failing: {}", fmt::join(failing, ", "));
    if (!open.empty())
        text += fmt::format("; not proven: {}", fmt::join(open, ", "));
    return text + '.';
}

std::string markdownReport(const ReportFacts& report)
{
    const auto& state = report.state;
    auto proven = provenWords(report.trace);
    if (!proven.empty())
        proven = plain(proven) + "\n\n";
    return beginning(state) + chapter("Stages", stageTable(state)) + chapter("Checks that did not pass", openChecks(state))
        + chapter("Requirements and their tests", proven + matrix(report.trace)) + chapter("Findings", findingTable(report.findings))
        + chapter("Warnings", items(state.warnings)) + chapter("Errors", items(state.errors)) + chapter("Not copied from the workspace", items(report.leftOut))
        + fmt::format("Made by AI Agent Pipeline {}. REPORT.html says more, and MANIFEST.json lists every file of this run with its hash.\n", plain(state.started.program));
}

} // namespace aap
