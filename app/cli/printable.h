#pragma once

#include <string>
#include <string_view>

namespace aap {

/// Text from a model or a sandbox, made safe for a terminal: no escape sequences, no control codes but newline and tab, no
/// marks that turn the writing direction round, invalid UTF-8 replaced.
std::string printable(std::string_view text);

/// The same text with nothing left out: what cannot be seen, or does something to a terminal, stands as "\n", "\x1b" or "\u202e". One line.
std::string escaped(std::string_view text);

/// Cuts to `columns` characters, with "…" where something was left out.
std::string cutTo(std::string_view text, std::size_t columns);

} // namespace aap
