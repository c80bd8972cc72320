#include <algorithm>
#include <fstream>
#include <functional>

#include <QTemporaryDir>
#include <QTest>

#include "app/composition.h"
#include "app/model_settings.h"
#include "app/run_wish.h"
#include "app/sandbox_settings.h"
#include "core/base/files.h"
#include "core/config/settings.h"
#include "core/llm/prices.h"
#include "core/observe/logging.h"
#include "sandbox/docker/docker_client.h"

using namespace aap;

namespace {

/// A setting, a value that is not its default, and what is then seen where the setting is used.
struct Case {
    std::string key{};
    std::string text{};
    std::function<Json(const Composition&)> effect{};
    Json expected{};
    std::map<std::string, std::string> besides{}; ///< what the value needs in order to be valid
};

RunRequest request(const Composition& house, RunMode mode = RunMode::Full)
{
    return *makeRunRequest({.mode = mode, .requirements = "- It must sort"}, house.config());
}

PipelineSpec pipeline(const Composition& house)
{
    return request(house).pipeline;
}

DockerSandboxSettings rooms(const Composition& house)
{
    return *sandboxSettings(house.config());
}

ApiModelSettings models(const Composition& house)
{
    return *modelSettings(house.config(), house.prices(), pipeline(house).limits);
}

/// Of a request to the Messages API; null when it is not sent.
Json header(const Composition& house, std::string_view name)
{
    const auto settings = models(house).anthropic;
    for (const auto& [key, value] : requestHeaders(settings, *ApiEndpoint::parse(settings.baseUrl)))
        if (std::ranges::equal(key, name, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); }))
            return value;
    return {};
}

template <typename T>
Json orNull(const std::optional<T>& value)
{
    return value ? Json(*value) : Json();
}

Json shown(const Limits& limits)
{
    return {limits.money ? Json(limits.money->inUsd()) : Json(), orNull(limits.tokens), orNull(limits.calls),
            limits.wallTime ? Json(limits.wallTime->count()) : Json()};
}

/// The budget that a run or each of its stages gets: usd, tokens, calls, milliseconds.
Json runBudget(const Composition& house) { return shown(models(house).runLimits); }
Json stageBudget(const Composition& house)
{
    const auto stages = pipeline(house).stages;
    const auto first = shown(stages.front().limits);
    return std::ranges::all_of(stages, [&](const StageSpec& stage) { return shown(stage.limits) == first; }) ? first : Json("not the same for all");
}

/// Whether words of that level arrive in the file.
Json logs(const std::filesystem::path& file, spdlog::level::level_enum level)
{
    const auto logger = log("engine");
    logger->log(level, "these words");
    logger->flush();
    return readFile(file, 1U << 20U).value_or("").find("these words") != std::string::npos;
}

std::vector<Case> planCases()
{
    return {
        {"anthropic_api_key", "sk-test-0123", [](auto& house) { return Json{header(house, "x-api-key"), request(house).secrets}; },
         {"sk-test-0123", {"sk-test-0123"}}},
        {"anthropic_model", "claude-haiku-4-5", [](auto& house) { return Json(request(house).model); }, "claude-haiku-4-5"},
        {"docker_image", "team/sandbox:2", [](auto& house) { return Json{rooms(house).image, request(house).baseImages}; }, {"team/sandbox:2", {"team/sandbox:2"}}},
        {"workspace_path", "/tmp/elsewhere", [](auto& house) { return Json(request(house).workspaceFolder.string()); }, "/tmp/elsewhere"},
        {"max_iterations", "7", [](auto& house) { return Json(pipeline(house).stages.back().maxTurns); }, 7},
        {"output_truncate_length", "5000", [](auto& house) { return Json(request(house).outputTruncateLength); }, 5000},
        {"default_output_dir", "/tmp/results", [](auto& house) { return Json(request(house).outputFolder.string()); }, "/tmp/results"},
        {"save_intermediate_results", "false", [](auto& house) { return Json(request(house).saveIntermediateResults); }, false},
        {"health_check_timeout", "5", [](auto& house) { return Json(pipeline(house).healthTimeout.count()); }, 5000},
        {"log_analysis_lines", "12", [](auto& house) { return Json(request(house).logAnalysisLines); }, 12},
        {"coverage_threshold", "55.5", [](auto& house) { return Json(pipeline(house).coverageThreshold); }, 55.5},
        {"run_security_scans", "false", [](auto& house) { return Json(pipeline(house).securityScan); }, false},
        {"default_deployment_platform", "kubernetes", [](auto& house) { return Json(pipeline(house).platform); }, "kubernetes"},
        {"deployment_environments", "qa,live", [](auto& house) { return Json{pipeline(house).environment, request(house).environments}; },
         {"qa", {"qa", "live"}}},
    };
}

