#include "core/domain/pipeline_spec.h"

#include <algorithm>
#include <span>

#include "core/base/json_document.h"

namespace aap {
namespace {

using Kind = ValueRule::Kind;

const ValueRule kSwitch{.kind = Kind::Boolean};
const ValueRule kSeverity{.choices = {"high", "medium", "low"}, .mayBeEmpty = false};
const ValueRule kAnyText{};
const ValueRule kName{.mayBeEmpty = false};
const ValueRule kEffort{.choices = {"", "low", "medium", "high", "xhigh", "max"}};
const ValueRule kPlatform{.choices = {"docker", "kubernetes"}};
const ValueRule kMode{.choices = {"full", "stages", "review"}};

ValueRule wholeNumber(double min, double max)
{
    return {.kind = Kind::Integer, .min = min, .max = max};
}

ValueRule number(double min, double max)
{
    return {.kind = Kind::Number, .min = min, .max = max};
}

std::span<const StageId> stagesOf(RunMode mode)
{
    return mode == RunMode::Review ? std::span<const StageId>(kReviewStages) : std::span<const StageId>(kPipelineStages);
}

std::optional<RunMode> parseMode(std::string_view text)
{
    for (const auto mode : {RunMode::Full, RunMode::Stages, RunMode::Review})
        if (slug(mode) == text)
            return mode;
    return std::nullopt;
}

/// Takes a member over when it is there and obeys the rule.
template <typename T>
void read(ObjectReader& object, const std::string& key, const ValueRule& rule, T& target)
{
    if (const auto* value = object.take(key, rule))
        target = value->get<T>();
}

Result<Limits> readLimits(const JsonDocument& document, const std::string& pointer)
{
    ObjectReader object(document, pointer, {"usd", "tokens", "calls", "wall_time_minutes"});
    Limits limits;
    if (const auto* usd = object.take("usd", number(0, 100'000)))
        limits.money = Money::usd(usd->get<double>());
    if (const auto* tokens = object.take("tokens", wholeNumber(1, 1e12)))
        limits.tokens = tokens->get<std::int64_t>();
    if (const auto* calls = object.take("calls", wholeNumber(1, 1e9)))
        limits.calls = calls->get<std::int64_t>();
    if (const auto* minutes = object.take("wall_time_minutes", number(0.01, 100'000)))
        limits.wallTime = Milliseconds(std::int64_t(minutes->get<double>() * 60'000));
    if (object.failed())
        return object.error();
    return limits;
}

Result<StageSpec> readStage(const JsonDocument& document, const std::string& pointer, const PipelineSpec& defaults)
{
    ObjectReader object(document, pointer, {"id", "enabled", "task", "model", "effort", "max_turns", "limits", "gate_before"});
    const auto* id = object.take("id", kName);
    const auto named = id == nullptr ? std::nullopt : parseStage(id->get<std::string>());
    const auto* standard = named ? defaults.stage(*named) : nullptr;
    if (standard == nullptr)
        object.complain("id", id == nullptr ? "is missing: it names the stage"
                                            : "names no stage of the mode \"" + std::string(slug(defaults.mode)) + "\"");
    if (object.failed())
        return object.error();
    auto stage = *standard;
    stage.enabled = true;
    read(object, "enabled", kSwitch, stage.enabled);
    read(object, "task", kAnyText, stage.task);
    read(object, "model", kAnyText, stage.model);
    read(object, "effort", kEffort, stage.effort);
    read(object, "max_turns", wholeNumber(1, 200), stage.maxTurns);
    read(object, "gate_before", kSwitch, stage.gateBefore);
    if (object.take("limits") != nullptr) {
        auto limits = readLimits(document, childPointer(pointer, "limits"));
        if (!limits)
            return std::move(limits).error();
        stage.limits = *limits;
    }
    if (object.failed())
        return object.error();
    return stage;
}

Result<std::vector<StageSpec>> readStages(const JsonDocument& document, const Json& list, const PipelineSpec& defaults)
{
    auto stages = defaults.stages;
    for (auto& stage : stages)
        stage.enabled = stage.enabled && defaults.mode != RunMode::Stages;
    std::vector<StageId> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto pointer = childPointer("/stages", std::to_string(i));
        auto stage = readStage(document, pointer, defaults);
        if (!stage)
            return std::move(stage).error();
        if (std::ranges::find(seen, stage->id) != seen.end())
            return document.invalid(pointer, "names the stage \"" + std::string(slug(stage->id)) + "\" a second time");
        seen.push_back(stage->id);
        *std::ranges::find(stages, stage->id, &StageSpec::id) = *std::move(stage);
    }
    if (std::ranges::none_of(stages, &StageSpec::enabled))
        return document.invalid("/stages", "must leave at least one stage enabled");
    return stages;
}

Result<PipelineSpec> readSpec(const JsonDocument& document, const std::function<PipelineSpec(RunMode)>& defaults)
{
    ObjectReader object(document, "",
                        {"mode", "stages", "repair", "verify", "coverage_threshold", "security_scan", "security_threshold", "monitoring_audit_seconds",
                         "health_timeout_seconds", "environment", "platform", "limits"});
    const auto* mode = object.take("mode", kMode);
    const auto standard = defaults(mode == nullptr ? RunMode::Full : *parseMode(mode->get<std::string>()));
    auto spec = standard;
    read(object, "coverage_threshold", number(0, 100), spec.coverageThreshold);
    read(object, "security_scan", kSwitch, spec.securityScan);
    read(object, "security_threshold", kSeverity, spec.securityThreshold);
    read(object, "monitoring_audit_seconds", wholeNumber(1, 3600), spec.monitoringAuditSeconds);
    if (const auto* seconds = object.take("health_timeout_seconds", wholeNumber(1, 3600)))
        spec.healthTimeout = std::chrono::seconds(seconds->get<int>());
    read(object, "environment", kName, spec.environment);
    read(object, "platform", kPlatform, spec.platform);
    if (object.failed())
        return object.error();

    if (const auto* stages = object.take("stages")) {
        if (!stages->is_array())
            return document.invalid("/stages", "must be a list of stages");
        auto listed = readStages(document, *stages, standard);
        if (!listed)
            return std::move(listed).error();
        spec.stages = *std::move(listed);
    }
    if (object.take("limits") != nullptr) {
        auto limits = readLimits(document, "/limits");
        if (!limits)
            return std::move(limits).error();
        spec.limits = *limits;
    }
    if (object.take("repair") != nullptr) {
        ObjectReader repair(document, "/repair", {"max_rounds"});
        read(repair, "max_rounds", wholeNumber(0, 10), spec.maxRepairRounds);
        if (repair.failed())
            return repair.error();
    }
    if (object.take("verify") != nullptr) {
        ObjectReader verify(document, "/verify", {"max_resubmits", "must_proven"});
        read(verify, "max_resubmits", wholeNumber(0, 10), spec.maxResubmits);
        read(verify, "must_proven", kSwitch, spec.mustProven);
        if (verify.failed())
            return verify.error();
    }
    return spec;
}

Json toJson(const Limits& limits)
{
    Json json = Json::object();
    if (limits.money)
        json["usd"] = limits.money->inUsd();
    if (limits.tokens)
        json["tokens"] = *limits.tokens;
    if (limits.calls)
        json["calls"] = *limits.calls;
    if (limits.wallTime)
        json["wall_time_minutes"] = double(limits.wallTime->count()) / 60'000;
    return json;
}

Json toJson(const StageSpec& stage)
{
    Json json{{"id", slug(stage.id)}, {"enabled", stage.enabled}, {"max_turns", stage.maxTurns}, {"gate_before", stage.gateBefore}};
    if (!stage.task.empty())
        json["task"] = stage.task;
    if (!stage.model.empty())
        json["model"] = stage.model;
    if (!stage.effort.empty())
        json["effort"] = stage.effort;
    if (auto limits = toJson(stage.limits); !limits.empty())
        json["limits"] = std::move(limits);
    return json;
}

} // namespace

std::string_view slug(RunMode mode)
{
    switch (mode) {
    case RunMode::Full:
        return "full";
    case RunMode::Stages:
        return "stages";
    case RunMode::Review:
        return "review";
    }
    return {};
}

const StageSpec* PipelineSpec::stage(StageId id) const
{
    const auto found = std::ranges::find(stages, id, &StageSpec::id);
    return found == stages.end() ? nullptr : &*found;
}

PipelineSpec PipelineSpec::standard(RunMode mode)
{
    PipelineSpec spec;
    spec.mode = mode;
    for (const auto id : stagesOf(mode))
        spec.stages.push_back({.id = id});
    return spec;
}

Result<PipelineSpec> parsePipelineSpec(std::string_view jsonText, const std::function<PipelineSpec(RunMode)>& defaults)
{
    auto document = JsonDocument::parse(jsonText, "pipeline");
    if (!document)
        return std::move(document).error();
    auto spec = readSpec(*document, defaults);
    if (!spec)
        return std::move(spec).error().advise("Correct that place in the pipeline file.");
    return spec;
}

Json toJson(const PipelineSpec& spec)
{
    Json stages = Json::array();
    for (const auto& stage : spec.stages)
        stages.push_back(toJson(stage));
    return {{"mode", slug(spec.mode)},
            {"stages", std::move(stages)},
            {"repair", {{"max_rounds", spec.maxRepairRounds}}},
            {"verify", {{"max_resubmits", spec.maxResubmits}, {"must_proven", spec.mustProven}}},
            {"coverage_threshold", spec.coverageThreshold},
            {"security_scan", spec.securityScan},
            {"security_threshold", spec.securityThreshold},
            {"monitoring_audit_seconds", spec.monitoringAuditSeconds},
            {"health_timeout_seconds", std::chrono::duration_cast<std::chrono::seconds>(spec.healthTimeout).count()},
            {"environment", spec.environment},
            {"platform", spec.platform},
            {"limits", toJson(spec.limits)}};
}

} // namespace aap
