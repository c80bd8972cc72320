#pragma once

#include <string_view>
#include <vector>

namespace aap {

/// A stretch of text that looks like a secret.
struct SecretSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view kind{}; ///< "Anthropic API key"; a literal
};

/// Whatever is shaped like a key, in order and without overlap. One pass, linear in the length of the text.
std::vector<SecretSpan> secretSpans(std::string_view text);

} // namespace aap
