#pragma once

#include <string>
#include <vector>

#include "core/sandbox/sandbox.h"

namespace aap {

struct ImagePackage {
    std::string name{};
    std::string version{};
};
/// What is installed in the image that sandboxes are made of, in the order of names; asked in a sandbox without workspace and network.
/// Errors: those of a sandbox, and Protocol when the image does not know (it is no Debian).
Result<std::vector<ImagePackage>> packagesOfImage(SandboxProvider& sandboxes, const std::string& runId, const std::stop_token& stop);
/// Of the lines "name<TAB>version<TAB>state", in the order of names; what is not installed is left out.
std::vector<ImagePackage> packagesFrom(std::string_view lines);

} // namespace aap
