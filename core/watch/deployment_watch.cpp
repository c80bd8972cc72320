#include "core/watch/deployment_watch.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/base/pause.h"
#include "core/llm/bounded_json.h"
#include "core/pipeline/checks/health_audit.h"
#include "core/pipeline/checks/http_probe.h"

namespace aap {
namespace {

constexpr Milliseconds kProbeTimeout = std::chrono::seconds(3);
constexpr int kLogTail = 500;
constexpr int kLooksPerMeasure = 5; // measuring takes the engine a second
constexpr std::size_t kLogAnchor = 400;
constexpr auto kServiceDown = "probe_success == 0";

LiveAlertRule serviceDown()
{
    return {.name = "ServiceDown", .severity = "critical", .summary = "The service gives no healthy answer.", .expression = *AlertExpression::parse(kServiceDown),
            .holdFor = std::chrono::seconds(5)};
}

class Watching {
public:
    Watching(Deployer& deployer, const HttpProbe& probe, WatchWish wish, const std::function<Result<void>(const WatchNote&)>& tell, const std::stop_token& stop) :
        m_deployer(deployer), m_probe(probe), m_target(wish.target), m_every(wish.every), m_span(wish.span), m_tell(tell), m_stop(stop), m_alerts(withOurs(std::move(wish.rules)))
    {
    }

    Result<WatchOutcome> run()
    {
        do {
            const Stopwatch look;
            if (auto looked = lookOnce(); !looked)
                return looked.error().code == ErrorCode::Stopped && m_stop.stop_requested() ? Result<WatchOutcome>(outcome()) : std::move(looked).error();
            ++m_outcome.looks;
            if (!pause(m_every - std::min(m_every, look.elapsed()), m_stop))
                break;
        } while (!m_span || m_clock.elapsed() < *m_span);
        return outcome();
    }

private:
    static std::vector<LiveAlertRule> withOurs(std::vector<LiveAlertRule> rules)
    {
        rules.push_back(serviceDown());
        return rules;
    }
    WatchOutcome outcome() const
    {
        auto done = m_outcome;
        done.firing = m_alerts.firing();
        return done;
    }

    Result<void> lookOnce()
    {
        m_facts = Json::object();
        if (auto probed = probeHealth(); !probed)
            return probed;
        if (auto scraped = scrape(); !scraped)
            return scraped;
        if (auto read = readLog(); !read)
            return read;
        if (m_outcome.looks % kLooksPerMeasure == 0)
            if (auto measured = measure(); !measured)
                return measured;
        return judge();
    }

    void keep(const char* name, double value)
    {
        m_history.add(name, {}, m_clock.elapsed(), value);
        m_facts[name] = value;
    }

    Result<void> probeHealth()
    {
        auto answer = m_probe.ask(m_target.service, m_target.port, {.path = m_target.healthPath}, kProbeTimeout);
        if (!answer)
            return std::move(answer).error();
        keep("probe_success", answer->ok() ? 1 : 0);
        keep("probe_duration_seconds", double(answer->time.count()) / 1e6);
        m_facts["status"] = answer->status;
        m_line = answer->status == 0 ? "no answer: " + shortened(answer->error, 120) : fmt::format("status {} in {:.0f} ms", answer->status, double(answer->time.count()) / 1000);
        if (m_target.metricsPath.empty())
            keep("up", answer->status != 0 ? 1 : 0);
        return {};
    }

    Result<void> scrape()
    {
        if (m_target.metricsPath.empty())
            return {};
        auto answer = m_probe.ask(m_target.service, m_target.port, {.path = m_target.metricsPath}, kProbeTimeout);
        if (!answer)
            return std::move(answer).error();
        const auto metrics = answer->ok() ? parsePrometheusText(answer->body) : Result<Metrics>(Error{ErrorCode::Protocol, "no metrics"});
        keep("up", metrics ? 1 : 0);
        if (!metrics)
            return {};
        m_history.add(*metrics, m_clock.elapsed());
        m_facts["series"] = m_history.seriesCount();
        if (const auto ratio = metrics->errorRatio())
            m_facts["error_ratio"] = *ratio;
        return {};
    }

    Result<void> readLog()
    {
        auto log = m_deployer.logs(m_target.container, kLogTail, m_stop);
        if (!log)
            return std::move(log).error();
        const auto figures = logFiguresOf(newPartOfLog(m_log, *log), {});
        if (m_outcome.looks > 0) { // what was there before is not news
            m_logLines += figures.lines;
            m_logErrors += figures.errorLines;
        }
        m_log = *std::move(log);
        keep("log_lines_total", double(m_logLines));
        keep("log_error_lines_total", double(m_logErrors));
        return {};
    }

