#include "core/pipeline/stage_room.h"

#include <optional>

#include <fmt/format.h>

namespace aap {
namespace {

/// The limit that ended a command; nothing when none did.
std::optional<SandboxNotice> limitHit(const Command& command, const CommandResult& result)
{
    const auto notice = [](const char* subject, std::string text) { return SandboxNotice{.kind = "limit", .subject = subject, .text = std::move(text)}; };
    using How = decltype(result.ending);
    switch (result.ending) {
    case How::TimedOut: return notice("time", fmt::format("A command was ended after its {} s.", command.timeout.count() / 1000));
    case How::OutputLimit: return notice("output", fmt::format("A command was ended because it wrote more than {} MB.", command.outputLimit >> 20U));
    case How::OutOfMemory: return notice("memory", "A command was ended because the sandbox's memory was used up.");
    case How::DiskLimit: // the sandbox has said it, with figures
    case How::Exited:
    case How::Stopped:
    case How::Lost: break;
    }
    return std::nullopt;
}

} // namespace

Result<void> StageRoom::open(const std::stop_token& stop)
{
    if (m_sandbox)
        return {};
    auto opened = m_provider.open(m_spec, stop);
    if (!opened)
        return std::move(opened).error().during("open a sandbox");
    m_sandbox = *std::move(opened);
    m_info = m_sandbox->info();
    return {};
}

Result<CommandResult> StageRoom::run(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    if (auto ready = open(stop); !ready)
        return std::move(ready).error();
    auto result = m_sandbox->run(command, output, stop);
    if (!result || !m_onNotice)
        return result;
    auto notices = result->notices;
    if (auto limit = limitHit(command, *result))
        notices.push_back(*std::move(limit));
    for (const auto& notice : notices)
        if (auto told = m_onNotice(notice); !told)
            return std::move(told).error();
    return result;
}

Result<ResourceUse> StageRoom::resources(const std::stop_token& stop)
{
    if (auto ready = open(stop); !ready)
        return std::move(ready).error();
    return m_sandbox->resources(stop);
}

Result<std::vector<std::vector<std::string>>> StageRoom::processes(const std::stop_token& stop)
{
    if (auto ready = open(stop); !ready)
        return std::move(ready).error();
    return m_sandbox->processes(stop);
}

} // namespace aap
