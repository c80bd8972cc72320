#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/result.h"

namespace aap {

/// Where what the user attached lies in the project, below repo/: with the project it is in every snapshot.
inline constexpr auto kAttachmentsFolder = "attachments";
/// Of one file; agents' own files may not be larger either.
inline constexpr std::uint64_t kMostAttachmentBytes = 5U << 20U;

/// What the agents find attachments as, in their order: "attachments/notes.md"; a second one of that name is "attachments/notes-2.md".
std::vector<std::string> attachmentPaths(const std::vector<std::filesystem::path>& attachments);

struct AttachmentSize {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t textBytes = 0; ///< of those that are text, which agents can read
};
/// What attaching a file or folder means. Reads the disk; any thread. NotFound, or Invalid: neither file nor folder, or too large.
Result<AttachmentSize> sizeOfAttachment(const std::filesystem::path& attachment);

/// Copies them below repo/attachments/ of a workspace, with the rules that a repository is copied by. Returns notes about what was left
/// out. Invalid or NotFound: one is not there, too large, or the project has something of its path already.
Result<std::vector<std::string>> copyAttachments(const std::vector<std::filesystem::path>& attachments, const Folder& workspace,
                                                 std::optional<std::pair<unsigned, unsigned>> owner, const std::stop_token& stop);

} // namespace aap
