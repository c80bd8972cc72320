#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace aap {

/// One event of a text/event-stream.
struct SseEvent {
    std::string name{}; ///< "" where the stream names none
    std::string data{}; ///< data lines joined with \n; never without any data line
    friend bool operator==(const SseEvent&, const SseEvent&) = default;
};

/// Takes an event stream apart, however its bytes are cut into pieces. An event that the stream does not finish with an
/// empty line never appears.
class SseParser {
public:
    static constexpr std::size_t kMaxEventBytes = 16U << 20U;

    explicit SseParser(std::size_t maxEventBytes = kMaxEventBytes) : m_maxEventBytes(maxEventBytes) {}

    /// The events that these bytes complete. An Error when one grows beyond the cap; nothing more can be read then.
    Result<std::vector<SseEvent>> push(std::string_view bytes);

private:
    void endLine(std::vector<SseEvent>& events);
    void takeField(std::string_view line);

    std::size_t m_maxEventBytes;
    std::string m_line;
    SseEvent m_event;
    bool m_hasData = false;
    bool m_afterCr = false; // a LF now belongs to the CR before it
    bool m_first = true;    // the line that may start with a byte order mark
};

} // namespace aap
