#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// Takes the multiplexed output of a container apart: frames of [type][0][0][0][length, big-endian][payload]. Bytes may be cut
/// anywhere and are handed on raw. Touches no socket and no thread.
class ExecStream {
public:
    enum class Source { Output, Error };
    using OnOutput = std::function<void(Source source, std::string_view bytes)>;

    /// Protocol, and final: a frame of unknown type or of more than 16 MiB.
    Result<void> feed(std::string_view bytes, const OnOutput& onOutput);
    /// Whether the stream stands between two frames; when it ends elsewhere, something is missing.
    bool isBetweenFrames() const { return m_headerBytes == 0 && m_left == 0; }

private:
    Result<void> readHeader();

    std::array<unsigned char, 8> m_header{};
    std::size_t m_headerBytes = 0;
    std::uint32_t m_left = 0; ///< of the payload
    Source m_source = Source::Output;
};

} // namespace aap
