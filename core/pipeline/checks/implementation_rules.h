#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/json.h"

namespace aap {

// What can be said of an implementation without running anything. Each returns what is wrong, one clause each.

/// Files of the design that are not there and that no deviation names.
std::vector<std::string> missingFiles(const Json& design, const Json& implementation, const Folder& repo);
/// "path:line" where there is no such file or line.
std::vector<std::string> wrongPlaces(const Json& implementation, const Folder& repo);
/// Must requirements that are neither implemented nor named as not done, those that are not done, and ids of no requirement.
std::vector<std::string> openRequirements(const Json& implementation, const Json& requirements);

/// What does not belong into a project, by the walk of its tree: `secrets` are the run's own, found literally.
struct TreeProblems {
    std::vector<std::string> secrets{};   ///< "path:line looks like a GitHub token"; never the value
    std::vector<std::string> bigFiles{};  ///< over 5 MiB
    std::vector<std::string> foreign{};   ///< .git, links that leave, devices and pipes
};
Result<TreeProblems> treeProblems(const Folder& repo, const std::vector<std::string>& secrets);

} // namespace aap
