#pragma once

#include <vector>

#include "core/llm/language_model.h"

namespace aap {

/// The messages as an API takes them: neighbours of one role merged, tool results first in their message, empty texts of the
/// user dropped, empty results filled with "(no output)", thinking of other providers (it has no signature) left out.
/// An Error when a rule is broken that cannot be mended: who begins, who ends, a tool call without its answer in the very next
/// message, an answer to nobody's call, an id used twice.
Result<std::vector<Message>> obeyDialogueRules(const std::vector<Message>& messages);

/// Removes every thinking and redacted_thinking block from the first `count` messages.
void stripThinking(std::vector<Message>& messages, std::size_t count);

} // namespace aap
