#pragma once

#include <string>
#include <vector>

#include "core/sandbox/sandbox.h"

namespace aap {

/// A sandbox of a run at one moment, as its engine sees it.
struct SandboxLook {
    SandboxInfo info{};
    std::string stage{};   ///< slug
    std::string purpose{}; ///< "agent", "verifier", "prober"
    ResourceUse use{};
    std::vector<std::vector<std::string>> processes{}; ///< as ps shows them: first the titles. What runs there names itself: foreign text
};

} // namespace aap
