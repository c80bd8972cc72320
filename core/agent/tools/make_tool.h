#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/agent/tool.h"

namespace aap {

using ToolFunction = std::function<Result<ToolOutcome>(const Json& input, ToolContext& context)>;

/// A tool out of its parts. `schema` is JSON text of ours.
std::unique_ptr<Tool> makeTool(std::string_view name, ToolClass toolClass, std::string_view description, std::string_view schema,
                               ToolFunction run);

/// An optional parameter, or what it means when it is absent.
template <typename T>
T parameter(const Json& input, const char* name, T otherwise)
{
    const auto found = input.find(name);
    return found == input.end() || found->is_null() ? otherwise : found->template get<T>();
}
std::string parameter(const Json& input, const char* name, const char* otherwise);

} // namespace aap
