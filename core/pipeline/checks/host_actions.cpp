#include <algorithm>
#include <cctype>

#include <QRegularExpression>
#include <fmt/format.h>

#include "core/agent/tool.h"
#include "core/agent/tool_text.h"
#include "core/base/pause.h"
#include "core/base/redact.h"
#include "core/pipeline/checks/deployment_files.h"
#include "core/pipeline/checks/dockerfile_lint.h"
#include "core/pipeline/checks/http_probe.h"
#include "core/pipeline/checks/prometheus_text.h"

namespace aap {
namespace {

constexpr std::size_t kMostAnswer = 20000;
constexpr int kTries = 3;

std::string inputText(const Json& input, const char* key, std::string fallback = {})
{
    const auto member = input.find(key);
    return member != input.end() && member->is_string() ? member->get<std::string>() : std::move(fallback);
}

int inputInteger(const Json& input, const char* key, int fallback)
{
    const auto member = input.find(key);
    if (member == input.end())
        return fallback;
    if (member->is_number_integer())
        return static_cast<int>(std::clamp<std::int64_t>(member->get<std::int64_t>(), 0, 100000));
    return member->is_string() ? QString::fromStdString(member->get<std::string>()).toInt() : fallback;
}

ToolOutcome said(std::string_view text)
{
    return {.text = shortened(cleanText(text), kMostAnswer)};
}

ToolOutcome failed(const Error& error)
{
    return ToolOutcome::error(shortened(cleanText(error.text() + (error.remedy.empty() ? "" : ". " + error.remedy)), 4000));
}

/// The tools bound to one run. The functions share it.
class Actions {
public:
    Actions(CheckContext& context, std::optional<DeploymentHandle>& deployed) : m_context(context), m_deployed(deployed) {}

    ToolOutcome buildImage(const Json& input)
    {
        const auto dockerfile = inputText(input, "dockerfile_path", "Dockerfile");
        const auto text = m_context.workspace.read("repo/" + dockerfile, 256U << 10U);
        if (!text)
            return ToolOutcome::error(fmt::format("{} cannot be read: {}.", dockerfile, text.error().text()));
        const auto design = deployDesignOf(m_context.design);
        const auto findings = lintDockerfile(*text, {.baseImages = m_context.baseImages, .port = design.form == "service" ? design.port : std::nullopt});
        if (!findings.empty())
            return ToolOutcome::error(dockerfile + " was not built:\n" + findingsText(findings));
        auto arguments = buildArguments(input);
        if (!arguments)
            return failed(arguments.error());
        std::string log;
        const BuildRequest request{.runId = m_context.runId, .context = m_context.workspacePath / "repo", .dockerfile = dockerfile,
                                   .tag = tagOf(inputText(input, "tag")), .buildArgs = *std::move(arguments)};
        const auto built = m_context.images.build(request, [&log](std::string_view bytes) { log += bytes; }, m_context.stop);
        if (!built)
            return ToolOutcome::error(fmt::format("The image was not built: {}.\n{}", built.error().text(), shortened(cleanText(log), 8000)));
        return said(fmt::format("Built {} ({}, {:.1f} MiB, {} layers, user {}).\n{}", built->tag, built->id, static_cast<double>(built->bytes) / (1U << 20U),
                                built->layers.size(), built->user, log.empty() ? built->log : log));
    }

    ToolOutcome deploy(const Json& /*input*/)
    {
        const Json document = usualFiles(); // nothing was handed in yet
        const CheckContext look{.stage = m_context.stage, .pipeline = m_context.pipeline, .requirements = m_context.requirements,
                                .design = m_context.design, .document = document, .workspace = m_context.workspace,
                                .workspacePath = m_context.workspacePath, .sandboxes = m_context.sandboxes, .images = m_context.images,
                                .deployer = m_context.deployer, .recorder = m_context.recorder, .baseImages = m_context.baseImages};
        const auto files = readDeploymentFiles(look, deployDesignOf(m_context.design));
        if (!files)
            return failed(files.error());
        std::string text = "Dry run; nothing was started. The program itself deploys after submit_result, once its user agreed.\n";
        bool wrong = false;
        for (const auto& [id, verdict] : files->verdicts) {
            wrong = wrong || verdict.status == CheckStatus::Failed;
            text += fmt::format("{}: {} {}\n", id, slug(verdict.status), verdict.reason);
        }
        if (files->dockerfile.empty())
            text += "There is no Dockerfile yet.\n";
        auto outcome = said(text);
        outcome.isError = wrong;
        return outcome;
    }

