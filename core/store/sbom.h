#pragma once

#include <string>

#include "core/base/beneath.h"
#include "core/base/json.h"

namespace aap {

/// What a project's manifests (pyproject.toml, package.json, …) say it needs, as SPDX 2.3 JSON. `project` is the folder of its files;
/// manifests that cannot be read are left out. What a built image holds stands in deploy/sbom.spdx.json.
Json projectSbom(const Folder& project, const std::string& title, const std::string& runId);

} // namespace aap
