#pragma once

#include <string>
#include <string_view>

#include "core/sandbox/sandbox.h"

namespace aap {

/// Of a log that failed, so many last lines stand in the error.
inline constexpr std::size_t kLinesInError = 20;

/// Gathers what a build says: pieces in, whole clean lines out (no ANSI, no control characters). Keeps the last 256 KiB.
class BuildLog {
public:
    explicit BuildLog(OutputListener listener) : m_listener(std::move(listener)) {}

    void add(std::string_view piece);
    /// The last line, when it had no end.
    void finish();
    const std::string& text() const { return m_text; }
    std::string lastLines(std::size_t count) const;

private:
    void pass(std::string_view line);

    OutputListener m_listener;
    std::string m_pending{};
    std::string m_text{};
};

} // namespace aap
