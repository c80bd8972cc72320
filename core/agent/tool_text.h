#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/agent/tool.h"

namespace aap {

/// Foreign bytes as text for a model and a screen: valid UTF-8 (bad bytes become U+FFFD), without ANSI escapes, NUL and
/// other control characters; of a line that was overwritten by carriage returns the last state.
std::string cleanText(std::string_view bytes);

/// A line of a file as it is: what cannot be shown is made visible instead of being left out (ESC as ␛, a bad byte as U+FFFD); only
/// the CR before its end goes.
std::string visibleText(std::string_view line);

/// The first `characters` characters of UTF-8 text, with "…" when there was more.
std::string shortened(std::string_view text, std::size_t characters);

/// Cuts at creation, never later: of more than `limit` characters the first third, a notice with the number of omitted
/// lines and the path of the full text, and the last two thirds, each at a line's border where one is near.
std::string cutText(std::string_view text, std::size_t limit, std::string_view fullTextAt);

/// A call's id as a file name: what a server sent as id may hold anything.
std::string fileNameOf(std::string_view callId);
/// Where the full text of a cut answer lies in the sandbox: "/workspace/.agent/out/<id>.txt".
std::string fullTextPath(std::string_view callId);

/// An answer made of foreign bytes: cleaned, cut to the context's limit, with the full text beside it when it was cut.
ToolOutcome textOutcome(std::string_view bytes, const ToolContext& context);

} // namespace aap
