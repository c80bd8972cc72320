#include "core/config/app_config.h"

#include <fmt/format.h>

#include "core/config/settings.h"
#include "core/llm/anthropic_model.h"

namespace aap {
namespace {

/// The group of a setting in `json`, which is made when it is missing; `json` itself for keys of the top.
Json& groupIn(Json& json, std::string_view group)
{
    return group.empty() ? json : json[std::string(group)];
}

} // namespace

std::string Origin::text() const
{
    switch (source) {
    case Source::Flag:
        return "flag " + where;
    case Source::Variable:
        return "environment " + where;
    case Source::File:
        return "file " + where;
    case Source::Keychain:
        return "keychain";
    case Source::Default:
        return "default";
    }
    return {};
}

Json redacted(const AppConfig& config)
{
    Json json = Json::object();
    for (const auto& setting : settings()) {
        auto value = setting.rule.secret ? Json() : setting.value(config);
        if (!value.is_null())
            groupIn(json, setting.group())[std::string(setting.name())] = std::move(value);
    }
    return json;
}

std::vector<std::string> secretsOf(const AppConfig& config)
{
    std::vector<std::string> secrets;
    for (const auto* key : {&config.anthropicApiKey, &config.provider.authToken})
        if (!key->isEmpty())
            secrets.push_back(key->reveal());
    if (const auto headers = parseHeaderLines(config.provider.customHeaders))
        for (const auto& [name, value] : *headers)
            if (!value.empty())
                secrets.push_back(value);
    return secrets;
}

PipelineSpec pipelineDefaults(const AppConfig& config, RunMode mode)
{
    auto spec = PipelineSpec::standard(mode);
    for (auto& stage : spec.stages) {
        if (const auto model = config.models.find(stage.id); model != config.models.end())
            stage.model = model->second;
        stage.maxTurns = config.maxIterations;
        stage.limits = config.stageBudget;
        stage.gateBefore = config.gates.contains(stage.id);
    }
    spec.limits = config.runBudget;
    spec.maxRepairRounds = config.maxRepairRounds;
    spec.maxResubmits = config.maxResubmits;
    spec.coverageThreshold = config.coverageThreshold;
    spec.securityScan = config.runSecurityScans;
    spec.securityThreshold = config.securityThreshold;
    spec.monitoringAuditSeconds = int(config.auditSpan.count());
    spec.healthTimeout = config.healthCheckTimeout;
    spec.environment = config.deploymentEnvironments.front();
    spec.platform = config.defaultDeploymentPlatform;
    return spec;
}

} // namespace aap
