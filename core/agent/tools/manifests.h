#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aap {

/// Something a project says it needs.
struct Dependency {
    std::string name{};
    std::string version{}; ///< as written: ">=2.0", "^1.2.3"; empty when the manifest names none
    std::string kind{};    ///< "runtime", "development", "build", "optional"
};

/// Whether the file of this name is a manifest we can read.
bool isManifest(std::string_view fileName);
/// What a manifest lists. Lenient: what cannot be understood is left out.
std::vector<Dependency> parseManifest(std::string_view fileName, std::string_view text);

} // namespace aap
