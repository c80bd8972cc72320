#include "sandbox/docker/exec_stream.h"

#include <algorithm>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::uint32_t kLongestFrame = 16U << 20U;

} // namespace

Result<void> ExecStream::feed(std::string_view bytes, const OnOutput& onOutput)
{
    while (!bytes.empty()) {
        if (m_left == 0) {
            m_header[m_headerBytes++] = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            if (m_headerBytes < m_header.size())
                continue;
            m_headerBytes = 0;
            if (auto read = readHeader(); !read)
                return read;
            continue;
        }
        const auto piece = bytes.substr(0, std::min<std::size_t>(m_left, bytes.size()));
        bytes.remove_prefix(piece.size());
        m_left -= std::uint32_t(piece.size());
        onOutput(m_source, piece);
    }
    return {};
}

Result<void> ExecStream::readHeader()
{
    const auto type = m_header[0];
    const auto length = std::uint32_t(m_header[4]) << 24U | std::uint32_t(m_header[5]) << 16U | std::uint32_t(m_header[6]) << 8U
        | std::uint32_t(m_header[7]);
    if (type > 2 || m_header[1] != 0 || m_header[2] != 0 || m_header[3] != 0 || length > kLongestFrame)
        return Error{ErrorCode::Protocol, fmt::format("a frame of type {} and {} bytes in a command's output", type, length)};
    m_source = type == 2 ? Source::Error : Source::Output;
    m_left = length;
    return {};
}

} // namespace aap