std::vector<Case> providerCases()
{
    using Provider = ApiModelSettings::Provider;
    return {
        {"provider.name", "openai", [](auto& house) { return Json{request(house).provider, models(house).provider == Provider::ChatCompletions}; },
         {"openai", true}, {{"anthropic_model", "local"}}},
        {"provider.base_url", "http://127.0.0.1:9", [](auto& house) { return Json{models(house).anthropic.baseUrl, models(house).chatCompletions.baseUrl}; },
         {"http://127.0.0.1:9", "http://127.0.0.1:9"}},
        {"provider.auth_token", "token-0123", [](auto& house) { return Json{header(house, "authorization"), models(house).chatCompletions.apiKey.reveal(), request(house).secrets}; },
         {"Bearer token-0123", "token-0123", {"token-0123"}}},
        {"provider.version", "2030-01-01", [](auto& house) { return header(house, "anthropic-version"); }, "2030-01-01"},
        {"provider.extended_fields", "off", [](auto& house) { return orNull(models(house).anthropic.extendedFields); }, false},
        {"provider.custom_headers", "X-Team: blue-0123", [](auto& house) { return Json{header(house, "x-team"), models(house).chatCompletions.customHeaders.size(), request(house).secrets}; },
         {"blue-0123", 1, {"blue-0123"}}},
        {"provider.max_retries", "1", [](auto& house) { return Json(models(house).retry.retries); }, 1},
        {"provider.idle_timeout_s", "7", [](auto& house) { return Json{models(house).anthropic.limits.idle.count(), models(house).chatCompletions.limits.idle.count()}; },
         {7000, 7000}},
        {"provider.effort", "max", [](auto& house) { return Json(request(house).effort); }, "max"},
        {"provider.max_tokens_field", "max_tokens", [](auto& house) { return Json(models(house).chatCompletions.maxTokensField); }, "max_tokens"},
        {"provider.recording", AAP_TEST_DATA "/e2e/review.json", [](auto& house) { return Json(configuredRecording(house.config())->label); }, "recorded replies, no model is called"},
    };
}

std::vector<Case> modelCases()
{
    std::vector<Case> all;
    const auto add = [&all](StageId stage, RunMode mode) {
        auto key = "models." + std::string(slug(stage));
        std::ranges::replace(key, '-', '_');
        all.push_back({key, "claude-haiku-4-5", [=](auto& house) { return Json(request(house, mode).pipeline.stage(stage)->model); }, "claude-haiku-4-5"});
    };
    for (const auto stage : kPipelineStages)
        add(stage, RunMode::Full);
    for (const auto stage : kReviewStages)
        add(stage, RunMode::Review);
    return all;
}

std::vector<Case> gateCases()
{
    std::vector<Case> all;
    for (const auto stage : kPipelineStages)
        all.push_back({"gates." + std::string(slug(stage)), "approve", [=](auto& house) { return Json(pipeline(house).stage(stage)->gateBefore); }, true});
    return all;
}

