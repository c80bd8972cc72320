#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/ownership.h"

namespace aap {

/// What was removed. An image with two names of ours counts twice.
struct Pruned {
    int containers = 0;
    int networks = 0;
    int volumes = 0;
    int images = 0;
    std::uint64_t bytes = 0; ///< of the containers' own files and of the images, at most: images may share layers
    int sum() const { return containers + networks + volumes + images; }
};

enum class Whose { Everybodys, DeadPrograms };

/// Removes the containers, networks, volumes and names of images that have aap.app=1, all of `labels` ("aap.run" → id) and a name
/// that is `prefix` or begins with "<prefix>-"; a label alone is inherited by whatever is made from our images. Gone already is no
/// error. Goes on after a failure and reports the first one.
Result<Pruned> removeOurs(DockerClient& client, const Labels& labels, const std::string& prefix, Whose whose, const std::stop_token& stop);

/// What programs of this machine left that are gone: their sandboxes, and networks of their deployments that no container uses.
/// Deployments themselves stay, for people may use them.
Result<Pruned> pruneDead(DockerClient& client, const std::stop_token& stop);

/// Everything of one run, its deployment included, whether its program lives or not. Errors: Invalid for what is no run id.
Result<Pruned> pruneRun(DockerClient& client, const std::string& runId, const std::stop_token& stop);

} // namespace aap
