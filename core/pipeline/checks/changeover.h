#pragma once

#include <optional>
#include <string>

#include "core/pipeline/check_context.h"

namespace aap {

/// The way from a deployment of the run that stands to the next one: it goes on until the new one starts, and comes back when that does not
/// pass. One thread; references outlive it. Every step is an event.
class Changeover {
public:
    Changeover(CheckContext& context, std::optional<DeploymentHandle>& deployed);

    /// Of the new one: 1 when nothing stood before it.
    int generation() const { return m_previous ? m_previous->generation + 1 : 1; }
    /// Something of the new one may be on the engine from now on.
    void touch() { m_touched = true; }
    /// What stands makes room.
    Result<void> setAside();
    /// The new one has passed: what stood before is removed.
    Result<void> complete(const DeploymentHandle& now);
    /// The new one has not passed, because of the check `failed`: it is removed, and what stood before stands again.
    Result<void> giveUp(const std::string& failed);
    /// An event about the new one.
    Result<void> tell(const std::string& state, const DeploymentHandle& now, const std::string& imageId = {}) const;

private:
    CheckContext& m_context;
    std::optional<DeploymentHandle>& m_deployed;
    std::optional<DeploymentHandle> m_previous;
    bool m_touched = false;
    bool m_isAside = false;
};

} // namespace aap
