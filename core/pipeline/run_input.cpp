#include "core/pipeline/run_input.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/domain/contracts.h"
#include "core/pipeline/intake.h"

namespace aap {
namespace {

/// A stage that works on code needs code: from an earlier stage or a repository.
std::optional<Error> missingInput(const RunRequest& request)
{
    bool hasCode = request.repository.has_value();
    for (const auto& stage : request.pipeline.stages) {
        if (!stage.enabled)
            continue;
        const bool needsCode = stage.id != StageId::Architecture && stage.id != StageId::Coding;
        if (needsCode && !hasCode)
            return Error{ErrorCode::Invalid, fmt::format("the stage {} needs code to work on, and no earlier stage writes any", slug(stage.id)), {},
                         "Name a repository with --repo-url, or choose coding as well."};
        if (stage.id == StageId::Monitoring && !std::ranges::any_of(request.pipeline.stages, [](const StageSpec& spec) {
                return spec.enabled && spec.id == StageId::Deployment;
            }))
            return Error{ErrorCode::Invalid, "the stage monitoring needs a deployment to watch", {}, "Choose deployment as well."};
        hasCode = hasCode || stage.id == StageId::Coding;
    }
    return std::nullopt;
}

} // namespace

std::string sourceText(const RunRequest& request)
{
    if (!request.requirements.empty() || request.pipeline.mode != RunMode::Stages)
        return request.requirements;
    std::string text;
    for (const auto& stage : request.pipeline.stages)
        if (stage.enabled && !stage.task.empty())
            text += stage.task + "\n\n";
    return text;
}

Result<Json> takeInRequirements(const RunRequest& request, const std::string& source)
{
    if (request.pipeline.mode == RunMode::Review)
        return Json();
    const auto intake = takeIn(source, {.repositoryGiven = request.repository.has_value()});
    if (!intake)
        return intake.error();
    if (const auto lost = firstLostLine(source, *intake))
        return Error{ErrorCode::Bug, fmt::format("line {} of the requirements belongs to no item", *lost), {},
                     "Write that line as a list item, and report this as a fault of the program."};
    if (const auto errors = contractErrors(intake->requirements, "requirements"); !errors.empty())
        return Error{ErrorCode::Bug, "the requirements do not fit their contract: " + errors.front(), {}, "Report this as a fault of the program."};
    return intake->requirements;
}

Result<Json> checkRequest(const RunRequest& request)
{
    auto requirements = takeInRequirements(request, sourceText(request));
    if (!requirements)
        return std::move(requirements).error().during("read the requirements");
    if (auto missing = missingInput(request))
        return *std::move(missing);
    return requirements;
}

} // namespace aap
