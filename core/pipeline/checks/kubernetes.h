#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"

namespace aap {

/// Kubernetes manifests together, each text with the path it came from: every object fulfils the schema of its kind
/// (resources/schemas/kubernetes.schema.json: unknown fields, wrong types), selectors match labels, ports, probes and limits are there, and
/// nothing asks for the host or for more rights. Sentences without a full stop; pure, takes any bytes.
std::vector<std::string> kubernetesProblems(const std::vector<std::pair<std::string, std::string>>& files, std::optional<int> port);

/// What of a pod template asks for the host or for more than a service may have. `pod`: a pod's spec, of whatever shape.
std::vector<std::string> hostileWishes(const Json& pod);

} // namespace aap
