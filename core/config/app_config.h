#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/paths.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/domain/pipeline_spec.h"

namespace aap {

/// Where model replies come from.
struct ProviderConfig {
    std::string name = "anthropic"; ///< anthropic | openai | replay
    std::string baseUrl{};          ///< a checked address; empty: the provider's own
    ApiKey authToken{};             ///< sent as Bearer; the only secret that "openai" is given
    std::string version = "2026-10-21"; ///< of the Messages API
    std::string extendedFields = "auto"; ///< auto (by the host) | on | off: thinking, effort and cache marks
    std::string customHeaders{};    ///< lines "Name: value"; may hold secrets
    int maxRetries = 5;
    std::chrono::seconds idleTimeout{0}; ///< without a byte from the server; 0: 120 for anthropic, 600 for openai
    std::string effort = "medium";  ///< low | medium | high | xhigh | max
    std::string maxTokensField = "max_completion_tokens"; ///< of Chat Completions; "max_tokens" for old servers
    std::filesystem::path recording{}; ///< what "replay" replays; empty: the bundled demo
};

/// The closed room that agents work in.
struct SandboxConfig {
    std::string backend = "docker"; ///< docker | local | auto
    double cpus = 2;
    int memoryMb = 2048;
    int pids = 256;
    std::chrono::seconds commandTimeout{120}; ///< of a command whose caller names none
    int diskMb = 4096; ///< of the workspace, while an agent works in it
    std::string network = "none"; ///< of agents' commands: none | allow-list | open
    std::vector<std::string> allowedHosts{}; ///< of allow-list: "host:port", "*.domain:port", "address:port"
    bool strict = false;      ///< no run where the engine's walls are thinner than they could be
    std::vector<std::string> secrets{}; ///< of the project: names and where the values are kept, see SecretSource
    int imageMaxDays = 90;    ///< after which the doctor warns of the image's age; 0: never
    std::string dockerHost{}; ///< "unix:///path", "tcp://host:port"; empty: the engine that is found
};

struct LoggingConfig {
    std::string level = "info";   ///< trace | debug | info | warn | error | off
    std::filesystem::path file{}; ///< empty: log/agent-pipeline.log in the state folder
};

/// From where a value came; the later in this list, the weaker.
struct Origin {
    enum class Source { Flag, Variable, File, Keychain, Default };
    Source source = Source::Default;
    std::string where{}; ///< "--model", "MAX_ITERATIONS", "./config.json, line 3"
    /// "environment MAX_ITERATIONS"
    std::string text() const;
};

/// Everything a user can set, checked; read once at the program's edge and passed on. The members' initial values are the
/// defaults. Names, ranges and meanings of the keys stand in core/config/settings.cpp.
struct AppConfig {
    ApiKey anthropicApiKey{};
    std::string anthropicModel = "claude-sonnet-5-5"; ///< whatever the provider
    std::string dockerImage = "coding-agent-sandbox";
    std::filesystem::path workspacePath = "/tmp/agent-workspace";
    int maxIterations = 20;
    int outputTruncateLength = 30'000; ///< characters of a tool result
    std::filesystem::path defaultOutputDir = "./pipeline_output";
    bool saveIntermediateResults = true;
    std::chrono::seconds healthCheckTimeout{60};
    int logAnalysisLines = 100;
    double coverageThreshold = 80; ///< per cent
    bool runSecurityScans = true;
    std::string defaultDeploymentPlatform = "docker"; ///< docker | kubernetes
    /// The first one is deployed to; files are made for all.
    std::vector<std::string> deploymentEnvironments{"development", "staging", "production"};

    ProviderConfig provider{};
    std::map<StageId, std::string> models{}; ///< stages that do not use anthropicModel
    std::set<StageId> gates{}; ///< stages before which the user is asked
    std::filesystem::path policyFile{}; ///< empty: there is none
    Limits runBudget{.money = Money::usd(10)};
    Limits stageBudget{}; ///< of every stage
    SandboxConfig sandbox{};
    LoggingConfig logging{};
    int maxResubmits = 3;
    int maxRepairRounds = 3;
    std::string securityThreshold = "high"; ///< high | medium | low
    int maxParallelRuns = 2; ///< of one window
    std::chrono::seconds auditSpan{30}; ///< how long Monitoring probes what was deployed

    std::map<std::string, Origin> origins{}; ///< of every key: "budget.run_usd" -> …
    std::vector<std::string> notices{};      ///< sentences to show once: a retired model was replaced
};

/// Where values come from. Flags win over the environment, that over the file, that over the keychain, that over the default.
struct ConfigSources {
    std::map<std::string, std::string> flags{}; ///< key -> text: "max_iterations" -> "30"
    Environment environment{};
    std::filesystem::path file{};          ///< as --config named it; empty: the first of the two below that exists
    std::filesystem::path workingFolder{}; ///< its config.json
    std::filesystem::path configFolder{};  ///< its config.json; AppFolders::config
    /// The model to use instead of a retired one, or nothing; empty: models are taken as they are.
    std::function<std::optional<std::string>(const std::string& model)> successorOf{};
    /// Asked for the key when nobody else has it: `account` is the name of a secret setting. Empty: no keychain is asked, for
    /// commands that need no key.
    std::function<Result<ApiKey>(const std::string& account)> keychain{};
};

/// Blocks (files, keychain). Errors are Invalid (what was wrong and where, in one line), Io (unreadable file), NotFound (--config
/// names no file) or Unauthorized (others can read a file with a key in it); each with a remedy.
Result<AppConfig> loadConfig(const ConfigSources& sources);

/// All settings in groups as a file has them, without secrets.
Json redacted(const AppConfig& config);
/// Every secret in it, for the Redactor and for leak checks.
std::vector<std::string> secretsOf(const AppConfig& config);
/// What a run does when no pipeline file says otherwise: for parsePipelineSpec's defaults.
PipelineSpec pipelineDefaults(const AppConfig& config, RunMode mode);

} // namespace aap
