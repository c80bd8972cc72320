#include "sandbox/docker/endpoint.h"

#include <charconv>

namespace aap {

Result<DockerEndpoint> DockerEndpoint::parse(std::string_view text)
{
    constexpr std::string_view unixScheme = "unix://";
    constexpr std::string_view tcpScheme = "tcp://";
    if (text.starts_with(unixScheme) && text.size() > unixScheme.size() && text[unixScheme.size()] == '/')
        return DockerEndpoint{.path = std::string(text.substr(unixScheme.size()))};
    if (text.starts_with(tcpScheme)) {
        const auto address = text.substr(tcpScheme.size());
        const auto colon = address.rfind(':');
        int port = 0;
        if (colon != std::string_view::npos && colon > 0)
            std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
        if (port > 0 && port < 65536)
            return DockerEndpoint{
                .transport = Transport::Tcp, .path = {}, .host = std::string(address.substr(0, colon)), .port = port};
    }
    return Error{ErrorCode::Invalid, "'" + std::string(text) + "' is no Docker address", {},
                 "Write unix:///path/to/docker.sock or tcp://host:port; ssh is not supported."};
}

std::string DockerEndpoint::text() const
{
    return transport == Transport::Unix ? "unix://" + path : "tcp://" + host + ":" + std::to_string(port);
}

} // namespace aap
