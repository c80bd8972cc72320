#include "core/pipeline/checks/changeover.h"

#include <fmt/format.h>

namespace aap {

Changeover::Changeover(CheckContext& context, std::optional<DeploymentHandle>& deployed)
    : m_context(context), m_deployed(deployed), m_previous(deployed)
{
}

Result<void> Changeover::tell(const std::string& state, const DeploymentHandle& now, const std::string& imageId) const
{
    auto details = toJson(now);
    if (!imageId.empty())
        details["image_id"] = imageId;
    if (m_isAside)
        details["previous"] = toJson(*m_previous); // who goes on after an interruption brings it back
    return m_context.recorder.record(m_context.stage, DeploymentChanged{.state = state, .details = std::move(details)});
}

Result<void> Changeover::setAside()
{
    if (!m_previous)
        return {};
    m_isAside = true;
    if (auto told = tell("set_aside", *m_previous); !told)
        return told;
    return m_context.deployer.setAside(m_context.runId, m_previous->containers, m_context.stop);
}

Result<void> Changeover::complete(const DeploymentHandle& now)
{
    m_deployed = now;
    if (!m_isAside)
        return {};
    m_isAside = false;
    if (auto told = tell("replaced", now); !told)
        return told;
    if (auto gone = m_context.deployer.discard(m_context.runId, m_previous->containers); !gone)
        return std::move(gone).error().during("remove the deployment of before");
    return {};
}

Result<void> Changeover::giveUp(const std::string& failed)
{
    if (!m_touched)
        return {};
    if (!m_previous) {
        m_deployed.reset();
        if (auto removed = m_context.deployer.removeDeployment(m_context.runId); !removed)
            return std::move(removed).error().during("remove the deployment");
        return m_context.recorder.record(m_context.stage, DeploymentChanged{.state = "removed", .details = Json::object()});
    }
    if (!m_isAside)
        return {}; // it was not touched
    if (auto back = m_context.deployer.bringBack(m_context.runId, m_previous->containers); !back)
        return back;
    m_isAside = false;
    m_deployed = m_previous;
    const auto reason = fmt::format("The new deployment did not pass{}; the one before, {}, runs again.", failed.empty() ? "" : " " + failed, m_previous->image);
    if (auto warned = m_context.recorder.record(m_context.stage, Warned{reason}); !warned)
        return warned;
    auto details = toJson(*m_previous);
    details["reason"] = reason;
    return m_context.recorder.record(m_context.stage, DeploymentChanged{.state = "rolled_back", .details = std::move(details)});
}

} // namespace aap
