#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace aap {

/// What a command said, and the exit code it wants.
struct Said {
    int code = 0;
    std::string out{};
    std::string err{};
};

/// Calls a command with two streams after its arguments.
template <typename Command, typename... Arguments>
Said say(Command command, Arguments&&... arguments)
{
    std::ostringstream out;
    std::ostringstream err;
    const int code = command(std::forward<Arguments>(arguments)..., out, err);
    return {code, out.str(), err.str()};
}

inline bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace aap
