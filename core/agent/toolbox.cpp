#include <algorithm>

#include "core/agent/tool.h"
#include "core/agent/tools/families.h"

namespace aap {
namespace {

/// What every stage has, reviews too.
void addLookingTools(Toolbox& tools)
{
    addReadingTools(tools);
    addSearchTool(tools);
    addCommandTools(tools);
    addPlanTool(tools);
}

void addStageTools(Toolbox& tools, StageId stage, const HostActions& host)
{
    switch (stage) {
    case StageId::Architecture:
        addArchitectureTools(tools);
        addDependencyTool(tools);
        break;
    case StageId::Coding:
        addTestRunTool(tools);
        addLintTool(tools, "lint_code");
        addDevServerTool(tools);
        break;
    case StageId::Testing:
        addTestRunTool(tools);
        addQualityTools(tools);
        addLintTool(tools, "run_linter");
        addSecurityScanTool(tools);
        break;
    case StageId::Deployment:
        addBuildTool(tools);
        addDeploymentTools(tools, host);
        break;
    case StageId::Monitoring: addMonitoringTools(tools, host); break;
    case StageId::ArchitectureReview: addDependencyTool(tools); break;
    case StageId::CodeReview:
        addDependencyTool(tools);
        addLintTool(tools, "run_linter");
        addSecurityScanTool(tools);
        break;
    case StageId::QualityReview:
        addTestRunTool(tools);
        addLintTool(tools, "run_linter");
        addQualityTools(tools);
        break;
    }
}

} // namespace

Toolbox makeToolbox(StageId stage, const HostActions& host)
{
    Toolbox tools;
    addLookingTools(tools);
    if (std::ranges::find(kReviewStages, stage) == kReviewStages.end()) {
        addWritingTools(tools);
        if (stage != StageId::Architecture)
            addEditingTools(tools);
    }
    addStageTools(tools, stage, host);
    std::ranges::sort(tools, {}, [](const auto& tool) -> const std::string& { return tool->definition().name; });
    return tools;
}

} // namespace aap
