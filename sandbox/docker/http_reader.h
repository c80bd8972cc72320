#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/llm/http_exchange.h"

namespace aap {

struct HttpHead {
    int status = 0;
    HttpHeaders headers{};
};

/// Reads one HTTP/1.x answer from bytes as they come, however they are cut. Touches no socket and no thread.
///
/// Interim answers (1xx but 101) are passed over. After 101 everything is body until the connection closes. The lines
/// before the body may have 64 KiB together, those after it too. Errors are Protocol and final: feed nothing after one.
class HttpReader {
public:
    using OnBody = std::function<void(std::string_view bytes)>;

    /// `bodyless`: the answer to a HEAD request, which has no body whatever its headers say.
    explicit HttpReader(bool bodyless = false) : m_bodyless(bodyless) {}

    /// Body bytes are handed over without chunk marks. Bytes after the end of the answer are an error.
    Result<void> feed(std::string_view bytes, const OnBody& onBody);
    /// The connection was closed: fine after a whole answer or a body that lasts until then.
    Result<void> close();

    bool hasHead() const { return m_state > State::Header; }
    bool isComplete() const { return m_state == State::Done; }
    const HttpHead& head() const { return m_head; }

private:
    enum class State { StatusLine, Header, Fixed, ChunkSize, ChunkData, ChunkEnd, Trailer, UntilClose, Done };

    Result<void> takeLine(std::string_view line);
    Result<void> takeStatusLine(std::string_view line);
    Result<void> takeHeader(std::string_view line);
    Result<void> takeChunkSize(std::string_view line);
    Result<void> startBody();
    std::size_t takeBody(std::string_view bytes, const OnBody& onBody);
    bool readsLines() const;

    bool m_bodyless = false;
    State m_state = State::StatusLine;
    HttpHead m_head{};
    std::string m_line{};        ///< the beginning of a line whose end has not come yet
    std::size_t m_lineBytes = 0; ///< of all lines of the head, or of the trailer, so far
    std::uint64_t m_left = 0;    ///< of the body or chunk
};

} // namespace aap
