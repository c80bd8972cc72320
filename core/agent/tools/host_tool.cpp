#include "core/agent/tools/host_tool.h"

#include "core/agent/tools/make_tool.h"

namespace aap {

const std::string_view kHealthDescription =
    "Asks the deployed service for its health, up to three times, and answers with status, time and the first 500 characters. `endpoint` is a "
    "path such as /health, or the URL of the deployed service; other hosts are refused. For a program started in the sandbox use run_command "
    "with curl.";
const std::string_view kHealthSchema = R"({"type": "object", "required": ["endpoint"], "properties": {
    "endpoint": {"type": "string", "minLength": 1, "maxLength": 2000, "pattern": "^[^\\s\\u0000-\\u001f]+$"},
    "expected_status": {"type": "integer", "minimum": 100, "maximum": 599, "description": "200 by default"}}})";

void addHostTool(Toolbox& tools, const HostAction& action, std::string_view name, ToolClass toolClass, std::string_view description,
                 std::string_view schema, InputCheck check)
{
    if (!action)
        return;
    tools.push_back(makeTool(name, toolClass, description, schema, [action, check = std::move(check)](const Json& input, ToolContext&) -> Result<ToolOutcome> {
        if (check)
            if (auto reason = check(input); !reason.empty())
                return ToolOutcome::error(std::move(reason));
        return action(input);
    }));
}

} // namespace aap
