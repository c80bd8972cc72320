#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace aap {

/// Reading documents that agents handed in, whether or not they fulfil their contract: what is missing or of another type is
/// empty. Nothing throws.
std::string textIn(const Json& object, const char* key);
std::int64_t numberIn(const Json& object, const char* key);
/// An array, maybe empty.
const Json& listIn(const Json& object, const char* key);
std::vector<std::string> textsIn(const Json& object, const char* key);

/// Text for people, whatever bytes are in it: invalid UTF-8 is replaced.
std::string dumped(const Json& document, int indent = -1);

} // namespace aap
