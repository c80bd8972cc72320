#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/domain/stage.h"

namespace aap {

/// The contract a stage fulfils with submit_result: "design", "implementation", …, "review".
std::string_view contractOf(StageId stage);

/// The contract's schema out of resources/schemas/contracts.schema.json, without references; null for an unknown name.
/// Besides the stages' own there are "requirements", "repair" and "stage_result".
Json contractSchema(std::string_view contract);

/// What is wrong with a document, one clause each; empty when it fulfils the contract. Thread-safe.
std::vector<std::string> contractErrors(const Json& document, std::string_view contract);

} // namespace aap
