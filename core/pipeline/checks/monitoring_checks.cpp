#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/health_audit.h"
#include "core/pipeline/checks/monitoring_files.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

using Level = CheckList::Level;

constexpr auto kConfig = "monitoring/prometheus.yml";
constexpr std::uint64_t kMostMonitored = 4U << 20U;

class MonitoringChecks {
public:
    MonitoringChecks(CheckContext& context, const DeploymentHandle& deployed, Folder repo)
        : m_context(context), m_deployed(deployed), m_repo(std::move(repo)), m_list(context)
    {
        for (const auto& alert : listOf(context.document, "alerts")) {
            const auto name = alert.value("alert", std::string());
            m_alerts[alert.value("rule_file", std::string())].insert(name);
            m_runbooks[alert.value("runbook", std::string())].insert(name);
            if (alert.value("proof", std::string()) == "live")
                m_live.push_back(name);
        }
    }

    Result<std::vector<Check>> run()
    {
        for (const auto& part : {&MonitoringChecks::checkScope, &MonitoringChecks::checkService, &MonitoringChecks::checkRules, &MonitoringChecks::checkPapers})
            if (auto done = (this->*part)(); !done)
                return std::move(done).error();
        return m_list.checks();
    }

private:
    // ── what was changed ────────────────────────────────────────────────────────────────────────────────────────────
    Result<void> checkScope()
    {
        return m_list.run("monitoring.scope", Level::Must, [this]() -> Result<Verdict> {
            if (!m_context.before)
                return Verdict::notChecked("Nobody noted how the project looked before this stage.");
            auto after = fileHashes(m_context.workspace);
            if (!after)
                return std::move(after).error();
            return Verdict::of(changesOutside(*m_context.before, *after, {"monitoring/", "docs/"}), "Only monitoring/ and docs/ may be changed:");
        });
    }

    // ── the running service ─────────────────────────────────────────────────────────────────────────────────────────
    Result<void> checkService()
    {
        if (m_deployed.port == 0) {
            for (const auto* id : {"monitoring.health", "monitoring.metrics"})
                if (auto noted = m_list.note(id, Level::Must, Verdict::skipped("No service is running that could be asked.")); !noted)
                    return noted;
            return {};
        }
        auto probe = HttpProbe::open(m_context, m_deployed.network);
        if (!probe)
            return std::move(probe).error();
        if (auto done = m_list.run("monitoring.health", Level::Must, [&] { return audit(*probe); }); !done)
            return done;
        if (auto done = m_list.note("monitoring.slo", Level::Should, sloVerdict()); !done)
            return done;
        return m_list.run("monitoring.metrics", Level::Must, [&] { return scrape(*probe); });
    }

    Result<Verdict> audit(const HttpProbe& probe)
    {
        std::set<std::string> paths{m_deployed.healthPath};
        for (const auto& slo : listOf(m_context.document, "slos"))
            if (const auto path = slo.value("path", std::string()); path.starts_with('/') && paths.size() < 5)
                paths.insert(path);
        auto audit = auditHealth(m_context, m_deployed, probe, paths, m_context.pipeline.monitoringAuditSeconds);
        if (!audit)
            return std::move(audit).error();
        m_slos = sloResults(m_context.document, *audit, m_deployed.healthPath);
        const auto report = healthJson(*audit, m_slos);
        if (auto saved = m_context.saveReport("monitoring/health.json", report); !saved)
            return std::move(saved).error();
        auto verdict = healthVerdict(*audit);
        verdict.output = report;
        return verdict;
    }

    Verdict healthVerdict(const HealthAudit& audit) const
    {
        std::vector<std::string> problems;
        const auto& health = audit.paths.at(m_deployed.healthPath);
        if (health.answered * 10 < health.probes * 9)
            problems.push_back(fmt::format("{} of {} probes of {} were answered", health.answered, health.probes, m_deployed.healthPath));
        if (!audit.state.running || audit.state.outOfMemory)
            problems.emplace_back("the service is not running any more");
        if (!audit.log.secretLines.empty())
            problems.push_back(fmt::format("lines {} of the log hold what looks like secrets", fmt::join(audit.log.secretLines, ", ")));
        return Verdict::of(problems, "The service is not well:");
    }

    Verdict sloVerdict() const
    {
        std::vector<std::string> missed;
        for (const auto& slo : m_slos)
            if (!slo.met)
                missed.push_back(fmt::format("{} ({}): target {}, measured {:.4g}", slo.name, slo.kind, slo.target, slo.measured));
        return Verdict::of(missed, "Not met while it was measured:");
    }

