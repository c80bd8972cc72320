#include "core/agent/tools/families.h"

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"

namespace aap {
namespace {

Result<ToolOutcome> updatePlan(const Json& input, ToolContext& /*context*/)
{
    ToolOutcome outcome;
    outcome.text = "ok";
    outcome.plan.emplace();
    for (const auto& item : input.at("items"))
        outcome.plan->push_back({shortened(cleanText(item.at("text").get<std::string>()), 300), item.at("status").get<std::string>()});
    return outcome;
}

} // namespace

void addPlanTool(Toolbox& tools)
{
    tools.push_back(makeTool("update_plan", ToolClass::Read,
        "Shows people what you are about to do and how far you are. Send the whole list each time: at the start, and whenever an item is "
        "completed. Three to seven items are usual, one of them in progress.",
        R"({"type": "object", "required": ["items"], "properties": {
            "items": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"type": "object", "required": ["text", "status"], "properties": {
                "text": {"type": "string", "minLength": 1},
                "status": {"enum": ["pending", "in_progress", "completed"]}}}}}})",
        updatePlan));
}

} // namespace aap
