#pragma once

#include <string>

#include "core/base/json.h"

namespace aap {

/// What settings of the kind must be beyond their type; each returns "must …" or, when all is well, "".
/// They are given what their rule allows: texts, or lists of texts.
std::string wrongWithSecret(const Json& value);
std::string wrongWithModel(const Json& value);
std::string wrongWithImage(const Json& value);
std::string wrongWithPath(const Json& value);
std::string wrongWithWorkspace(const Json& value);
std::string wrongWithAddress(const Json& value);
std::string wrongWithHeaders(const Json& value);
std::string wrongWithVersion(const Json& value);
std::string wrongWithDockerHost(const Json& value);
std::string wrongWithAllowedHosts(const Json& value);
std::string wrongWithEnvironments(const Json& value);

} // namespace aap
