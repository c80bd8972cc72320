#include "core/pipeline/checks/health_audit.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/base/pause.h"
#include "core/base/redact.h"
#include "core/pipeline/checks/project_files.h"

namespace aap {
namespace {

constexpr int kLeastProbes = 20;
constexpr int kLogLines = 2000;

double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
    return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

bool saysError(std::string_view line, bool isJson)
{
    std::string lower(line.substr(0, 4096));
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto has = [&lower](std::string_view word) { return lower.find(word) != std::string::npos; };
    if (isJson)
        return has("\"level\": \"error\"") || has("\"level\":\"error\"") || has("\"critical\"") || has("\"fatal\"");
    return has("error") || has("fatal") || has("traceback");
}

void count(PathFigures& figures, const ProbeAnswer& answer, std::vector<double>& times)
{
    ++figures.probes;
    if (answer.status >= 200 && answer.status < 500) {
        ++figures.answered;
        figures.bytes += answer.bytes;
        times.push_back(static_cast<double>(answer.time.count()) / 1000);
    } else {
        ++figures.errors[answer.status == 0 ? answer.error : fmt::format("status {}", answer.status)];
    }
}

Json pathJson(const PathFigures& figures)
{
    Json errors = Json::object();
    for (const auto& [what, times] : figures.errors)
        errors[what] = times;
    return Json{{"probes", figures.probes}, {"answered", figures.answered}, {"availability", figures.availability()},
                {"p50_ms", figures.p50Ms}, {"p95_ms", figures.p95Ms}, {"bytes", figures.bytes}, {"errors", std::move(errors)}};
}

} // namespace

LogFigures logFiguresOf(std::string_view log, const std::vector<std::string>& secrets)
{
    LogFigures figures;
    for (const auto& hit : findSecrets(log))
        figures.secretLines.push_back(hit.line);
    while (!log.empty()) {
        const auto line = log.substr(0, log.find('\n'));
        log.remove_prefix(std::min(log.size(), line.size() + 1));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        ++figures.lines;
        const bool isJson = line.front() == '{' && line.size() < (64U << 10U) && Json::accept(line);
        figures.jsonLines += isJson ? 1 : 0;
        figures.errorLines += saysError(line, isJson) ? 1 : 0;
        for (const auto& secret : secrets)
            if (secret.size() >= 8 && line.find(secret) != std::string_view::npos)
                figures.secretLines.push_back(static_cast<std::size_t>(figures.lines));
    }
    return figures;
}

Result<HealthAudit> auditHealth(CheckContext& context, const DeploymentHandle& deployed, const HttpProbe& probe,
                                const std::set<std::string>& paths, int seconds)
{
    HealthAudit audit;
    std::map<std::string, std::vector<double>> times;
    const int rounds = std::max(kLeastProbes, seconds);
    const Milliseconds interval(seconds * 1000 / rounds);
    for (int round = 0; round < rounds; ++round) {
        const auto next = Deadline::in(interval);
        for (const auto& path : paths) {
            auto answer = probe.ask(deployed.service, deployed.port, {.path = path});
            if (!answer)
                return std::move(answer).error();
            count(audit.paths[path], *answer, times[path]);
        }
        if (!pause(next.remaining(), context.stop))
            return Error{ErrorCode::Stopped, "stopped while the service was watched"};
    }
    for (auto& [path, figures] : audit.paths) {
        figures.p50Ms = quantile(times[path], 0.5);
        figures.p95Ms = quantile(times[path], 0.95);
    }
    auto use = context.deployer.resources(deployed.container, context.stop);
    auto state = context.deployer.state(deployed.container, context.stop);
    auto log = context.deployer.logs(deployed.container, kLogLines, context.stop);
    if (!use || !state || !log)
        return !use ? std::move(use).error() : !state ? std::move(state).error() : std::move(log).error();
    audit.resources = *use;
    audit.state = *state;
    audit.log = logFiguresOf(*log, context.secrets);
    return audit;
}

std::vector<SloResult> sloResults(const Json& document, const HealthAudit& audit, const std::string& healthPath)
{
    std::vector<SloResult> results;
    for (const auto& slo : listOf(document, "slos")) {
        SloResult result{.name = slo.value("name", std::string()), .kind = slo.value("kind", std::string()), .target = slo.value("target", 0.0)};
        const auto found = audit.paths.find(slo.value("path", healthPath));
        const auto figures = found == audit.paths.end() ? PathFigures{} : found->second;
        if (result.kind == "availability")
            result.measured = figures.availability();
        else if (result.kind == "latency_p95_ms")
            result.measured = figures.p95Ms;
        else if (result.kind == "error_ratio")
            result.measured = 1 - figures.availability();
        else
            result.measured = static_cast<double>(audit.resources.memoryBytes) / (1U << 20U);
        const bool known = result.kind == "rss_mib" || (figures.probes > 0 && (result.kind != "latency_p95_ms" || figures.answered > 0));
        result.met = known && (result.kind == "availability" ? result.measured >= result.target : result.measured <= result.target);
        results.push_back(std::move(result));
    }
    return results;
}

std::string healthJson(const HealthAudit& audit, const std::vector<SloResult>& slos)
{
    Json paths = Json::object();
    for (const auto& [path, figures] : audit.paths)
        paths[path] = pathJson(figures);
    Json table = Json::array();
    for (const auto& slo : slos)
        table.push_back(Json{{"name", slo.name}, {"kind", slo.kind}, {"target", slo.target}, {"measured", slo.measured}, {"met", slo.met}});
    const auto share = [&audit](int part) { return audit.log.lines == 0 ? 0.0 : static_cast<double>(part) / audit.log.lines; };
    const Json report{
        {"paths", std::move(paths)},
        {"resources", Json{{"cpu_percent", audit.resources.cpuPercent}, {"memory_bytes", audit.resources.memoryBytes},
                           {"memory_limit_bytes", audit.resources.memoryLimitBytes}, {"processes", audit.resources.processes},
                           {"restarts", audit.state.restarts}, {"out_of_memory", audit.state.outOfMemory}}},
        {"log", Json{{"lines", audit.log.lines}, {"json_share", share(audit.log.jsonLines)}, {"error_share", share(audit.log.errorLines)},
                     {"lines_with_secrets", audit.log.secretLines}}},
        {"slos", std::move(table)}};
    return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace aap
