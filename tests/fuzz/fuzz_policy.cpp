#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/agent/policy.h"
#include "core/agent/shell_words.h"

namespace {

[[noreturn]] void fail(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::abort();
}

} // namespace

/// A policy, and behind a NUL a command of an agent's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto policyText = text.substr(0, text.find('\0'));
    const auto command = text.substr(std::min(text.size(), policyText.size() + 1));
    for (const auto& call : aap::shellCalls(command))
        if (call.argv.empty() && call.files.empty())
            fail("a call that is nothing");
    const auto policy = aap::Policy::parse(policyText);
    if (!policy) {
        const auto& error = policy.error();
        if (error.remedy.empty() || error.text().find('\n') != std::string::npos)
            fail("a complaint is one line and says what to do: " + error.text() + " | " + error.remedy);
        return 0;
    }
    const aap::Json input{{"command", std::string(command)}};
    const auto verdict = policy->judge(aap::StageId::Coding, "run_command", input);
    if (policy->isEmpty() && verdict.action != aap::PolicyAction::Allow)
        fail("nothing was forbidden, and it is not allowed");
    const auto more = policy->judge(aap::StageId::Coding, "run_command", {{"command", "true\n" + std::string(command)}});
    if (more.action < verdict.action)
        fail("a command in front makes another one allowed: " + verdict.about);
    return 0;
}
