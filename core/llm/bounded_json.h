#pragma once

#include <string_view>

#include "core/base/json.h"

namespace aap {

/// Parses JSON that a stranger wrote. A discarded value (`is_discarded()`) for what is no JSON, nests deeper than 200 levels
/// or has more than 10 000 members in one object: the first would exhaust the stack when it is written again, the second
/// takes quadratic time in a map that keeps its order.
Json parseBounded(std::string_view text);

/// A member, or null where `object` is no object or has none of that name.
const Json& memberOf(const Json& object, const char* key);
/// A member that is a string; "" for anything else.
std::string stringIn(const Json& object, const char* key);

} // namespace aap
