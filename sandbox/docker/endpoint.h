#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/paths.h"
#include "core/base/result.h"

namespace aap {

/// How to speak TLS with an engine: ca.pem, cert.pem and key.pem lie in `folder`.
struct EngineTls {
    std::filesystem::path folder{};
    bool verifiesServer = true; ///< false: DOCKER_CERT_PATH without DOCKER_TLS_VERIFY; whoever is in between can listen
};

/// Where a Docker engine listens, checked on the way in: "unix:///path" or "tcp://host:port".
struct DockerEndpoint {
    enum class Transport { Unix, Tcp };
    Transport transport = Transport::Unix;
    std::string path = "/var/run/docker.sock"; ///< Unix
    std::string host{};                        ///< Tcp
    int port = 2375;
    std::optional<EngineTls> tls{}; ///< Tcp
    std::string source = "default"; ///< which setting named it, for messages

    static Result<DockerEndpoint> parse(std::string_view text);
    std::string text() const;
};

/// The engine to use: `setting` when it is not empty, else DOCKER_HOST, else the Docker context that DOCKER_CONTEXT or
/// config.json names, else the first of the customary sockets on which somebody listens (/var/run/docker.sock when nobody does,
/// so that the message names it). `source` of the answer says which it was. Reads files below `home` or DOCKER_CONFIG.
/// Errors: Invalid, NotFound (a context that is not there).
Result<DockerEndpoint> findEndpoint(const std::string& setting, const Environment& environment,
                                    const std::filesystem::path& home);

} // namespace aap