    ToolOutcome checkHealth(const Json& input)
    {
        const int expected = inputInteger(input, "expected_status", 200);
        const auto target = targetOf(inputText(input, "endpoint"));
        if (!target)
            return failed(target.error());
        auto probe = HttpProbe::open(m_context, m_deployed->network);
        if (!probe)
            return failed(probe.error());
        std::string text;
        for (int attempt = 1; attempt <= kTries; ++attempt) {
            const auto answer = probe->ask(m_deployed->service, m_deployed->port, {.path = *target});
            if (!answer)
                return failed(answer.error());
            text = answer->status == 0 ? fmt::format("GET {}: {}", *target, answer->error)
                                       : fmt::format("GET {}: status {} in {:.1f} ms, {} bytes\n{}", *target, answer->status,
                                                     static_cast<double>(answer->time.count()) / 1000, answer->bytes, shortened(cleanText(answer->body), 500));
            if (answer->status == expected)
                return said(text);
            if (attempt < kTries && !pause(Milliseconds(500), m_context.stop))
                break;
        }
        return ToolOutcome::error(fmt::format("Not status {} in {} tries. {}", expected, kTries, text));
    }

    ToolOutcome checkResources(const Json& /*input*/)
    {
        if (!m_deployed)
            return nothingDeployed();
        const auto use = m_context.deployer.resources(m_deployed->container, m_context.stop);
        if (!use)
            return failed(use.error());
        constexpr double mib = 1U << 20U;
        return said(fmt::format("Service {}: CPU {:.1f} %, memory {:.1f} of {:.0f} MiB, {} processes.", m_deployed->service, use->cpuPercent,
                                static_cast<double>(use->memoryBytes) / mib, static_cast<double>(use->memoryLimitBytes) / mib, use->processes));
    }

    ToolOutcome checkProcess(const Json& /*input*/)
    {
        if (!m_deployed)
            return nothingDeployed();
        const auto state = m_context.deployer.state(m_deployed->container, m_context.stop);
        if (!state)
            return failed(state.error());
        if (!state->running)
            return ToolOutcome::error(fmt::format("The main process of {} ended with exit code {}{}.", m_deployed->service, state->exitCode,
                                                  state->outOfMemory ? ", out of memory" : ""));
        return said(fmt::format("The main process of {} runs since {}; {} restarts. Names of single processes inside are not looked at.",
                                m_deployed->service, state->startedAt, state->restarts));
    }

    ToolOutcome analyzeMetrics(const Json& input)
    {
        const auto target = targetOf(inputText(input, "metrics_endpoint"));
        if (!target)
            return failed(target.error());
        auto probe = HttpProbe::open(m_context, m_deployed->network);
        if (!probe)
            return failed(probe.error());
        const auto answer = probe->ask(m_deployed->service, m_deployed->port, {.path = *target});
        if (!answer)
            return failed(answer.error());
        if (!answer->ok())
            return ToolOutcome::error(fmt::format("GET {}: {}", *target, answer->status == 0 ? answer->error : fmt::format("status {}", answer->status)));
        const auto metrics = parsePrometheusText(answer->body);
        if (!metrics)
            return ToolOutcome::error(fmt::format("{}: {}.", *target, metrics.error().text()));
        return said(summaryOf(*metrics));
    }

