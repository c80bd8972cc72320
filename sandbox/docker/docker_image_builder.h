#pragma once

#include <cstdint>

#include "core/sandbox/deployer.h"
#include "sandbox/docker/docker_client.h"

namespace aap {

struct ImageBuilderSettings {
    std::uint64_t memoryBytes = 2ULL << 30U; ///< of each build step; no swap beyond
    Milliseconds timeout = std::chrono::minutes(30);
};

/// Builds on the host's engine with its classic builder: no network in the steps, limited memory, nothing left behind when it
/// fails or is stopped. Images are labelled aap.app, aap.run and aap.kind=deployment. Thread-safe as its client is.
///
/// The engine itself fetches what FROM, COPY --from and ADD http name and is not there: who calls must have checked that the
/// Dockerfile names only images that exist (imageExists) and no URLs.
class DockerImageBuilder final : public ImageBuilder {
public:
    explicit DockerImageBuilder(DockerClient& client, ImageBuilderSettings settings = {});

    /// The context's .dockerignore is obeyed; files go in as root's. The listener gets whole lines of clean text.
    /// Errors: Invalid (names, and a build that fails: the detail ends with the log's last lines), Limit (context), Timeout,
    /// Stopped, and the client's.
    Result<BuiltImage> build(const BuildRequest& request, const OutputListener& log, const std::stop_token& stop) override;
    Result<bool> imageExists(const std::string& reference, const std::stop_token& stop) override;

private:
    DockerClient& m_client;
    ImageBuilderSettings m_settings;
};

} // namespace aap
