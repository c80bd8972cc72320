#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/beneath.h"
#include "core/base/json.h"
#include "core/base/result.h"

namespace aap {

/// MANIFEST.json: `{"schema", "run_id", "files": [{"path", "bytes", "sha256"} | {"path", "link_hex"}]}`, everything in the folder but
/// itself and its signature, sorted. A name that is no UTF-8 stands as "path_hex". verifyOutput() in output_folder.h compares.
Result<void> writeManifest(const Folder& folder, const std::string& runId);

// What such lists are made of. A print is "file <SHA-256>" or "link <target in hex>".
std::string printOfFile(std::string_view content);
std::string printOfLink(const std::string& target);
Json manifestEntry(const std::string& path, std::uint64_t bytes, const std::string& print);
/// Path -> print, of everything that is listed.
std::map<std::string, std::string> printsIn(const Json& manifest);

} // namespace aap
