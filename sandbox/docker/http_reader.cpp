#include "sandbox/docker/http_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::size_t kMostLineBytes = 64U << 10U;
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

Error confused(std::string what)
{
    return Error{ErrorCode::Protocol, std::move(what), {},
                 "Check that a Docker engine, and nothing else, listens at this address."};
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool endsWithChunked(std::string_view coding)
{
    std::string lower(coding);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return lower == "chunked" || lower.ends_with(",chunked") || lower.ends_with(", chunked");
}

bool isToken(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
        return std::isalnum(c) != 0 || kTokenMarks.find(char(c)) != kTokenMarks.npos;
    });
}

std::optional<std::uint64_t> wholeNumber(std::string_view digits, int base)
{
    std::uint64_t value = 0;
    const auto end = digits.data() + digits.size();
    const auto [at, failed] = std::from_chars(digits.data(), end, value, base);
    if (digits.empty() || failed != std::errc() || at != end)
        return std::nullopt;
    return value;
}

/// The value all Content-Length headers agree upon.
Result<std::optional<std::uint64_t>> contentLength(const HttpHeaders& headers)
{
    std::optional<std::uint64_t> length;
    for (const auto& [name, value] : headers) {
        if (headerValue({{name, value}}, "content-length").empty())
            continue;
        const auto here = wholeNumber(value, 10);
        if (!here || (length && *length != *here))
            return confused(fmt::format("a Content-Length that makes no sense: '{}'", value.substr(0, 40)));
        length = here;
    }
    return length;
}

} // namespace

bool HttpReader::readsLines() const
{
    switch (m_state) {
    case State::StatusLine:
    case State::Header:
    case State::ChunkSize:
    case State::ChunkEnd:
    case State::Trailer:
        return true;
    default:
        return false;
    }
}

Result<void> HttpReader::feed(std::string_view bytes, const OnBody& onBody)
{
    while (!bytes.empty()) {
        if (m_state == State::Done)
            return confused("bytes after the end of the answer");
        if (!readsLines()) {
            bytes.remove_prefix(takeBody(bytes, onBody));
            continue;
        }
        const auto newline = bytes.find('\n');
        const auto piece = bytes.substr(0, newline);
        m_lineBytes += piece.size() + (newline == bytes.npos ? 0 : 1);
        if (m_lineBytes > kMostLineBytes)
            return confused(fmt::format("more than {} bytes of headers", kMostLineBytes));
        m_line += piece;
        if (newline == bytes.npos)
            return {};
        bytes.remove_prefix(newline + 1);
        if (m_line.ends_with('\r'))
            m_line.pop_back();
        const auto line = std::exchange(m_line, {});
        if (auto taken = takeLine(line); !taken)
            return taken;
    }
    return {};
}

Result<void> HttpReader::close()
{
    if (m_state == State::Done)
        return {};
    if (m_state == State::UntilClose) {
        m_state = State::Done;
        return {};
    }
    if (!hasHead())
        return Error{ErrorCode::Unavailable, "the connection was closed without an answer", {},
                     "Docker may be stopping; start it again and retry."};
    return confused("the connection was closed in the middle of the answer")
        .advise("Docker may have been stopped; check it and retry.");
}

Result<void> HttpReader::takeLine(std::string_view line)
{
    switch (m_state) {
    case State::StatusLine:
        return takeStatusLine(line);
    case State::Header:
        return line.empty() ? startBody() : takeHeader(line);
    case State::ChunkSize:
        return takeChunkSize(line);
    case State::ChunkEnd:
        if (!line.empty())
            return confused("a chunk is longer than it said");
        m_lineBytes = 0;
        m_state = State::ChunkSize;
        return {};
    default: // a trailer: of no interest
        if (line.empty())
            m_state = State::Done;
        return {};
    }
}

Result<void> HttpReader::takeStatusLine(std::string_view line)
{
    const bool isHttp1 = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
    const auto status = isHttp1 && line.size() >= 12 ? wholeNumber(line.substr(9, 3), 10) : std::nullopt;
    if (!status || *status < 100 || *status > 599 || (line.size() > 12 && line[12] != ' '))
        return confused("the answer is not HTTP/1.1");
    m_head = HttpHead{.status = int(*status)};
    m_state = State::Header;
    return {};
}

Result<void> HttpReader::takeHeader(std::string_view line)
{
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    if (colon == line.npos || !isToken(name) || line.find('\0') != line.npos || line.find('\r') != line.npos)
        return confused("a header line that makes no sense");
    m_head.headers.emplace_back(name, trimmed(line.substr(colon + 1)));
    return {};
}

Result<void> HttpReader::takeChunkSize(std::string_view line)
{
    const auto size = wholeNumber(trimmed(line.substr(0, line.find(';'))), 16);
    if (!size)
        return confused("a chunk without a size");
    m_lineBytes = 0; // a long stream has many of these; they are no headers
    m_left = *size;
    m_state = *size == 0 ? State::Trailer : State::ChunkData;
    return {};
}

Result<void> HttpReader::startBody()
{
    const int status = m_head.status;
    if (status >= 100 && status < 200 && status != 101) {
        m_state = State::StatusLine; // the final answer is still to come
        return {};
    }
    auto length = contentLength(m_head.headers);
    if (!length)
        return std::move(length).error();
    m_left = length->value_or(0);
    if (status == 101)
        m_state = State::UntilClose;
    else if (m_bodyless || status == 204 || status == 304)
        m_state = State::Done;
    else if (endsWithChunked(headerValue(m_head.headers, "transfer-encoding")))
        m_state = State::ChunkSize;
    else if (*length)
        m_state = m_left == 0 ? State::Done : State::Fixed;
    else
        m_state = State::UntilClose;
    return {};
}

std::size_t HttpReader::takeBody(std::string_view bytes, const OnBody& onBody)
{
    if (m_state == State::UntilClose) {
        onBody(bytes);
        return bytes.size();
    }
    const auto piece = bytes.substr(0, std::size_t(std::min<std::uint64_t>(m_left, bytes.size())));
    m_left -= piece.size();
    onBody(piece);
    if (m_left == 0)
        m_state = m_state == State::Fixed ? State::Done : State::ChunkEnd;
    return piece.size();
}

} // namespace aap