    ToolOutcome checkLogs(const Json& input)
    {
        if (!m_deployed)
            return nothingDeployed();
        const int lines = std::clamp(inputInteger(input, "lines", 100), 1, 10'000);
        const QRegularExpression filter(QString::fromStdString(inputText(input, "filter_pattern")));
        if (!filter.isValid())
            return ToolOutcome::error("filter_pattern is no regular expression: " + filter.errorString().toStdString() + ".");
        const auto log = m_context.deployer.logs(m_deployed->container, filter.pattern().isEmpty() ? lines : 10000, m_context.stop);
        if (!log)
            return failed(log.error());
        QStringList hits;
        for (const auto& line : QString::fromStdString(cleanText(Redactor(m_context.secrets)(*log))).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
            if (filter.pattern().isEmpty() || filter.match(line).hasMatch())
                hits.append(line);
        const auto last = hits.mid(std::max<qsizetype>(0, hits.size() - lines));
        return said(fmt::format("{} lines of the log of {}:\n{}", last.size(), m_deployed->service, last.join(QLatin1Char('\n')).toStdString()));
    }

    static ToolOutcome testAlert(const Json& input)
    {
        return ToolOutcome::error(fmt::format("The alert channel \"{}\" is not configured; nothing was sent.", shortened(inputText(input, "alert_channel"), 40)));
    }

private:
    static ToolOutcome nothingDeployed() { return ToolOutcome::error("Nothing is deployed; the program deploys after submit_result of the Deployment stage."); }

    /// A fixed beginning, so that no image of anybody else is ever replaced.
    std::string tagOf(const std::string& wanted) const
    {
        std::string name;
        for (const unsigned char c : wanted.substr(0, wanted.find(':')))
            if (std::isalnum(c) != 0 && name.size() < 30)
                name += static_cast<char>(std::tolower(c));
        return fmt::format("aap-{}-{}:latest", m_context.runId, name.empty() ? "trial" : name);
    }

    static Result<std::map<std::string, std::string>> buildArguments(const Json& input)
    {
        std::map<std::string, std::string> arguments;
        const auto member = input.find("build_args");
        if (member == input.end() || member->is_null())
            return arguments;
        const auto object = member->is_string() ? Json::parse(member->get<std::string>(), nullptr, false) : *member;
        if (!object.is_object())
            return Error{ErrorCode::Invalid, "build_args must be a JSON object of texts"};
        for (const auto& [name, value] : object.items()) {
            if (!value.is_string())
                return Error{ErrorCode::Invalid, "build_args must be a JSON object of texts"};
            arguments[name] = value.get<std::string>();
        }
        return arguments;
    }

    /// The path to ask: of the deployed service and of nothing else.
    Result<std::string> targetOf(const std::string& endpoint) const
    {
        if (!m_deployed || m_deployed->port == 0)
            return Error{ErrorCode::NotFound, "No service is deployed that could be asked"};
        if (endpoint.starts_with('/'))
            return endpoint;
        for (const auto& host : {m_deployed->service, std::string("localhost"), std::string("127.0.0.1")}) {
            const auto address = fmt::format("http://{}:{}", host, m_deployed->port);
            if (endpoint == address)
                return std::string("/");
            if (endpoint.starts_with(address + "/"))
                return endpoint.substr(address.size());
        }
        return Error{ErrorCode::Invalid, "Only the deployed service can be asked", {},
                     fmt::format("Send a path such as /health, or http://{}:{}/health.", m_deployed->service, m_deployed->port)};
    }

    Json usualFiles() const
    {
        Json files = Json::array();
        const auto add = [&](const std::string& path, const char* target) {
            if (m_context.workspace.stat("repo/" + path))
                files.push_back(Json{{"path", path}, {"target", target}});
        };
        add("Dockerfile", "dockerfile");
        for (const auto* name : {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"})
            add(name, "compose");
        for (const auto& entry : m_context.workspace.list("repo/k8s").value_or({}))
            if (entry.path.ends_with(".yaml") || entry.path.ends_with(".yml"))
                add("k8s/" + entry.path.substr(entry.path.rfind('/') + 1), "k8s");
        return Json{{"files", std::move(files)}};
    }

    CheckContext& m_context;
    std::optional<DeploymentHandle>& m_deployed;
};

} // namespace

HostActions makeHostActions(CheckContext& context, std::optional<DeploymentHandle>& deployed)
{
    const auto actions = std::make_shared<Actions>(context, deployed);
    HostActions host;
    if (context.stage == StageId::Deployment) {
        host.buildImage = [actions](const Json& input) { return actions->buildImage(input); };
        host.deploy = [actions](const Json& input) { return actions->deploy(input); };
    }
    host.checkHealth = [actions](const Json& input) { return actions->checkHealth(input); };
    host.checkResources = [actions](const Json& input) { return actions->checkResources(input); };
    host.checkProcess = [actions](const Json& input) { return actions->checkProcess(input); };
    host.analyzeMetrics = [actions](const Json& input) { return actions->analyzeMetrics(input); };
    host.checkLogs = [actions](const Json& input) { return actions->checkLogs(input); };
    host.testAlert = [](const Json& input) { return Actions::testAlert(input); };
    return host;
}

} // namespace aap