    Result<void> measure()
    {
        auto state = m_deployer.state(m_target.container, m_stop);
        if (!state)
            return std::move(state).error();
        m_facts["running"] = state->running;
        m_facts["restarts"] = state->restarts;
        if (!state->running) // nothing to measure
            return {};
        auto use = m_deployer.resources(m_target.container, m_stop);
        if (!use)
            return std::move(use).error();
        keep("container_cpu_percent", use->cpuPercent);
        keep("container_memory_bytes", double(use->memoryBytes));
        keep("container_processes", double(use->processes));
        m_line += fmt::format(", {:.0f} % cpu, {} MB", use->cpuPercent, use->memoryBytes >> 20U);
        return {};
    }

    Result<void> judge()
    {
        for (const auto& change : m_alerts.judge(m_history, m_clock.elapsed())) {
            m_outcome.fired += change.fires ? 1 : 0;
            const auto why = change.summary.empty() ? std::string() : ": " + change.summary;
            WatchNote note{.kind = change.fires ? WatchNote::Kind::Fired : WatchNote::Kind::Resolved,
                           .text = change.fires ? fmt::format("ALERT {}{}{}", change.alert, change.severity.empty() ? "" : " (" + change.severity + ")", why) : fmt::format("resolved {}", change.alert),
                           .facts = {{"alert", change.alert}, {"severity", change.severity}, {"summary", change.summary}, {"labels", change.labels}, {"value", change.value}}};
            if (auto told = tell(std::move(note), change.fires ? "fired" : "resolved"); !told)
                return told;
        }
        return tell({.kind = WatchNote::Kind::Figures, .text = m_line, .facts = std::move(m_facts)}, "figures");
    }

    Result<void> tell(WatchNote note, const char* kind)
    {
        note.facts["kind"] = kind;
        note.facts["at"] = toIso8601(now());
        return m_tell(note);
    }

    Deployer& m_deployer;
    const HttpProbe& m_probe;
    const WatchTarget m_target;
    const Milliseconds m_every;
    const std::optional<Milliseconds> m_span;
    const std::function<Result<void>(const WatchNote&)>& m_tell;
    const std::stop_token& m_stop;
    const Stopwatch m_clock{};
    LiveAlerts m_alerts;
    MetricHistory m_history{};
    WatchOutcome m_outcome{};
    std::string m_log{};
    std::int64_t m_logLines = 0;
    std::int64_t m_logErrors = 0;
    std::string m_line{};
    Json m_facts{};
};

} // namespace

Result<WatchTarget> watchTargetFrom(const std::string& runId, const Json& deployment)
{
    const auto& port = memberOf(deployment, "port");
    WatchTarget target{.runId = runId, .network = stringIn(deployment, "network"), .service = stringIn(deployment, "service"), .container = stringIn(deployment, "container"),
                       .port = port.is_number_integer() ? port.get<int>() : 0, .healthPath = stringIn(deployment, "health_path"), .metricsPath = stringIn(deployment, "metrics_path")};
    if (target.network.empty() || target.service.empty() || target.container.empty() || target.port < 1 || target.port > 65535)
        return Error{ErrorCode::Invalid, "the run has deployed no service that could be watched", {}, "Jobs and packages run to their end; look at the run's report."};
    if (target.healthPath.empty())
        target.healthPath = "/";
    return target;
}

std::string_view newPartOfLog(std::string_view before, std::string_view now)
{
    if (before.empty())
        return now;
    const auto anchor = before.substr(before.size() - std::min(before.size(), kLogAnchor));
    const auto at = now.rfind(anchor);
    return at == now.npos ? now : now.substr(at + anchor.size());
}

Result<WatchOutcome> watchDeployment(SandboxProvider& sandboxes, Deployer& deployer, WatchWish wish, const std::function<Result<void>(const WatchNote&)>& tell,
                                     const std::stop_token& stop)
{
    const auto probe = HttpProbe::open(sandboxes, {.runId = wish.target.runId, .stage = "watch", .network = wish.target.network}, stop);
    if (!probe)
        return probe.error();
    return Watching(deployer, *probe, std::move(wish), tell, stop).run();
}

} // namespace aap
