#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/domain/stage.h"

namespace aap {

/// What the agent of a stage is told, where it may write and what it owes.
struct Role {
    std::string systemPrompt{};               ///< prompts/common.md, handover.md and <slug>.md
    std::vector<std::string> writablePaths{}; ///< prefixes below repo/ for ToolContext; empty: everywhere, if it has writing tools at all
    bool mayWrite = true;                     ///< reviewers may not
    Json submitSchema{};                      ///< the stage's contract, self-contained
};

/// ErrorCode::NotFound when the program was built without its prompts or contracts.
Result<Role> roleOf(StageId stage);
/// A text of resources/prompts: "repair".
Result<std::string> promptText(std::string_view name);

} // namespace aap
