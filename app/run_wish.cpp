#include "app/run_wish.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/base/json_document.h"
#include "core/pipeline/attachments.h"

namespace aap {
namespace {

std::vector<std::string> stageNames()
{
    std::vector<std::string> names;
    for (const auto stage : kPipelineStages)
        names.emplace_back(slug(stage));
    return names;
}

Error unknownStage(const std::string& name)
{
    const auto names = stageNames();
    const auto nearest = nearestWord(name, names);
    return Error{ErrorCode::Invalid, fmt::format("there is no stage '{}'", name), {},
                 nearest.empty() ? "The stages are architecture, coding, testing, deployment and monitoring." : fmt::format("Did you mean '{}'?", nearest)};
}

Result<StageId> pipelineStage(const std::string& name)
{
    const auto stage = parseStage(name);
    if (!stage || std::ranges::find(kPipelineStages, *stage) == kPipelineStages.end())
        return unknownStage(name);
    return *stage;
}

/// The chosen stages are the enabled ones, each with its task.
Result<void> choose(const RunWish& wish, PipelineSpec& pipeline)
{
    for (auto& stage : pipeline.stages)
        stage.enabled = false;
    const auto specOf = [&](StageId id) { return std::ranges::find(pipeline.stages, id, &StageSpec::id); };
    for (const auto& name : wish.stages) {
        const auto stage = pipelineStage(name);
        if (!stage)
            return stage.error();
        specOf(*stage)->enabled = true;
    }
    for (const auto& [name, task] : wish.tasks) {
        const auto stage = pipelineStage(name);
        if (!stage)
            return Error(stage.error()).during("read the tasks");
        specOf(*stage)->task = task;
    }
    for (const auto& stage : pipeline.stages)
        if (stage.enabled && stage.task.empty())
            return Error{ErrorCode::Invalid, fmt::format("the stage {} has no task", slug(stage.id)), {},
                         fmt::format("Add \"{}\": \"what it shall do\" to the tasks file.", slug(stage.id))};
    return {};
}

Result<PipelineSpec> pipelineOf(const RunWish& wish, const AppConfig& config)
{
    const auto defaults = [&config](RunMode mode) { return pipelineDefaults(config, mode); };
    auto pipeline = wish.pipeline.value_or(defaults(wish.mode));
    if (!wish.pipelineFile.empty()) {
        const auto text = readFile(wish.pipelineFile, 1U << 20U);
        if (!text)
            return Error(text.error()).during("read the pipeline file").advise("Name a readable file after --pipeline.");
        auto parsed = parsePipelineSpec(*text, [&](RunMode) { return defaults(wish.mode); });
        if (!parsed)
            return std::move(parsed).error().during(wish.pipelineFile.filename().string());
        pipeline = *std::move(parsed);
        pipeline.mode = wish.mode; // the command decides what is done, the file how
    }
    if (wish.mode == RunMode::Stages)
        if (auto chosen = choose(wish, pipeline); !chosen)
            return std::move(chosen).error();
    return pipeline;
}

Result<Policy> policyOf(const AppConfig& config)
{
    if (config.policyFile.empty())
        return Policy();
    const auto text = readFile(config.policyFile, 1U << 20U);
    if (!text)
        return Error(text.error()).during("read the policy").advise("Make it readable, or take it out of policy.file.");
    return Policy::parse(*text, config.policyFile.filename().string());
}

/// What does not depend on the wish but for the pipeline.
Result<RunRequest> configuredRequest(Result<PipelineSpec> pipeline, const AppConfig& config)
{
    if (!pipeline)
        return std::move(pipeline).error();
    auto policy = policyOf(config);
    if (!policy)
        return std::move(policy).error();
    RunRequest request;
    request.pipeline = *std::move(pipeline);
    request.policy = *std::move(policy);
    request.saveIntermediateResults = config.saveIntermediateResults;
    request.model = config.anthropicModel;
    request.effort = config.provider.effort;
    request.provider = config.provider.name;
    request.settings = redacted(config);
    request.environments = config.deploymentEnvironments;
    request.baseImages = {config.dockerImage};
    request.secrets = secretsOf(config);
    request.outputTruncateLength = std::size_t(config.outputTruncateLength);
    request.logAnalysisLines = config.logAnalysisLines;
    request.commandTimeout = config.sandbox.commandTimeout;
    return request;
}

bool isFlag(const AppConfig& config, const std::string& key)
{
    const auto origin = config.origins.find(key);
    return origin != config.origins.end() && origin->second.source == Origin::Source::Flag;
}

/// The run's own pipeline, with what was given now.
Result<PipelineSpec> resumedPipeline(const Json& recorded, const std::filesystem::path& file, const AppConfig& config)
{
    auto pipeline = parsePipelineSpec(recorded.dump());
    if (!pipeline)
        return std::move(pipeline).error().during("read the recorded pipeline");
    if (!file.empty()) {
        const auto text = readFile(file, 1U << 20U);
        if (!text)
            return Error(text.error()).during("read the pipeline file").advise("Name a readable file after --pipeline.");
        const auto own = *pipeline;
        pipeline = parsePipelineSpec(*text, [&own](RunMode) { return own; });
        if (!pipeline)
            return std::move(pipeline).error().during(file.filename().string());
        pipeline->mode = own.mode;
    }
    if (isFlag(config, "budget.run_usd"))
        pipeline->limits.money = config.runBudget.money;
    if (isFlag(config, "max_iterations"))
        for (auto& stage : pipeline->stages)
            stage.maxTurns = config.maxIterations;
    return pipeline;
}

} // namespace

Result<RunRequest> makeResumeRequest(const RunState& state, const std::filesystem::path& pipelineFile, const AppConfig& config)
{
    const auto& started = state.started;
    if (auto own = isOurOwn(started); !own)
        return std::move(own).error();
    auto configured = configuredRequest(resumedPipeline(started.pipeline, pipelineFile, config), config);
    if (!configured)
        return configured;
    auto& request = *configured;
    request.runId = state.id;
    request.requirements = started.requirements;
    if (!started.repository.empty())
        request.repository = started.repository;
    request.attachments.assign(started.attachments.begin(), started.attachments.end());
    request.reviewFocus = started.reviewFocus;
    request.outputFolder = std::filesystem::path(started.output).parent_path();
    request.workspaceFolder = std::filesystem::path(started.workspace).parent_path();
    if (!isFlag(config, "anthropic_model"))
        request.model = started.model;
    if (!started.effort.empty())
        request.effort = started.effort;
    request.provider = started.provider;
    request.recordingLabel = started.recordingLabel;
    request.recording = started.recording;
    return configured;
}

Result<RunRequest> makeRunRequest(const RunWish& wish, const AppConfig& config)
{
    auto configured = configuredRequest(pipelineOf(wish, config), config);
    if (!configured)
        return configured;
    auto& request = *configured;
    request.runId = newRunId();
    request.requirements = wish.requirements;
    request.repository = wish.repository;
    for (const auto& attachment : wish.attachments) {
        if (auto fits = sizeOfAttachment(attachment); !fits)
            return std::move(fits).error();
        request.attachments.push_back(std::filesystem::absolute(attachment).lexically_normal());
    }
    request.reviewFocus = wish.focus;
    request.outputFolder = !wish.outputDir.empty() ? wish.outputDir : wish.mode == RunMode::Review ? std::filesystem::path("./review_output") : config.defaultOutputDir;
    request.outputFolder = std::filesystem::absolute(request.outputFolder).lexically_normal();
    request.workspaceFolder = std::filesystem::absolute(config.workspacePath).lexically_normal();
    return configured;
}

Result<std::map<std::string, std::string>> readTasks(const std::filesystem::path& file)
{
    const auto text = readFile(file, 1U << 20U);
    if (!text)
        return Error(text.error()).during("read the tasks").advise("Name a readable file after --tasks.");
    const auto document = JsonDocument::parse(*text, file.filename().string());
    if (!document)
        return document.error();
    std::map<std::string, std::string> tasks;
    if (!document->root.is_object())
        return document->invalid("", "must be an object that maps stages to tasks");
    for (const auto& [name, task] : document->root.items()) {
        if (!task.is_string() || task.get<std::string>().empty())
            return document->invalid(childPointer("", name), "must be the task as text");
        tasks[name] = task.get<std::string>();
    }
    return tasks;
}

} // namespace aap