std::vector<Case> budgetCases()
{
    return {
        {"budget.run_usd", "2.5", runBudget, {2.5, nullptr, nullptr, nullptr}},
        {"budget.run_tokens", "1000", runBudget, {10.0, 1000, nullptr, nullptr}},
        {"budget.run_calls", "9", runBudget, {10.0, nullptr, 9, nullptr}},
        {"budget.run_minutes", "0.5", runBudget, {10.0, nullptr, nullptr, 30'000}},
        {"budget.stage_usd", "1.5", stageBudget, {1.5, nullptr, nullptr, nullptr}},
        {"budget.stage_tokens", "500", stageBudget, {nullptr, 500, nullptr, nullptr}},
        {"budget.stage_calls", "4", stageBudget, {nullptr, nullptr, 4, nullptr}},
        {"budget.stage_minutes", "2", stageBudget, {nullptr, nullptr, nullptr, 120'000}},
    };
}

std::vector<Case> otherCases(const std::filesystem::path& folder)
{
    const auto file = folder / "own.log";
    const auto policy = folder / "own-policy.json";
    std::ofstream(policy) << R"({"rules": [{"action": "deny", "tool": "run_build"}]})";
    return {
        {"sandbox.backend", "local", [](auto& house) { return Json(house.preflight(false, {}).has_value()); }, true, {{"sandbox.docker_host", "unix:///nowhere.sock"}}},
        {"sandbox.cpus", "1.5", [](auto& house) { return Json(rooms(house).cpus); }, 1.5},
        {"sandbox.memory_mb", "512", [](auto& house) { return Json(rooms(house).memoryBytes); }, 512U << 20U},
        {"sandbox.disk_mb", "64", [](auto& house) { return Json(rooms(house).workspace.bytes); }, 64U << 20U},
        {"sandbox.pids", "99", [](auto& house) { return Json(rooms(house).pids); }, 99},
        {"sandbox.command_timeout_s", "33", [](auto& house) { return Json(request(house).commandTimeout.count()); }, 33'000},
        {"sandbox.network", "open", [](auto& house) { return Json(rooms(house).network == NetworkPolicy::Open); }, true},
        {"sandbox.strict", "true", [](auto& house) { return Json(house.config().sandbox.strict); }, true},
        {"sandbox.secrets", "A=env:HERE,B=keychain", [](auto& house) { return Json(house.config().sandbox.secrets); }, {"A=env:HERE", "B=keychain"}},
        {"sandbox.allowed_hosts", "a.test:443,b.test:80", [](auto& house) { return Json(rooms(house).allowedHosts); }, {"a.test:443", "b.test:80"}},
        {"sandbox.image_max_days", "7", [](auto& house) { return Json(house.config().sandbox.imageMaxDays); }, 7},
        {"sandbox.docker_host", "unix:///tmp/other.sock", [](auto& house) { return Json(house.engine()->endpoint().text()); }, "unix:///tmp/other.sock"},
        {"logging.level", "debug", [](auto& house) { return logs(house.folders().state / "log/agent-pipeline.log", spdlog::level::debug); }, true},
        {"logging.file", file.string(), [file](auto&) { return logs(file, spdlog::level::err); }, true},
        {"policy.file", policy.string(), [](auto& house) { return Json(std::string(slug(request(house).policy.judge(StageId::Coding, "run_build", {}).action))); }, "deny"},
        {"engine.max_parallel_runs", "5", [](auto& house) { return Json(house.config().maxParallelRuns); }, 5},
        {"verify.max_resubmits", "9", [](auto& house) { return Json(pipeline(house).maxResubmits); }, 9},
        {"verify.security_threshold", "low", [](auto& house) { return Json(pipeline(house).securityThreshold); }, "low"},
        {"repair.max_rounds", "9", [](auto& house) { return Json(pipeline(house).maxRepairRounds); }, 9},
        {"monitoring.audit_seconds", "5", [](auto& house) { return Json(pipeline(house).monitoringAuditSeconds); }, 5},
    };
}

} // namespace

/// Every setting that exists does something.
class SettingsTakeEffectTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everySettingHasItsRow();
    void aSettingTakesEffect_data();
    void aSettingTakesEffect();
    void cleanup() { stopLogging(); }

private:
    /// With a home of its own, in which nothing was set or logged before.
    Json effectOf(const Case& row, std::map<std::string, std::string> flags) const
    {
        const QTemporaryDir home;
        const auto house = Composition::make({.flags = std::move(flags), .environment = {{"HOME", home.path().toStdString()}},
                                              .workingFolder = home.path().toStdString(), .asksKeychain = false});
        if (!house)
            throw std::runtime_error(house.error().text());
        auto effect = row.effect(**house);
        stopLogging();
        return effect;
    }

    QTemporaryDir m_folder{};
    std::vector<Case> m_cases{};
};

void SettingsTakeEffectTest::initTestCase()
{
    for (auto group : {planCases(), providerCases(), modelCases(), gateCases(), budgetCases(), otherCases(m_folder.path().toStdString())})
        std::ranges::move(group, std::back_inserter(m_cases));
}

void SettingsTakeEffectTest::everySettingHasItsRow()
{
    std::vector<std::string> keys;
    std::vector<std::string> rows;
    std::ranges::transform(settings(), std::back_inserter(keys), &Setting::key);
    std::ranges::transform(m_cases, std::back_inserter(rows), &Case::key);
    std::ranges::sort(keys);
    std::ranges::sort(rows);
    QCOMPARE(rows, keys);
}

void SettingsTakeEffectTest::aSettingTakesEffect_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < m_cases.size(); ++i)
        QTest::addRow("%s", m_cases[i].key.c_str()) << int(i);
}

void SettingsTakeEffectTest::aSettingTakesEffect()
{
    QFETCH(const int, index);
    const auto& row = m_cases[std::size_t(index)];
    QVERIFY2(effectOf(row, row.besides) != row.expected, "the effect is there without the setting");
    auto flags = row.besides;
    flags[row.key] = row.text;
    QCOMPARE(QByteArray::fromStdString(effectOf(row, flags).dump()), QByteArray::fromStdString(row.expected.dump()));
}

QTEST_GUILESS_MAIN(SettingsTakeEffectTest)
#include "tst_settings_take_effect.moc"
