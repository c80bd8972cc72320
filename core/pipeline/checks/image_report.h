#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/sandbox/deployer.h"

namespace aap {

/// deploy/image.json: id, tag, size, layers, user, ports, and the names (not the values) of its variables.
std::string imageJson(const BuiltImage& image);

/// A shell script that lists what is installed in an image, one "deb|pip|npm TAB name TAB version" a line.
std::string packageListScript();

/// deploy/sbom.spdx.json, SPDX 2.3, out of what the script wrote; other lines are ignored.
std::string sbomJson(const BuiltImage& image, std::string_view packageList, const std::string& runId);
/// How many packages a list holds.
std::size_t packagesIn(std::string_view packageList);

} // namespace aap
