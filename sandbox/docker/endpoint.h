#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// Where a Docker engine listens, checked on the way in: "unix:///path" or "tcp://host:port".
struct DockerEndpoint {
    enum class Transport { Unix, Tcp };
    Transport transport = Transport::Unix;
    std::string path = "/var/run/docker.sock"; ///< Unix
    std::string host{};                        ///< Tcp
    int port = 2375;
    std::string source = "default"; ///< which setting named it, for messages

    static Result<DockerEndpoint> parse(std::string_view text);
    std::string text() const;
};

} // namespace aap
