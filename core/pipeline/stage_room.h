#pragma once

#include <functional>
#include <memory>

#include "core/sandbox/sandbox.h"

namespace aap {

/// The agent's sandbox of one stage. It is closed while the program checks what was handed in, so that nothing of the agent's runs
/// meanwhile, and opened afresh when the agent goes on.
class StageRoom final : public Sandbox {
public:
    using OnNotice = std::function<Result<void>(const SandboxNotice& notice)>;

    /// `onNotice` is told what commands brought about, limits that ended them included; what it fails with ends the call.
    StageRoom(SandboxProvider& provider, SandboxSpec spec, OnNotice onNotice = {}) :
        m_provider(provider), m_spec(std::move(spec)), m_onNotice(std::move(onNotice))
    {
    }

    Result<void> open(const std::stop_token& stop);
    void close() { m_sandbox.reset(); }

    SandboxInfo info() const override { return m_info; }
    Result<CommandResult> run(const Command& command, const OutputListener& output, const std::stop_token& stop) override;
    Result<ResourceUse> resources(const std::stop_token& stop) override;
    Result<std::vector<std::vector<std::string>>> processes(const std::stop_token& stop) override;
    Result<void> freeze(const std::stop_token& stop) override { return m_sandbox ? m_sandbox->freeze(stop) : Result<void>(); }
    Result<void> thaw() override { return m_sandbox ? m_sandbox->thaw() : Result<void>(); }

private:
    SandboxProvider& m_provider;
    SandboxSpec m_spec;
    OnNotice m_onNotice;
    std::unique_ptr<Sandbox> m_sandbox;
    SandboxInfo m_info{};
};

} // namespace aap
