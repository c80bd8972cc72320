#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aap::proxy {

inline constexpr std::size_t kMostHeadBytes = 16U << 10U;

/// What a client asked of the proxy, or why it is not understood.
struct Request {
    bool isTunnel = false; ///< CONNECT
    std::string host{};    ///< lower-case
    int port = 0;
    std::string head{};    ///< as it goes to the server, with a Host of ours; empty for a tunnel
    std::uint64_t bodyBytes = 0;
    std::string fault{};   ///< not empty: what is wrong with it
};

/// Where the head ends, the empty line included; npos: not here yet.
std::size_t endOfHead(std::string_view bytes);
/// Strict: what two readers could understand in two ways is a fault. `head` ends with the empty line.
Request parseRequest(std::string_view head);

} // namespace aap::proxy
