#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/checks/dockerfile.h"

namespace aap {

/// One service of a compose file, checked: no host paths, no privileges, nothing of the host's network.
struct ComposeService {
    std::string name{};
    std::string image{};
    bool build = false;
    std::string buildContext = ".";
    std::string dockerfile = "Dockerfile";
    std::map<std::string, std::string> buildArgs{};
    std::vector<std::string> command{};
    std::vector<std::string> entrypoint{};
    std::map<std::string, std::string> environment{};
    std::vector<int> ports{};                      ///< inside the container
    std::map<std::string, std::string> volumes{}; ///< named volume -> absolute path inside
    std::vector<std::string> tmpfs{};
    std::vector<std::string> dependsOn{};
    std::vector<std::string> secrets{};
    bool restart = false;
    std::optional<double> cpus{};
    std::optional<std::uint64_t> memoryBytes{};
};

struct ComposeReading {
    std::vector<ComposeService> services{}; ///< each after those it depends on
    std::vector<LintFinding> findings{};    ///< empty: fit to run

    /// The one that is built, or has `port`, or stands first; null when there is none.
    const ComposeService* main(std::optional<int> port) const;
};

/// The strict subset that is run through the engine's API: unknown keys are findings, not ignored. Pure, takes any bytes.
ComposeReading readCompose(std::string_view text);

/// "256M", "1g", "536870912" as bytes.
std::optional<std::uint64_t> composeBytes(std::string_view text);

} // namespace aap
