#include "tests/support/fake_sandbox.h"

#include <algorithm>

#include <fmt/ranges.h>

namespace aap {

std::string wordsOf(const Command& command)
{
    return fmt::format("{}", fmt::join(command.argv, " "));
}

CommandResult exited(int code, std::string output)
{
    CommandResult result;
    result.exitCode = code;
    result.totalBytes = output.size();
    result.standardOutput = output;
    result.output = std::move(output);
    result.duration = Milliseconds(100);
    return result;
}

void SandboxScript::when(std::string part, Answer answer)
{
    m_rules.emplace_back([part = std::move(part)](const Command& command) { return wordsOf(command).find(part) != std::string::npos; },
                         std::move(answer));
}

void SandboxScript::when(std::string part, CommandResult result)
{
    when(std::move(part), [result = std::move(result)](const Command&) -> Result<CommandResult> { return result; });
}

Result<CommandResult> SandboxScript::answer(const Command& command)
{
    ran.push_back(command);
    for (auto rule = m_rules.rbegin(); rule != m_rules.rend(); ++rule)
        if (rule->first(command))
            return rule->second(command);
    return exited(0);
}

bool SandboxScript::hasRun(std::string_view part) const
{
    return std::ranges::any_of(ran, [&](const Command& command) { return wordsOf(command).find(part) != std::string::npos; });
}

SandboxInfo FakeSandbox::info() const
{
    return {"fake", "aap-" + m_spec.runId + "-" + m_spec.stage, m_spec.image.empty() ? "fake-image:latest" : m_spec.image, "sha256:fake"};
}

Result<CommandResult> FakeSandbox::run(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        CommandResult stopped;
        stopped.ending = Ending::Stopped;
        return stopped;
    }
    auto result = m_script->answer(command);
    if (result && output && !result->output.empty())
        output(result->output);
    return result;
}

Result<ResourceUse> FakeSandbox::resources(const std::stop_token& /*stop*/)
{
    return m_script->resources;
}

Result<std::vector<std::vector<std::string>>> FakeSandbox::processes(const std::stop_token& /*stop*/)
{
    return m_script->processes;
}

Result<std::unique_ptr<Sandbox>> FakeSandboxProvider::open(const SandboxSpec& spec, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped before the sandbox was made"};
    if (!opening)
        return opening.error();
    opened.push_back(spec);
    return std::unique_ptr<Sandbox>(std::make_unique<FakeSandbox>(script, spec));
}

Result<void> FakeSandboxProvider::sweep(const std::string& runId)
{
    swept.push_back(runId);
    return {};
}

} // namespace aap
