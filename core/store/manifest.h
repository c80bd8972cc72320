#pragma once

#include <string>

#include "core/base/beneath.h"
#include "core/base/result.h"

namespace aap {

/// MANIFEST.json: `{"schema", "run_id", "files": [{"path", "bytes", "sha256"} | {"path", "link_hex"}]}`, everything in the folder but
/// itself and its signature, sorted. A name that is no UTF-8 stands as "path_hex". verifyOutput() in output_folder.h compares.
Result<void> writeManifest(const Folder& folder, const std::string& runId);

} // namespace aap
