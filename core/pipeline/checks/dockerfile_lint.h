#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/checks/dockerfile.h"

namespace aap {

/// What a Dockerfile is held against.
struct DockerfileRules {
    std::vector<std::string> baseImages{}; ///< the only images it may begin from; "name" means "name:latest"
    std::optional<int> port{};             ///< what the design wants exposed, and nothing else; empty: EXPOSE is free
};

/// Everything that keeps us from building it, in the order of its lines; empty: fit to build. Pure, takes any bytes.
std::vector<LintFinding> lintDockerfile(std::string_view text, const DockerfileRules& rules);

/// Ports the last stage exposes, in order; of a text that passed the lint.
std::vector<int> exposedPorts(std::string_view text);

} // namespace aap
