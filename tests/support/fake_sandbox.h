#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/sandbox/sandbox.h"

namespace aap {

/// What fake sandboxes answer and what they were asked; one script serves all sandboxes of a provider. One thread at a time.
class SandboxScript {
public:
    using Fits = std::function<bool(const Command&)>;
    using Answer = std::function<Result<CommandResult>(const Command&)>;

    /// The newest rule that fits answers. Without one a command succeeds and says nothing.
    void when(Fits fits, Answer answer) { m_rules.emplace_back(std::move(fits), std::move(answer)); }
    /// For commands whose words, joined by blanks, contain `part`.
    void when(std::string part, Answer answer);
    void when(std::string part, CommandResult result);

    Result<CommandResult> answer(const Command& command);

    /// Whether a command with `part` in its words was run.
    bool hasRun(std::string_view part) const;

    std::vector<Command> ran{};
    int frozen = 0;
    int thawed = 0;
    ResourceUse resources{.cpuPercent = 1.5, .memoryBytes = 64U << 20U, .memoryLimitBytes = 1U << 30U, .processes = 3};
    std::vector<std::vector<std::string>> processes{{"PID", "USER", "COMMAND"}, {"1", "agent", "sleep"}};

private:
    std::vector<std::pair<Fits, Answer>> m_rules{};
};

/// "python3 -m pytest -q"
std::string wordsOf(const Command& command);
/// A command that ended by itself and wrote `output` to standard output.
CommandResult exited(int code, std::string output = {});

/// A sandbox that runs nothing and answers from a script. Obeys the stop_token.
class FakeSandbox final : public Sandbox {
public:
    explicit FakeSandbox(std::shared_ptr<SandboxScript> script, SandboxSpec spec = {}) : m_script(std::move(script)), m_spec(std::move(spec)) {}

    SandboxInfo info() const override;
    Result<CommandResult> run(const Command& command, const OutputListener& output, const std::stop_token& stop) override;
    Result<ResourceUse> resources(const std::stop_token& stop) override;
    Result<std::vector<std::vector<std::string>>> processes(const std::stop_token& stop) override;
    Result<void> freeze(const std::stop_token& /*stop*/) override
    {
        ++m_script->frozen;
        return {};
    }
    Result<void> thaw() override
    {
        ++m_script->thawed;
        return {};
    }

private:
    std::shared_ptr<SandboxScript> m_script;
    SandboxSpec m_spec;
};

/// Opens fake sandboxes and remembers for what.
class FakeSandboxProvider final : public SandboxProvider {
public:
    Result<std::unique_ptr<Sandbox>> open(const SandboxSpec& spec, const std::stop_token& stop) override;
    Result<void> sweep(const std::string& runId) override;
    std::pair<unsigned, unsigned> agentUser() const override { return {1000, 1000}; }

    std::shared_ptr<SandboxScript> script = std::make_shared<SandboxScript>();
    std::vector<SandboxSpec> opened{};
    std::vector<std::string> swept{};
    Result<void> opening{}; ///< an Error is what open() fails with
};

} // namespace aap
