#include "ui/log/terminal_escape.h"

#include <algorithm>

#include <string.h>

namespace aap {

std::size_t behindEscape(std::string_view bytes, std::size_t at)
{
    if (at + 1 >= bytes.size())
        return bytes.size();
    const char kind = bytes[at + 1];
    if (kind == '[') {
        auto end = at + 2;
        while (end < bytes.size() && (bytes[end] < '@' || bytes[end] > '~'))
            ++end;
        return std::min(end + 1, bytes.size());
    }
    if (kind == ']' || kind == 'P' || kind == '_' || kind == '^') { // a string: to BEL or ESC backslash
        const auto end = bytes.find_first_of("\a\x1b", at + 2);
        if (end == std::string_view::npos)
            return bytes.size();
        return bytes[end] == kEscape ? std::min(end + 2, bytes.size()) : end + 1;
    }
    return std::min(at + (kind >= ' ' && kind <= '/' ? std::size_t(3) : std::size_t(2)), bytes.size());
}

std::string_view lastStateOf(std::string_view line)
{
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    const auto* overwritten = line.empty() ? nullptr : static_cast<const char*>(::memrchr(line.data(), '\r', line.size()));
    if (overwritten != nullptr)
        line.remove_prefix(std::size_t(overwritten - line.data()) + 1);
    return line;
}

} // namespace aap
