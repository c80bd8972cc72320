#pragma once

#include <string>
#include <string_view>

#include "core/agent/tool.h"
#include "core/base/json.h"
#include "core/base/result.h"
#include "core/llm/language_model.h"

namespace aap {

/// The tool a model means; letter case aside. Null when there is none.
Tool* findTool(const Toolbox& tools, std::string_view name);

/// What a model sent, made right where the intention is plain (`path` for `filepath`, "12" for 12, "true" for true, a list
/// as JSON text, null for what is optional, a left-out constant), then checked against the tool's schema. The Error is
/// ErrorCode::Invalid, its text one sentence that says what to send.
Result<Json> checkedInput(const ToolDefinition& definition, const Json& input);

/// One line about a call for people: the command, the file, the pattern.
std::string callSummary(const Json& input);

} // namespace aap