    Result<Verdict> scrape(const HttpProbe& probe)
    {
        if (m_deployed.metricsPath.empty())
            return Verdict::skipped("The design names no metrics; health and resources are measured from outside.");
        auto answer = probe.ask(m_deployed.service, m_deployed.port, {.path = m_deployed.metricsPath});
        if (!answer)
            return std::move(answer).error();
        if (!answer->ok())
            return Verdict::failed(fmt::format("GET {} gave {}.", m_deployed.metricsPath, answer->status == 0 ? answer->error : fmt::format("status {}", answer->status)));
        auto metrics = parsePrometheusText(answer->body);
        if (!metrics)
            return Verdict::failed(fmt::format("{}: {}.", m_deployed.metricsPath, metrics.error().text()));
        m_scraped = *std::move(metrics);
        Command command{.argv = {"promtool", "check", "metrics"}, .workdir = "/tmp", .input = answer->body};
        auto result = probe.sandbox().run(command, {}, m_context.stop);
        if (!result)
            return std::move(result).error();
        auto verdict = Verdict::of(*result, command.argv, "promtool check metrics");
        if (result->ending == Ending::Exited && result->exitCode == 3) { // names that could be better, nothing that is wrong
            verdict.status = CheckStatus::Passed;
            verdict.reason.clear();
        }
        return verdict;
    }

    // ── promtool ────────────────────────────────────────────────────────────────────────────────────────────────────
    Result<void> checkRules()
    {
        auto verifier = Verifier::open(m_context);
        if (!verifier)
            return std::move(verifier).error();
        auto present = verifier->hasProgram("promtool");
        if (!present)
            return std::move(present).error();
        if (!*present)
            return m_list.note("monitoring.rules", Level::Must, Verdict::notChecked("The sandbox image has no promtool."));
        if (auto done = m_list.run("monitoring.config", Level::Must, [&] { return promtool(*verifier, {"check", "config", kConfig}); }); !done)
            return done;
        std::vector<std::string> check{"check", "rules"};
        for (const auto& [file, alerts] : m_alerts)
            check.push_back(file);
        if (auto done = m_list.run("monitoring.rules", Level::Must, [&]() -> Result<Verdict> { return m_alerts.empty() ? Result<Verdict>(Verdict::failed("There are no alerts; AppDown at least is needed.")) : promtool(*verifier, check); }); !done)
            return done;
        if (auto done = m_list.run("monitoring.alert_tests", Level::Must, [&] { return testRules(*verifier); }); !done)
            return done;
        return m_list.run("monitoring.dashboards", Level::Must, [&] { return dashboards(*verifier); });
    }

    static Result<Verdict> promtool(const Verifier& verifier, std::vector<std::string> arguments, const std::string& input = {})
    {
        arguments.insert(arguments.begin(), "promtool");
        auto result = verifier.run(arguments, {.input = input});
        if (!result)
            return std::move(result).error();
        const auto what = fmt::format("{}", fmt::join(arguments, " "));
        return Verdict::of(*result, std::move(arguments), what);
    }

    std::vector<std::string> testFiles() const
    {
        std::vector<std::string> files;
        const auto entries = m_repo.list("monitoring");
        for (const auto& entry : entries.value_or({}))
            if (entry.path.find("_test.") != std::string::npos && (entry.path.ends_with(".yml") || entry.path.ends_with(".yaml")))
                files.push_back("monitoring/" + entry.path.substr(entry.path.rfind('/') + 1));
        return files;
    }

    Result<Verdict> testRules(const Verifier& verifier)
    {
        const auto files = testFiles();
        if (files.empty())
            return Verdict::failed("There is no monitoring/alerts_test.yml; every alert needs a test for promtool.");
        std::vector<std::string> arguments{"test", "rules"};
        arguments.insert(arguments.end(), files.begin(), files.end());
        auto verdict = promtool(verifier, arguments);
        if (!verdict || verdict->status != CheckStatus::Passed)
            return verdict;
        const auto unproven = unprovenAlerts(files);
        if (!unproven.empty())
            verdict = Verdict::of(unproven, "Every alert must be tested silent and firing:");
        return verdict;
    }

    std::vector<std::string> unprovenAlerts(const std::vector<std::string>& files) const
    {
        ProvenAlerts proven;
        for (const auto& file : files)
            if (const auto text = m_repo.read(file, kMostMonitored))
                if (auto tests = readAlertTests(*text)) {
                    proven.silent.merge(tests->silent);
                    proven.firing.merge(tests->firing);
                }
        std::vector<std::string> unproven;
        for (const auto& [file, alerts] : m_alerts)
            for (const auto& alert : alerts) {
                if (!proven.silent.contains(alert))
                    unproven.push_back(alert + " is never expected to be silent");
                if (!proven.firing.contains(alert))
                    unproven.push_back(alert + " is never expected to fire");
            }
        return unproven;
    }

    // ── papers ──────────────────────────────────────────────────────────────────────────────────────────────────────
    std::set<std::string> recordedNames() const
    {
        std::set<std::string> names;
        for (const auto& [file, alerts] : m_alerts)
            if (const auto text = m_repo.read(file, kMostMonitored))
                for (const auto& rule : readRules(*text).value_or({}))
                    names.insert(rule.record);
        return names;
    }

