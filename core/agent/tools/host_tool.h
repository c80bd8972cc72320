#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/agent/tool.h"

namespace aap {

using HostAction = std::function<ToolOutcome(const Json& input)>;
/// Looks at an input before it goes to the host: empty, or a sentence for the model.
using InputCheck = std::function<std::string(const Json& input)>;

/// A tool that the pipeline fulfils on the host; none when the action is empty.
void addHostTool(Toolbox& tools, const HostAction& action, std::string_view name, ToolClass toolClass, std::string_view description,
                 std::string_view schema, InputCheck check = {});

/// check_health and its other name, health_check.
extern const std::string_view kHealthDescription;
extern const std::string_view kHealthSchema;

} // namespace aap
