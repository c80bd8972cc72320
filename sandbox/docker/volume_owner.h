#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "sandbox/docker/docker_client.h"

namespace aap {

/// Who an image's Config.User is, in numbers: "", "1000", "1000:1001", "app", "app:staff". Names are looked up in the texts of
/// /etc/passwd and /etc/group. Nothing when the name is unknown or the number is out of range.
std::optional<std::pair<unsigned, unsigned>> resolveUser(std::string_view user, std::string_view passwd, std::string_view group);

struct VolumeGift {
    std::string container{};      ///< id; created, not started
    std::string containerName{};  ///< the lending container is called "<this>.owner"
    std::string image{};
    std::string user{};           ///< as in resolveUser
    std::vector<std::string> volumes{};
    Json labels{};                ///< of the lending container
};

/// Gives the roots of a container's volumes to the user the container runs as; for a container that was created and not started.
/// Runs nothing: a second container, which never starts, lends the volumes a place through which the engine unpacks a folder's owner.
Result<void> giveVolumesTo(DockerClient& client, const VolumeGift& gift, const std::stop_token& stop);

} // namespace aap