    Result<Verdict> dashboards(const Verifier& verifier)
    {
        const auto paths = stringsOf(m_context.document, "dashboards");
        if (paths.empty())
            return Verdict::skipped("The document names no dashboard.");
        std::vector<std::string> problems;
        Json rules = Json::array();
        for (const auto& path : paths) {
            const auto text = m_repo.read(path, kMostMonitored);
            if (!text) {
                problems.push_back(path + " cannot be read");
                continue;
            }
            const auto reading = readDashboard(*text);
            for (const auto& problem : reading.problems)
                problems.push_back(path + ": " + problem);
            for (const auto& expression : reading.expressions) {
                rules.push_back(Json{{"record", fmt::format("dashboard:expression_{}", rules.size() + 1)}, {"expr", expression}});
                if (m_scraped)
                    for (const auto& name : unknownMetrics(expression, *m_scraped, recordedNames()))
                        problems.push_back(fmt::format("{}: the service has no metric {}", path, name));
            }
        }
        if (!problems.empty() || rules.empty())
            return Verdict::of(problems, "The dashboards are not right:");
        const Json file{{"groups", Json::array({Json{{"name", "dashboards"}, {"rules", std::move(rules)}}})}};
        const std::vector<std::string> argv{"/bin/sh", "-c", "cat > /scratch/dashboards.yml && promtool check rules /scratch/dashboards.yml"};
        auto result = verifier.run(argv, {.input = file.dump(-1, ' ', true, Json::error_handler_t::replace)});
        if (!result)
            return std::move(result).error();
        return Verdict::of(*result, argv, "Checking the dashboards' expressions");
    }

    Result<void> checkPapers()
    {
        if (auto noted = m_list.note("monitoring.alerts", Level::Must, alertsVerdict()); !noted)
            return noted;
        if (auto noted = m_list.note("monitoring.runbook", Level::Must, runbookVerdict()); !noted)
            return noted;
        if (m_live.empty())
            return {};
        return m_list.note("monitoring.live", Level::Should, Verdict::notChecked(fmt::format("No Prometheus runs here beside the service, so {} could not be seen firing; claim promtool-test instead.", fmt::join(m_live, ", "))));
    }

    Verdict alertsVerdict() const
    {
        std::vector<std::string> problems;
        bool hasAppDown = false;
        for (const auto& [file, alerts] : m_alerts) {
            const auto text = m_repo.read(file, kMostMonitored);
            const auto rules = text ? readRules(*text) : Result<std::vector<AlertRule>>(text.error());
            if (!rules) {
                problems.push_back(fmt::format("{}: {}", file, rules.error().text()));
                continue;
            }
            for (const auto& alert : alerts)
                if (std::none_of(rules->begin(), rules->end(), [&alert](const AlertRule& rule) { return rule.alert == alert; }))
                    problems.push_back(fmt::format("{} has no alert {}", file, alert));
            for (const auto& rule : *rules) {
                hasAppDown = hasAppDown || rule.alert == "AppDown";
                if (!rule.runbookUrl.empty() && rule.runbookUrl.find("{{") == std::string::npos && !linkResolves(m_repo, "", rule.runbookUrl))
                    problems.push_back(fmt::format("the runbook_url {} of {} leads nowhere", rule.runbookUrl, rule.alert));
            }
        }
        if (!hasAppDown)
            problems.emplace_back("there is no alert AppDown");
        return Verdict::of(problems, "The alerts are not right:");
    }

    Verdict runbookVerdict() const
    {
        std::vector<std::string> problems;
        for (const auto& [path, alerts] : m_runbooks) {
            const auto text = m_repo.read(path, kMostMonitored);
            if (!text) {
                problems.push_back(path + " cannot be read");
                continue;
            }
            for (auto& problem : runbookProblems(m_repo, path, *text, alerts))
                problems.push_back(std::move(problem));
        }
        return Verdict::of(problems, "The runbook is not right:");
    }

    CheckContext& m_context;
    const DeploymentHandle& m_deployed;
    Folder m_repo;
    CheckList m_list;
    std::map<std::string, std::set<std::string>> m_alerts;   ///< rule file -> alerts
    std::map<std::string, std::set<std::string>> m_runbooks; ///< runbook -> alerts
    std::vector<std::string> m_live;
    std::vector<SloResult> m_slos;
    std::optional<Metrics> m_scraped;
};

} // namespace

Result<std::vector<Check>> checkMonitoring(CheckContext& context, const DeploymentHandle& deployed)
{
    auto repo = context.workspace.folder("repo");
    if (!repo)
        return std::move(repo).error().during("open the project's folder");
    return MonitoringChecks(context, deployed, *std::move(repo)).run();
}

} // namespace aap
