#include "core/store/run_report.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include <QUrl>

#include "core/store/html.h"
#include "core/store/lenient_json.h"
#include "core/store/markdown_report.h"

namespace aap {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{color-scheme:light dark;--text:#1c2024;--soft:#5b6470;--back:#fff;--card:#f5f6f8;--line:#d8dce2;--good:#1a7f37;--bad:#c0262d;--warn:#8a5a00}
@media (prefers-color-scheme:dark){:root{--text:#e6e8eb;--soft:#9aa4b0;--back:#15181c;--card:#1e2228;--line:#343a42;--good:#4cc26a;--bad:#ff7b7b;--warn:#e3b341}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;margin:0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.verdict{border:1px solid var(--line);border-left-width:6px;background:var(--card);padding:.8rem 1rem;margin:1rem 0;border-radius:6px}
.verdict.good{border-left-color:var(--good)}.verdict.bad{border-left-color:var(--bad)}.verdict.warn{border-left-color:var(--warn)}
.verdict p{margin:.2rem 0;color:var(--text)}.label{border:1px solid var(--warn);color:var(--warn);padding:.5rem 1rem;border-radius:6px}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600}code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{white-space:pre-wrap;background:var(--card);padding:.6rem;border-radius:6px}ul{padding-left:1.2rem}
@media print{body{max-width:none;margin:0}section{break-inside:avoid}}
</style>
)";

std::string escaped(std::string_view text)
{
    return htmlEscaped(text);
}

std::string marked(std::string_view tone, std::string_view text)
{
    return fmt::format("<span class=\"{}\">{}</span>", tone, escaped(text));
}

std::string code(std::string_view text)
{
    return text.empty() ? std::string() : "<code>" + escaped(text) + "</code>";
}

std::string_view tone(StageStatus status)
{
    switch (status) {
    case StageStatus::Passed: return "good";
    case StageStatus::Failed:
    case StageStatus::BudgetExceeded:
    case StageStatus::Refused:
    case StageStatus::Incomplete: return "bad";
    case StageStatus::NotStarted:
    case StageStatus::Skipped: return "soft";
    default: return "warn";
    }
}

std::string_view tone(RunEnding ending)
{
    if (ending == RunEnding::Completed)
        return "good";
    return ending == RunEnding::CompletedWithWaivers || ending == RunEnding::WaitingAtGate || ending == RunEnding::Stopped ? "warn" : "bad";
}

std::string checkWord(CheckStatus status)
{
    switch (status) {
    case CheckStatus::Passed: return marked("good", "✔ passed");
    case CheckStatus::Failed: return marked("bad", "✖ failed");
    case CheckStatus::Skipped: return marked("soft", "– skipped");
    case CheckStatus::Waived: return marked("warn", "✔ waived");
    case CheckStatus::NotChecked: return marked("warn", "? not checked");
    }
    return {};
}

std::string spanText(const std::optional<TimePoint>& from, const std::optional<TimePoint>& to)
{
    if (!from || !to)
        return {};
    const auto seconds = std::chrono::round<std::chrono::seconds>(*to - *from).count();
    return seconds < 60 ? fmt::format("{} s", seconds) : fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string list(const std::vector<std::string>& items)
{
    std::string html;
    for (const auto& item : items)
        html += "<li>" + escaped(item) + "</li>\n";
    return html.empty() ? html : "<ul>" + html + "</ul>\n";
}

/// Names and simple values of an object, nested ones as JSON.
std::string facts(const Json& object)
{
    Rows rows;
    if (object.is_object())
        for (const auto& [key, value] : object.items())
            rows.push_back({escaped(key), value.is_string() ? escaped(value.get<std::string>()) : code(dumped(value))});
    return htmlTable({"What", "Value"}, rows);
}

std::string header(const RunState& state)
{
    const auto title = state.started.title.empty() ? "Run " + state.id : state.started.title;
    const auto when = state.startedAt ? toIso8601(*state.startedAt) : std::string();
    auto html = fmt::format("<title>{0}</title></head><body>\n<h1>{0}</h1>\n<p class=\"soft\">Run {1} · {2} · {3} {4}</p>\n", escaped(title),
                            escaped(state.id), when, escaped(state.started.provider), escaped(state.started.model));
    if (!state.started.recordingLabel.empty())
        html += fmt::format("<p class=\"label\">{}</p>\n", escaped(state.started.recordingLabel));
    return html;
}

std::string verdict(const RunState& state)
{
    const auto ending = state.ending ? title(*state.ending) : std::string_view("Interrupted");
    const auto line = fmt::format("{} tokens in {} calls, {}{}", state.usage.totalTokens(), state.usage.calls, state.cost.text(),
                                  state.usage.estimated ? " (partly estimated)" : "");
    auto html = fmt::format("<div class=\"verdict {}\"><strong>{}</strong>\n<p>{}</p>\n", state.ending ? tone(*state.ending) : "bad", ending,
                            escaped(state.reason));
    if (!state.remedy.empty())
        html += "<p>" + escaped(state.remedy) + "</p>\n";
    return html + fmt::format("<p class=\"soft\">{}. {}</p></div>\n", line, spanText(state.startedAt, state.finishedAt));
}

int turnsOf(StageId stage, const std::vector<RunEvent>& events)
{
    return int(std::ranges::count_if(events, [&](const auto& event) { return event.stage == stage && std::holds_alternative<TurnFinished>(event.payload); }));
}

std::string stages(const ReportFacts& report)
{
    Rows rows;
    for (const auto& stage : report.state.stages)
        rows.push_back({escaped(title(stage.id)), marked(tone(stage.status), title(stage.status)), std::to_string(stage.attempt),
                        std::to_string(turnsOf(stage.id, report.events)), spanText(stage.startedAt, stage.finishedAt),
                        std::to_string(stage.usage.promptTokens()), std::to_string(stage.usage.outputTokens), stage.cost.text(),
                        escaped(stage.model), escaped(stage.reason)});
    return htmlTable({"Stage", "Result", "Attempts", "Turns", "Time", "Tokens in", "Tokens out", "Cost", "Model", "Reason"}, rows);
}

std::string checks(const RunState& state)
{
    Rows rows;
    for (const auto& stage : state.stages)
        for (const auto& check : stage.checks)
            rows.push_back({escaped(title(stage.id)), code(check.id), check.must ? "must" : "should", checkWord(check.status),
                            fmt::format("{:.1f} s", check.seconds), escaped(check.reason), code(check.log)});
    return htmlTable({"Stage", "Check", "Level", "Result", "Time", "Why", "Log"}, rows);
}

std::string trace(const std::vector<TraceRow>& trace)
{
    Rows rows;
    for (const auto& row : trace) {
        std::string tests;
        for (const auto& test : row.tests)
            tests += fmt::format("<div>{} {}</div>", code(test.id), escaped(word(test.outcome)));
        std::string where;
        for (const auto& place : row.where)
            where += "<div>" + code(place) + "</div>";
        const auto colour = row.verdict == "tested" ? "good" : row.verdict == "failing" || row.verdict == "not done" ? "bad" : "warn";
        rows.push_back({escaped(row.requirement), escaped(row.priority), escaped(row.text), where, tests,
                        marked(colour, row.verdict) + (row.remark.empty() ? "" : "<div>" + escaped(row.remark) + "</div>")});
    }
    return htmlTable({"Requirement", "Priority", "Text", "Implemented in", "Tests", "Verdict"}, rows);
}

std::string provenParagraph(const std::vector<TraceRow>& trace)
{
    const auto words = provenWords(trace);
    return words.empty() ? words : "<p>" + escaped(words) + "</p>\n";
}

std::string findings(const std::vector<ReviewFinding>& findings)
{
    std::string html;
    for (const auto& finding : findings)
        html += fmt::format("<h3>{} {}</h3>\n<p>{} · {} · <code>{}:{}</code> · {}</p>\n<pre>{}</pre>\n<p>{}</p>\n<p>Fix: {}</p>\n", escaped(finding.id),
                            escaped(finding.title), escaped(finding.severity), escaped(finding.cwe), escaped(finding.file), finding.line,
                            escaped(title(finding.stage)), escaped(finding.evidence), escaped(finding.explanation), escaped(finding.fix));
    return html;
}

std::string monitoring(const ReportFacts& report)
{
    Rows goals;
    for (const auto& goal : listIn(report.monitoring, "slos"))
        goals.push_back({escaped(textIn(goal, "name")), escaped(textIn(goal, "kind")), code(goal.contains("target") ? dumped(goal["target"]) : "")});
    Rows alerts;
    for (const auto& alert : listIn(report.monitoring, "alerts"))
        alerts.push_back({escaped(textIn(alert, "alert")), code(textIn(alert, "rule_file")), escaped(textIn(alert, "proof"))});
    return facts(report.health) + htmlTable({"Goal", "Kind", "Target"}, goals) + htmlTable({"Alert", "Rules", "Proof"}, alerts)
        + list(textsIn(report.monitoring, "issues"));
}

std::string artifacts(const std::vector<ArtifactRecorded>& artifacts)
{
    Rows rows;
    for (const auto& artifact : artifacts) {
        const auto address = QUrl::toPercentEncoding(QString::fromStdString(artifact.path), "/").toStdString();
        rows.push_back({fmt::format("<a href=\"./{}\">{}</a>", address, escaped(artifact.path)), std::to_string(artifact.bytes), code(artifact.sha256)});
    }
    return htmlTable({"File", "Bytes", "SHA-256"}, rows);
}

} // namespace

std::string runReport(const ReportFacts& report)
{
    const auto& state = report.state;
    std::string html(kHead);
    html += header(state) + verdict(state);
    html += htmlSection("Stages", stages(report));
    html += htmlSection("Checks by the program", checks(state));
    html += htmlSection("Requirements and their tests", provenParagraph(report.trace) + trace(report.trace));
    html += htmlSection("Findings", findings(report.findings));
    html += htmlSection("Deployment", facts(state.deployment));
    html += htmlSection("Monitoring", monitoring(report));
    html += htmlSection("Warnings", list(state.warnings));
    html += htmlSection("Errors", list(state.errors));
    html += htmlSection("Not copied from the workspace", list(report.leftOut));
    html += htmlSection("Artifacts", artifacts(state.artifacts));
    if (!state.started.requirements.empty())
        html += htmlSection("Requirements as they were given", "<pre>" + escaped(state.started.requirements) + "</pre>\n");
    return html + fmt::format("<p class=\"soft\">Made by AI Agent Pipeline {}. MANIFEST.json lists every file of this run with its hash.</p>\n</body></html>\n",
                              escaped(state.started.program));
}

} // namespace aap
