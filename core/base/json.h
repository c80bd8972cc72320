#pragma once

#include <nlohmann/json.hpp>

namespace aap {

/// JSON that keeps the order of its keys: what a model sent must go back to it as it came.
using Json = nlohmann::ordered_json;

} // namespace aap

// Compiled once, in json.cpp: most of our compile time was this class, again and again.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
