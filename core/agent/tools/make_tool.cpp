#include "core/agent/tools/make_tool.h"

namespace aap {
namespace {

class FunctionTool final : public Tool {
public:
    FunctionTool(ToolDefinition definition, ToolClass toolClass, ToolFunction run) :
        m_definition(std::move(definition)), m_class(toolClass), m_run(std::move(run))
    {
    }

    const ToolDefinition& definition() const override { return m_definition; }
    ToolClass toolClass() const override { return m_class; }
    Result<ToolOutcome> run(const Json& input, ToolContext& context) override { return m_run(input, context); }

private:
    ToolDefinition m_definition;
    ToolClass m_class;
    ToolFunction m_run;
};

} // namespace

std::unique_ptr<Tool> makeTool(std::string_view name, ToolClass toolClass, std::string_view description, std::string_view schema,
                               ToolFunction run)
{
    return std::make_unique<FunctionTool>(ToolDefinition{std::string(name), std::string(description), Json::parse(schema)},
                                          toolClass, std::move(run));
}

std::string parameter(const Json& input, const char* name, const char* otherwise)
{
    return parameter<std::string>(input, name, otherwise);
}

} // namespace aap
