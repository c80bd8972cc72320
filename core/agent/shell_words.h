#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aap {

/// One program that a shell command would start, as far as it can be known without running it.
struct ShellCall {
    std::vector<std::string> argv{};  ///< quotes are gone; redirections and assignments before the program left out
    std::vector<std::string> files{}; ///< that its redirections name
};

/// A word whose value only a shell can tell: it holds an expansion ($x, `…`, $(…)).
inline constexpr char kOpaqueWord = '\x01';
inline bool isOpaque(std::string_view word)
{
    return word.find(kOpaqueWord) != std::string_view::npos;
}

/// The programs of a shell command: of lists, pipes, groups and substitutions alike, and of what shells ("sh -c …", "eval …") and
/// starters ("env", "sudo", "xargs", "timeout 9" …) start in turn. More rather than fewer: what follows a starter is a call at
/// every place where the program's name may stand. Never fails; unclosed quotes end with the text. What is too long or too deep to
/// be read to its end has one call more, of an opaque word.
std::vector<ShellCall> shellCalls(std::string_view command);

} // namespace aap
