#pragma once

#include <cstdint>
#include <string>

#include "core/base/json.h"
#include "core/sandbox/deployer.h"

namespace aap {

struct DeployerSettings {
    std::string seccompProfile{}; ///< JSON text; empty: the engine's own profile
    int processLimit = 256;
    std::uint64_t tmpBytes = 64U << 20U; ///< of /tmp and of each further tmpfs
};

/// Paths are absolute and plain, figures make sense. Errors: Invalid, naming what is wrong.
Result<void> checkService(const ServiceSpec& spec);

/// The body of POST /containers/create for a checked service. `imageConfig`: Config of the inspected image; `processors`: those of
/// the engine's machine.
Json serviceBody(const ServiceSpec& spec, const Json& imageConfig, double processors, const DeployerSettings& settings);

} // namespace aap
