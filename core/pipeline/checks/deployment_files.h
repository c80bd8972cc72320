#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/compose.h"
#include "core/pipeline/checks/deploy_design.h"

namespace aap {

/// The Deployment stage's files, read and judged without touching the engine.
struct DeploymentFiles {
    std::string dockerfile{}; ///< relative to repo/; empty: the document names none
    std::vector<int> exposed{};
    ComposeReading compose{};
    std::vector<std::pair<std::string, Verdict>> verdicts{}; ///< id of the check and what it found
};
/// Errors only when the workspace cannot be read.
Result<DeploymentFiles> readDeploymentFiles(const CheckContext& context, const DeployDesign& design);

} // namespace aap
