#pragma once

#include <vector>

#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/deploy_design.h"

namespace aap {

/// A package that is deployed as such: installed in a clean room, where its commands must answer as `smoke` says.
/// Checks "deployment.package" and "deployment.smoke".
Result<void> checkPackage(CheckContext& context, CheckList& list, const std::vector<SmokeCheck>& smoke);

} // namespace aap
