#pragma once

#include <string>

#include "core/base/beneath.h"
#include "core/base/json.h"

namespace aap {

/// What a project's manifests (pyproject.toml, package.json, …) say it needs, as CycloneDX 1.5 JSON. `project` is the folder of its
/// files; manifests that cannot be read are left out. A component has a version only where its manifest pins one; other words about
/// versions stand in the property "agent-pipeline:versions". What a built image holds stands in deploy/sbom.spdx.json.
Json projectSbom(const Folder& project, const std::string& title, const std::string& runId);

} // namespace aap
