#include "core/llm/sse_parser.h"

#include <fmt/format.h>

namespace aap {

Result<std::vector<SseEvent>> SseParser::push(std::string_view bytes)
{
    std::vector<SseEvent> events;
    while (!bytes.empty()) {
        if (m_afterCr && bytes.front() == '\n')
            bytes.remove_prefix(1);
        m_afterCr = false;
        const auto end = bytes.find_first_of("\r\n");
        m_line += bytes.substr(0, end);
        if (m_line.size() + m_event.data.size() > m_maxEventBytes)
            return Error{ErrorCode::Protocol, fmt::format("the server sent an event of more than {} bytes", m_maxEventBytes), {},
                         "No Messages API talks like that: check the server's address in the settings, then resume the run."};
        if (end == std::string_view::npos)
            break;
        m_afterCr = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        endLine(events);
    }
    return events;
}

void SseParser::endLine(std::vector<SseEvent>& events)
{
    std::string_view line = m_line;
    if (m_first && line.starts_with("\xef\xbb\xbf"))
        line.remove_prefix(3);
    m_first = false;
    if (!line.empty()) {
        takeField(line);
    } else {
        if (m_hasData)
            events.push_back(std::move(m_event));
        m_event = {};
        m_hasData = false;
    }
    m_line.clear();
}

void SseParser::takeField(std::string_view line)
{
    const auto colon = line.find(':');
    const auto field = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (field == "event") {
        m_event.name = value;
    } else if (field == "data") {
        if (m_hasData)
            m_event.data += '\n';
        m_event.data += value;
        m_hasData = true;
    }
}

} // namespace aap
