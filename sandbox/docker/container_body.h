#pragma once

#include <string>

#include "core/base/json.h"
#include "core/sandbox/sandbox.h"
#include "sandbox/docker/docker_sandbox.h"

namespace aap {

/// What a sandbox's container is asked to be, apart from its name.
struct ContainerPlan {
    SandboxSpec spec{};
    std::string image{};
    UserIds user{};          ///< who runs commands
    double cpus = 2;         ///< within what the engine has
    std::string network{};   ///< "none", a network's name, or "container:<id>"
    std::string proxy{};     ///< "http://10.1.2.3:3128": the one way out of `network`; empty: there is none, or it needs none
    bool hasPorter = false;  ///< the settings' porter lies in it, read-only, at PorterChannel::kPath
};

/// The labels of whatever belongs to a run's sandboxes; "agent", "verifier", "prober" or "proxy".
Json sandboxLabels(const std::string& runId, const std::string& stage, const std::string& purpose);
/// The body of POST /containers/create: every hardening there is, nothing that an agent could choose.
Json containerBody(const ContainerPlan& plan, const DockerSandboxSettings& settings);

} // namespace aap
