#pragma once

#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"

namespace aap {

/// Labels that mark what belongs to us. Sandboxes carry aap.kind=sandbox, deployments aap.kind=deployment: sweeping the one never
/// touches the other.
inline constexpr std::string_view kAppLabel = "aap.app";
inline constexpr std::string_view kRunLabel = "aap.run";
inline constexpr std::string_view kKindLabel = "aap.kind";
inline constexpr std::string_view kDeploymentKind = "deployment";
/// Ends the name of a deployed container that another one may replace; no service's name can end so.
inline constexpr std::string_view kAsideSuffix = ".previous";

/// `{"aap.app":"1","aap.run":"<run>","aap.kind":"deployment"}`
Json deploymentLabels(const std::string& runId);
/// Whether a "Labels" object (or null) carries all of `wanted`.
bool hasLabels(const Json& labels, const Json& wanted);

/// "aap-<run>" or "aap-<run>-<name>". Errors: Invalid, when it is no run id, or the name is not [a-z0-9][a-z0-9_.-]{0,62}.
Result<std::string> deploymentName(const std::string& runId, std::string_view name = {});

/// A member of an object, or null when there is no such member or `object` is none.
const Json& member(const Json& object, std::string_view name);
std::string textOf(const Json& object, std::string_view name);   ///< "" when it is no text
std::int64_t numberOf(const Json& object, std::string_view name); ///< 0 when it is no number

} // namespace aap
