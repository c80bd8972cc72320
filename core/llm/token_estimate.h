#pragma once

#include <cstdint>

#include "core/llm/language_model.h"

namespace aap {

/// How many tokens JSON will be about: a third of its characters, which current tokenizers stay below for most text; a picture is
/// counted by what it costs and not by its encoding.
std::int64_t estimatedTokens(const Json& json);
/// System, tools and the messages from `firstMessage` on; of the first two nothing when `firstMessage` is not 0.
std::int64_t estimatedTokens(const ModelRequest& request, std::size_t firstMessage = 0);

} // namespace aap
