#pragma once

#include <map>
#include <stop_token>
#include <string>

#include "sandbox/docker/docker_client.h"

namespace aap {

/// How our things in the engine are told from those of others and of the dead: aap.app, aap.host, aap.boot and aap.pid name the
/// program that made them.
using Labels = std::map<std::string, std::string>;
Labels ownLabels();
/// Whether what has these labels was made on this machine by a process that is gone. False where that cannot be known.
bool isOrphan(const Labels& labels);

/// Removes the containers, then the networks, that have all of `labels` ("aap.run" → id) and a name that begins with "aap-". With `orphansOnly`, only those of dead
/// processes. Goes on after a failure and reports the first one.
Result<void> removeLabelled(DockerClient& client, const Labels& labels, bool orphansOnly, const std::stop_token& stop);

} // namespace aap
