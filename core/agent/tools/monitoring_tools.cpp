#include "core/agent/tools/families.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <QRegularExpression>

#include "core/agent/tool_text.h"
#include "core/agent/tools/host_tool.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/text_edit.h"
#include "core/agent/tools/workspace_path.h"

namespace aap {
namespace {

constexpr std::size_t kMostHits = 100;

/// "2 error, 10 info": words that logs use for levels.
std::string levelsIn(const std::vector<std::string_view>& lines)
{
    static constexpr std::array kLevels{"critical", "fatal", "error", "warning", "warn", "info", "debug"};
    static const QRegularExpression form(QStringLiteral("\\b(critical|fatal|error|warning|warn|info|debug)\\b"), QRegularExpression::CaseInsensitiveOption);
    std::map<std::string, int> counts;
    for (const auto line : lines)
        if (const auto match = form.match(QString::fromUtf8(line.substr(0, 4000))); match.hasMatch())
            ++counts[match.captured(1).toLower().toStdString()];
    std::vector<std::string> parts;
    for (const auto* level : kLevels)
        if (counts.contains(level))
            parts.push_back(fmt::format("{} {}", counts[level], level));
    return parts.empty() ? "none named" : fmt::format("{}", fmt::join(parts, ", "));
}

ToolOutcome logOutcome(std::string_view output, const QRegularExpression& filter, const ToolContext& context)
{
    const auto clean = cleanText(output);
    const auto lines = splitLines(clean);
    std::vector<std::string> hits;
    for (const auto line : lines)
        if (filter.match(QString::fromUtf8(line.substr(0, 20'000))).hasMatch())
            hits.push_back(shortened(line, 1000));
    const auto total = hits.size();
    if (hits.size() > kMostHits)
        hits.erase(hits.begin(), hits.end() - std::ptrdiff_t(kMostHits));
    return textOutcome(fmt::format("{} lines, {} of them match, the last {} are shown; levels: {}\n{}", lines.size(), total, hits.size(), levelsIn(lines), fmt::join(hits, "\n")), context);
}

/// A file of the project, or any absolute path in the sandbox: programs log to /tmp.
Result<std::string> logPath(const std::string& text)
{
    if (text.starts_with("/tmp/") && cleanText(text) == text)
        return text;
    const auto path = WorkspacePath::parse(text);
    if (!path)
        return path.error();
    return path->inSandbox();
}

Result<ToolOutcome> checkLogs(const Json& input, ToolContext& context)
{
    const auto file = input.at("log_file").get<std::string>();
    const auto lines = parameter(input, "lines", context.logLines);
    if (file == "service") {
        auto asked = input;
        asked["lines"] = lines;
        return context.host.checkLogs ? context.host.checkLogs(asked) : ToolOutcome::error("there is no deployed service whose log could be read; send the path of a log file.");
    }
    const auto path = logPath(file);
    if (!path)
        return ToolOutcome::error(path.error().detail);
    const QRegularExpression alone(QString::fromUtf8(parameter(input, "filter_pattern", "")));
    if (!alone.isValid())
        return ToolOutcome::error(fmt::format("`filter_pattern` is no regular expression: {}; put a backslash before special characters that are meant literally.", alone.errorString().toStdString()));
    const QRegularExpression filter(QStringLiteral("(*LIMIT_MATCH=200000)(*LIMIT_DEPTH=5000)") + alone.pattern());
    const auto result = runInSandbox(context, {"tail", "-n", std::to_string(lines), "--", *path}, kCommandTimeout);
    if (!result)
        return result.error();
    return result->succeeded() ? logOutcome(result->output, filter, context) : commandOutcome(*result, context);
}

} // namespace

void addMonitoringTools(Toolbox& tools, const HostActions& host)
{
    tools.push_back(makeTool("check_logs", ToolClass::Exec,
        "Reads the end of a log and answers with the last of its lines that match `filter_pattern`, and how often each level occurs. "
        "`log_file` is a file of the project or below /tmp, or `service` for the log of the deployed service.",
        R"({"type": "object", "required": ["log_file"], "properties": {
            "log_file": {"type": "string", "minLength": 1, "maxLength": 1000},
            "filter_pattern": {"type": "string", "maxLength": 500, "description": "a regular expression; everything by default"},
            "lines": {"type": "integer", "minimum": 1, "maximum": 10000, "description": "how many lines from the end are looked at"}}})",
        checkLogs));
    addHostTool(tools, host.checkHealth, "check_health", ToolClass::Network, kHealthDescription, kHealthSchema);
    addHostTool(tools, host.checkResources, "check_resources", ToolClass::Network,
        "Shows how much processor, memory and disk the deployed service uses right now, as the engine measures it. Call it more than once "
        "to see a trend.",
        R"({"type": "object", "properties": {
            "resource_type": {"enum": ["cpu", "memory", "disk", "all"], "description": "all by default"}}})");
    addHostTool(tools, host.checkProcess, "check_process", ToolClass::Network,
        "Shows the processes of the deployed service whose names are `process_name` or contain it. For programs in your own sandbox use "
        "run_command with ps.",
        R"({"type": "object", "required": ["process_name"], "properties": {
            "process_name": {"type": "string", "minLength": 1, "maxLength": 200}}})");
    addHostTool(tools, host.analyzeMetrics, "analyze_metrics", ToolClass::Network,
        "Fetches the metrics of the deployed service and answers with families, types, the 50 highest counters, the error ratio and latency "
        "quantiles. `metrics_endpoint` is a path such as /metrics, or its URL; other hosts are refused.",
        R"({"type": "object", "required": ["metrics_endpoint"], "properties": {
            "metrics_endpoint": {"type": "string", "minLength": 1, "maxLength": 2000, "pattern": "^[^\\s\\u0000-\\u001f]+$"}}})");
    addHostTool(tools, host.testAlert, "test_alert", ToolClass::Deploy,
        "Sends a test alert through a channel the user has set up, after the user's consent, and says honestly when the channel is not "
        "configured.",
        R"({"type": "object", "required": ["alert_channel"], "properties": {
            "alert_channel": {"enum": ["email", "slack", "webhook"]},
            "message": {"type": "string", "maxLength": 1000}}})");
}

} // namespace aap
