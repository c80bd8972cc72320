#include "core/config/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/config/project_secrets.h"
#include "core/config/value_checks.h"

namespace aap {
namespace {

using Kind = ValueRule::Kind;
using Seconds = std::chrono::seconds;

const ValueRule kAnyText{};
const ValueRule kText{.mayBeEmpty = false};
const ValueRule kSecret{.secret = true};
const ValueRule kSwitch{.kind = Kind::Boolean};

ValueRule wholeNumber(double min, double max)
{
    return {.kind = Kind::Integer, .min = min, .max = max};
}

ValueRule number(double min, double max)
{
    return {.kind = Kind::Number, .min = min, .max = max};
}

ValueRule oneOf(std::vector<std::string_view> choices)
{
    return {.choices = std::move(choices), .mayBeEmpty = false};
}

// From JSON to members. Budgets' times are minutes, all others seconds.
void assign(std::string& member, const Json& value) { member = value.get<std::string>(); }
void assign(std::vector<std::string>& member, const Json& value) { member = value.get<std::vector<std::string>>(); }
void assign(int& member, const Json& value) { member = value.get<int>(); }
void assign(double& member, const Json& value) { member = value.get<double>(); }
void assign(bool& member, const Json& value) { member = value.get<bool>(); }
void assign(ApiKey& member, const Json& value) { member = ApiKey(value.get_ref<const std::string&>()); }
void assign(std::filesystem::path& member, const Json& value) { member = value.get<std::string>(); }
void assign(Seconds& member, const Json& value) { member = Seconds(value.get<int>()); }
void assign(std::optional<Money>& member, const Json& value) { member = Money::usd(value.get<double>()); }
void assign(std::optional<std::int64_t>& member, const Json& value) { member = value.get<std::int64_t>(); }
void assign(std::optional<Milliseconds>& member, const Json& value) { member = Milliseconds(std::int64_t(value.get<double>() * 60'000)); }

// And back.
template <typename T>
Json shown(const T& member) { return member; }
Json shown(const ApiKey& member) { return member.isEmpty() ? Json() : Json(member.reveal()); }
Json shown(const std::filesystem::path& member) { return member.string(); }
Json shown(const Seconds& member) { return member.count(); }
Json shown(const std::optional<Money>& member) { return member ? Json(member->inUsd()) : Json(); }
Json shown(const std::optional<std::int64_t>& member) { return member ? Json(*member) : Json(); }
Json shown(const std::optional<Milliseconds>& member) { return member ? Json(double(member->count()) / 60'000) : Json(); }

/// "budget.run_usd" is set by BUDGET_RUN_USD.
std::string variableOf(std::string_view key)
{
    std::string name(key);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return c == '.' ? '_' : char(std::toupper(c)); });
    return name;
}

struct More {
    std::function<std::string(const Json&)> complaint{};
    std::string flag{};
    std::vector<Variable> variables{}; ///< besides the one named after the key
};

/// `member` returns a reference to the setting's member of a configuration, const or not.
template <typename Member>
Setting setting(std::string key, ValueRule rule, Member member, std::string meaning, More more = {})
{
    auto variables = std::move(more.variables);
    variables.insert(variables.begin(), Variable{variableOf(key)});
    return {.key = std::move(key),
            .rule = std::move(rule),
            .meaning = std::move(meaning),
            .flag = std::move(more.flag),
            .variables = std::move(variables),
            .complaint = std::move(more.complaint),
            .set = [member](AppConfig& config, const Json& value) { assign(member(config), value); },
            .value = [member](const AppConfig& config) { return shown(member(config)); }};
}

std::vector<Setting> planSettings()
{
    return {
        setting("anthropic_api_key", kSecret, [](auto& c) -> auto& { return c.anthropicApiKey; },
                "The key for the Messages API. Better kept in the keychain or in the environment than here.", {.complaint = wrongWithSecret}),
        setting("anthropic_model", kText, [](auto& c) -> auto& { return c.anthropicModel; },
                "The model that agents are, by its id; of whatever provider.", {.complaint = wrongWithModel, .flag = "--model"}),
        setting("docker_image", kText, [](auto& c) -> auto& { return c.dockerImage; },
                "The image that agents work in; \"agent-pipeline sandbox build\" makes the default one.", {.complaint = wrongWithImage}),
        setting("workspace_path", kText, [](auto& c) -> auto& { return c.workspacePath; },
                "The folder in which the project of a run grows.", {.complaint = wrongWithWorkspace}),
        setting("max_iterations", wholeNumber(1, 200), [](auto& c) -> auto& { return c.maxIterations; },
                "How many turns an agent may take in a stage.", {.flag = "--max-iterations"}),
        setting("output_truncate_length", wholeNumber(1000, 1'000'000), [](auto& c) -> auto& { return c.outputTruncateLength; },
                "How many characters of a tool's output the model is shown; all of it is kept in a file."),
        setting("default_output_dir", kText, [](auto& c) -> auto& { return c.defaultOutputDir; },
                "The folder for results when --output-dir names none.", {.complaint = wrongWithPath}),
        setting("save_intermediate_results", kSwitch, [](auto& c) -> auto& { return c.saveIntermediateResults; },
                "Whether requests, answers, transcripts and logs go to the output folder too, besides the results."),
        setting("health_check_timeout", wholeNumber(1, 3600), [](auto& c) -> auto& { return c.healthCheckTimeout; },
                "Seconds within which what was deployed must be healthy."),
        setting("log_analysis_lines", wholeNumber(1, 10'000), [](auto& c) -> auto& { return c.logAnalysisLines; },
                "How many lines of a deployment's log the Monitoring agent looks at."),
        setting("coverage_threshold", number(0, 100), [](auto& c) -> auto& { return c.coverageThreshold; },
                "Per cent of the code's lines that tests must reach."),
        setting("run_security_scans", kSwitch, [](auto& c) -> auto& { return c.runSecurityScans; },
                "Whether Testing is done only when the code was searched for weaknesses."),
        setting("default_deployment_platform", oneOf({"docker", "kubernetes"}), [](auto& c) -> auto& { return c.defaultDeploymentPlatform; },
                "What deployment files are made for; kubernetes: manifests must be among them."),
        setting("deployment_environments", {.kind = Kind::TextList, .min = 1, .mayBeEmpty = false},
                [](auto& c) -> auto& { return c.deploymentEnvironments; },
                "The environments that deployment files are made for; the first one is deployed to.",
                {.complaint = wrongWithEnvironments}),
    };
}

std::vector<Setting> providerSettings()
{
    return {
        setting("provider.name", oneOf({"anthropic", "openai", "replay"}), [](auto& c) -> auto& { return c.provider.name; },
                "Where replies come from: Anthropic's Messages API, a server that speaks Chat Completions, or a recording.",
                {.flag = "--provider"}),
        setting("provider.base_url", kAnyText, [](auto& c) -> auto& { return c.provider.baseUrl; },
                "The address of the API; empty: the provider's own.",
                {.complaint = wrongWithAddress, .variables = {{"ANTHROPIC_BASE_URL", "anthropic"}, {"OPENAI_BASE_URL", "openai"}}}),
        setting("provider.auth_token", kSecret, [](auto& c) -> auto& { return c.provider.authToken; },
                "A token that is sent as \"Authorization: Bearer\"; the key of an openai server.",
                {.complaint = wrongWithSecret, .variables = {{"ANTHROPIC_AUTH_TOKEN", "anthropic"}, {"OPENAI_API_KEY", "openai"}}}),
        setting("provider.version", kText, [](auto& c) -> auto& { return c.provider.version; },
                "The version of the Messages API.", {.complaint = wrongWithVersion}),
        setting("provider.extended_fields", oneOf({"auto", "on", "off"}), [](auto& c) -> auto& { return c.provider.extendedFields; },
                "Whether thinking, effort and cache marks are sent, which other servers refuse; auto: to Anthropic's own host."),
        setting("provider.custom_headers", kSecret, [](auto& c) -> auto& { return c.provider.customHeaders; },
                "Headers added to every request: lines of the form \"Name: value\".",
                {.complaint = wrongWithHeaders, .variables = {{"ANTHROPIC_CUSTOM_HEADERS", "anthropic"}}}),
        setting("provider.max_retries", wholeNumber(0, 20), [](auto& c) -> auto& { return c.provider.maxRetries; },
                "How often a call that failed for a passing reason is repeated."),
        setting("provider.idle_timeout_s", wholeNumber(0, 3600), [](auto& c) -> auto& { return c.provider.idleTimeout; },
                "Seconds without a byte from the server after which a call has failed; 0: 120 for anthropic, 600 for openai."),
        setting("provider.effort", oneOf({"low", "medium", "high", "xhigh", "max"}), [](auto& c) -> auto& { return c.provider.effort; },
                "How hard the model thinks."),
        setting("provider.max_tokens_field", oneOf({"max_completion_tokens", "max_tokens"}),
                [](auto& c) -> auto& { return c.provider.maxTokensField; }, "What an openai server calls the limit of a reply."),
        setting("provider.recording", kAnyText, [](auto& c) -> auto& { return c.provider.recording; },
                "The recording that the provider replay plays; empty: the bundled demo.", {.complaint = wrongWithPath}),
    };
}

Setting modelSetting(StageId stage)
{
    auto key = "models." + std::string(slug(stage));
    std::ranges::replace(key, '-', '_');
    return {.key = key,
            .rule = kText,
            .meaning = fmt::format("The model of the stage {}; not set: anthropic_model.", title(stage)),
            .variables = {{variableOf(key)}},
            .complaint = wrongWithModel,
            .set = [stage](AppConfig& config, const Json& value) { config.models[stage] = value.get<std::string>(); },
            .value =
                [stage](const AppConfig& config) {
                    const auto found = config.models.find(stage);
                    return found == config.models.end() ? Json() : Json(found->second);
                }};
}

std::vector<Setting> modelSettings()
{
    std::vector<Setting> all;
    for (const auto stage : kPipelineStages)
        all.push_back(modelSetting(stage));
    for (const auto stage : kReviewStages)
        all.push_back(modelSetting(stage));
    return all;
}

Setting gateSetting(StageId stage)
{
    auto key = "gates." + std::string(slug(stage));
    return {.key = key,
            .rule = oneOf({"none", "approve"}),
            .meaning = fmt::format("Whether you are asked before the stage {} begins: none or approve.", title(stage)),
            .variables = {{variableOf(key)}},
            .set =
                [stage](AppConfig& config, const Json& value) {
                    if (value.get<std::string>() == "approve")
                        config.gates.insert(stage);
                    else
                        config.gates.erase(stage);
                },
            .value = [stage](const AppConfig& config) { return Json(config.gates.contains(stage) ? "approve" : "none"); }};
}

std::vector<Setting> gateSettings()
{
    std::vector<Setting> all;
    std::ranges::transform(kPipelineStages, std::back_inserter(all), gateSetting);
    return all;
}

std::vector<Setting> budgetSettings()
{
    const auto money = number(0, 100'000);
    const auto tokens = wholeNumber(1, 1e12);
    const auto calls = wholeNumber(1, 1e9);
    const auto minutes = number(0.01, 100'000);
    return {
        setting("budget.run_usd", money, [](auto& c) -> auto& { return c.runBudget.money; },
                "Most money a run may cost, in US dollars.", {.flag = "--budget-usd"}),
        setting("budget.run_tokens", tokens, [](auto& c) -> auto& { return c.runBudget.tokens; },
                "Most tokens of a run, prompts and replies together; not set: no limit."),
        setting("budget.run_calls", calls, [](auto& c) -> auto& { return c.runBudget.calls; }, "Most model calls of a run; not set: no limit."),
        setting("budget.run_minutes", minutes, [](auto& c) -> auto& { return c.runBudget.wallTime; }, "Longest time of a run; not set: no limit."),
        setting("budget.stage_usd", money, [](auto& c) -> auto& { return c.stageBudget.money; },
                "Most money a stage may cost, in US dollars; not set: only the run is limited."),
        setting("budget.stage_tokens", tokens, [](auto& c) -> auto& { return c.stageBudget.tokens; }, "Most tokens of a stage; not set: no limit."),
        setting("budget.stage_calls", calls, [](auto& c) -> auto& { return c.stageBudget.calls; }, "Most model calls of a stage; not set: no limit."),
        setting("budget.stage_minutes", minutes, [](auto& c) -> auto& { return c.stageBudget.wallTime; }, "Longest time of a stage; not set: no limit."),
    };
}

std::vector<Setting> sandboxSettings()
{
    return {
        setting("sandbox.backend", oneOf({"docker", "local", "auto"}), [](auto& c) -> auto& { return c.sandbox.backend; },
                "Where agents work: docker: in containers; local: in rooms of bubblewrap, with this machine's own programs, without a network, and "
                "nothing can be deployed; auto: docker when it answers, else local."),
        setting("sandbox.cpus", number(0.1, 256), [](auto& c) -> auto& { return c.sandbox.cpus; }, "How many processors a sandbox may use."),
        setting("sandbox.memory_mb", wholeNumber(64, 1'048'576), [](auto& c) -> auto& { return c.sandbox.memoryMb; },
                "How much memory a sandbox may use, in MiB."),
        setting("sandbox.disk_mb", wholeNumber(16, 1'048'576), [](auto& c) -> auto& { return c.sandbox.diskMb; },
                "How much an agent's workspace may hold on the disk, in MiB; what passes it is ended."),
        setting("sandbox.pids", wholeNumber(16, 32'768), [](auto& c) -> auto& { return c.sandbox.pids; },
                "How many processes and threads a sandbox may have."),
        setting("sandbox.command_timeout_s", wholeNumber(1, 600), [](auto& c) -> auto& { return c.sandbox.commandTimeout; },
                "Seconds after which a command is ended when its caller says nothing else."),
        setting("sandbox.network", oneOf({"none", "allow-list", "open"}), [](auto& c) -> auto& { return c.sandbox.network; },
                "What agents' commands reach: none: nothing; allow-list: what sandbox.allowed_hosts names, through a proxy that records each attempt; "
                "open: the network of this machine. The program's checks run without any."),
        setting("sandbox.allowed_hosts", {.kind = Kind::TextList, .mayBeEmpty = false}, [](auto& c) -> auto& { return c.sandbox.allowedHosts; },
                "Hosts of sandbox.network allow-list, with ports: \"pypi.org:443\", \"*.pythonhosted.org:443\"; without a port: 443. Addresses that are not "
                "of the open internet are reached only when they stand here themselves: \"10.0.0.5:8080\".",
                {.complaint = wrongWithAllowedHosts}),
        setting("sandbox.secrets", {.kind = Kind::TextList, .mayBeEmpty = false}, [](auto& c) -> auto& { return c.sandbox.secrets; },
                "Secrets of the project, which agents and checks find as files in /run/secrets, and where their values are kept: \"NAME=env:VARIABLE\", "
                "\"NAME=file:/absolute/path\", \"NAME=keychain\"; never a value. \"agent-pipeline secret set\" writes them.",
                {.complaint = wrongWithSecretSources}),
        setting("sandbox.strict", kSwitch, [](auto& c) -> auto& { return c.sandbox.strict; },
                "Whether no run starts where the doctor warns of the engine: too old, without seccomp or limits, or with a socket that everybody may write to."),
        setting("sandbox.image_max_days", wholeNumber(0, 10'000), [](auto& c) -> auto& { return c.sandbox.imageMaxDays; },
                "Days after which the doctor says that the sandbox image is old; 0: never."),
        setting("sandbox.docker_host", kAnyText, [](auto& c) -> auto& { return c.sandbox.dockerHost; },
                "Where the Docker engine listens: unix:///path or tcp://host:port; empty: where it usually does.",
                {.complaint = wrongWithDockerHost, .variables = {{"DOCKER_HOST"}}}),
    };
}

std::vector<Setting> otherSettings()
{
    return {
        setting("logging.level", oneOf({"trace", "debug", "info", "warn", "error", "off"}), [](auto& c) -> auto& { return c.logging.level; },
                "How much is written to the log."),
        setting("logging.file", kAnyText, [](auto& c) -> auto& { return c.logging.file; },
                "The log file; empty: log/agent-pipeline.log in the state folder of the user.", {.complaint = wrongWithPath}),
        setting("policy.file", kAnyText, [](auto& c) -> auto& { return c.policyFile; },
                "What agents may do without asking; empty: policy.json in the user's configuration folder, if there is one.",
                {.complaint = wrongWithPath}),
        setting("engine.max_parallel_runs", wholeNumber(1, 8), [](auto& c) -> auto& { return c.maxParallelRuns; },
                "How many runs a window carries out at the same time; more wait for a place."),
        setting("verify.max_resubmits", wholeNumber(0, 10), [](auto& c) -> auto& { return c.maxResubmits; },
                "How often an agent may hand in again after the program's checks failed."),
        setting("verify.security_threshold", oneOf({"high", "medium", "low"}), [](auto& c) -> auto& { return c.securityThreshold; },
                "How grave a weakness must be that Testing has to explain or have mended; all of them stand in reports/security.sarif."),
        setting("repair.max_rounds", wholeNumber(0, 10), [](auto& c) -> auto& { return c.maxRepairRounds; },
                "How often Coding may repair what Testing found."),
        setting("monitoring.audit_seconds", wholeNumber(1, 3600), [](auto& c) -> auto& { return c.auditSpan; },
                "How long the Monitoring stage probes what was deployed."),
    };
}

std::vector<Setting> allSettings()
{
    auto all = planSettings();
    for (auto group : {providerSettings(), modelSettings(), gateSettings(), budgetSettings(), sandboxSettings(), otherSettings()})
        std::ranges::move(group, std::back_inserter(all));
    return all;
}

template <typename Number>
Json numberFromText(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? Json(number) : Json(text);
}

Json listFromText(std::string_view text)
{
    Json list = Json::array();
    while (!text.empty()) {
        const auto comma = text.find(',');
        const ApiKey trimmed(text.substr(0, comma)); // drops surrounding white space
        list.push_back(trimmed.reveal());
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return list;
}

} // namespace

std::string_view Setting::group() const
{
    const auto dot = key.find('.');
    return dot == std::string::npos ? std::string_view() : std::string_view(key).substr(0, dot);
}

std::string_view Setting::name() const
{
    const auto inGroup = group();
    return inGroup.empty() ? std::string_view(key) : std::string_view(key).substr(inGroup.size() + 1);
}

std::string Setting::wrongWith(const Json& candidate) const
{
    const auto type = rule.complaint(candidate);
    return !type.empty() || !complaint ? type : complaint(candidate);
}

const std::vector<Setting>& settings()
{
    static const auto all = allSettings();
    return all;
}

std::vector<std::string> groups()
{
    std::vector<std::string> names;
    for (const auto& setting : settings())
        if (const auto group = setting.group(); !group.empty() && (names.empty() || names.back() != group))
            names.emplace_back(group);
    return names;
}

std::vector<std::string> keysOf(std::string_view group)
{
    std::vector<std::string> names;
    for (const auto& setting : settings())
        if (setting.group() == group)
            names.emplace_back(setting.name());
    return names;
}

std::vector<std::string> rootKeys()
{
    auto keys = keysOf("");
    std::ranges::move(groups(), std::back_inserter(keys));
    return keys;
}

Json valueFromText(const ValueRule& rule, std::string_view text)
{
    switch (rule.kind) {
    case Kind::Integer:
        return numberFromText<std::int64_t>(text);
    case Kind::Number:
        return numberFromText<double>(text);
    case Kind::Boolean:
        return text == "true" || text == "1" || text == "yes" ? Json(true) : text == "false" || text == "0" || text == "no" ? Json(false) : Json(text);
    case Kind::TextList:
        return listFromText(text);
    case Kind::Text:
        return text;
    }
    return {};
}

bool isPlaceholder(std::string_view secret)
{
    constexpr std::array<std::string_view, 5> known{"your-key-here", "your-key", "your-api-key", "your-api-key-here", "changeme"};
    return std::ranges::find(known, secret) != known.end();
}

} // namespace aap
