#pragma once

#include <string>
#include <vector>

#include "core/agent/tools/project_kind.h"
#include "core/base/beneath.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {

/// The first of the project's usual ways to do a task whose programs and modules the sandbox has; empty: there is none.
Result<std::vector<std::string>> usualWay(const Verifier& verifier, const Folder& repo, ProjectTask task);

} // namespace aap
