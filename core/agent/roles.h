#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/domain/stage.h"

namespace aap {

/// What the agent of a stage is told, where it may write and what it owes.
struct Role {
    std::string systemPrompt{};               ///< prompts/common.md and prompts/<slug>.md
    std::vector<std::string> writablePaths{}; ///< prefixes below repo/ for ToolContext; empty: everywhere, if it has writing tools at all
    bool mayWrite = true;                     ///< reviewers may not
    Json submitSchema{};                      ///< the stage's contract, self-contained
};

/// ErrorCode::NotFound when the program was built without its prompts or contracts.
Result<Role> roleOf(StageId stage);

} // namespace aap
