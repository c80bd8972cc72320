#include "core/pipeline/stage_room.h"

namespace aap {

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
    return m_sandbox->run(command, output, stop);
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
