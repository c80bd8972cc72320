#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/paths.h"
#include "core/base/time.h"
#include "sandbox/docker/bootstrap_script.h"
#include "sandbox/docker/docker_client.h"

namespace aap {

/// What the sandbox image is made from: "packages.txt", "bootstrap-rootfs.sh" and "Dockerfile".
struct ImageRecipe {
    std::map<std::string, std::string> files{}; ///< name → content
    std::string id{};                           ///< SHA-256 over all of it, hex

    static ImageRecipe of(std::map<std::string, std::string> files);
};
/// What projects an image is for: "base" (shell alone), "python", "node", "cpp", "full".
const std::vector<std::string>& imageProfiles();
/// Those below ":/sandbox/" of the bundled resources, with the packages of this profile alone. Invalid: there is no such profile.
Result<ImageRecipe> bundledImageRecipe(std::string_view profile = "full");
/// The lines of a packages.txt that a profile wants; "full" wants all.
std::string packagesOfProfile(std::string_view packages, std::string_view profile);
/// The profile that an image of ours was made for; empty: it was made from another recipe than this program's.
std::string profileOfRecipe(const std::string& recipeId);

struct SandboxImageInfo {
    bool exists = false; ///< else the rest is empty
    std::string id{};
    std::uint64_t bytes = 0;
    std::string recipe{}; ///< ImageRecipe::id; empty when it was not made by this program
    TimePoint created{};
    bool matches(const ImageRecipe& wanted) const { return exists && recipe == wanted.id; }
};
/// "today", "1 day old", "75 days old".
std::string ageText(TimePoint created, TimePoint at);
/// Whole days; 0 for what is not known or lies ahead.
int daysBetween(TimePoint created, TimePoint at);
/// A missing image is no error.
Result<SandboxImageInfo> sandboxImageInfo(DockerClient& client, const std::string& reference, const std::stop_token& stop);

struct ImageWish {
    std::string reference = "coding-agent-sandbox:latest"; ///< the name it gets; without a tag: ":latest"
    bool bootstrapOnly = false;                            ///< pull nothing
    Environment environment{};                             ///< TMPDIR (else /var/tmp) and the proxies are used
};

/// Makes the image, labelled aap.app=1, aap.kind=image, aap.recipe=<id>, and returns its id: from debian:bookworm-slim by the
/// Dockerfile, or, where that cannot be pulled, by debootstrap (needs root and 3 GB). Network is used in both. The image that had
/// the name is removed when we made it and nobody uses it. Blocks for minutes; temporary files go in any case.
/// Errors: Invalid (the reference), those of runBootstrapScript, Unavailable (a step of the Dockerfile failed; the detail ends with
/// the log's last lines), and the client's.
Result<std::string> makeSandboxImage(DockerClient& client, const ImageRecipe& recipe, const ImageWish& wish, const OnLine& onLine,
                                     const std::stop_token& stop);

} // namespace aap
