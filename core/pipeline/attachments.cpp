#include "core/pipeline/attachments.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/store/copy_tree.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextProbe = 4096;
constexpr std::size_t kMostAttachedFiles = 5000;

Error refusedAttachment(const fs::path& attachment, ErrorCode code, std::string_view why)
{
    return Error{code, fmt::format("the attachment {} {}", attachment.string(), why), {}, "Take it out, or attach another file."};
}

/// The last part, also of a folder that was written with a slash at its end.
std::string attachedName(const fs::path& attachment)
{
    auto whole = attachment.lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

bool isText(const Folder& folder, const std::string& path)
{
    auto file = folder.openFile(path);
    const auto beginning = file ? file->read(kTextProbe) : Result<std::string>(file.error());
    return beginning && beginning->find('\0') == std::string::npos;
}

void add(AttachmentSize& size, const Folder& folder, const std::string& path, std::uint64_t bytes)
{
    ++size.files;
    size.bytes += bytes;
    if (isText(folder, path))
        size.textBytes += bytes;
}

/// The folder an attached file lies in; what it leads to is the user's own business, and what is at the end of links is meant.
struct OpenedAttachment {
    Folder folder;
    std::string name;
    std::uint64_t bytes;
};

Result<OpenedAttachment> openedAttachment(const fs::path& attachment)
{
    std::error_code failed;
    const auto path = fs::canonical(attachment, failed);
    if (failed)
        return refusedAttachment(attachment, ErrorCode::NotFound, "is not there");
    if (!fs::is_regular_file(path, failed))
        return refusedAttachment(attachment, ErrorCode::Invalid, "is neither a file nor a folder");
    auto folder = Folder::open(path.parent_path());
    if (!folder)
        return std::move(folder).error().during("open the attachment " + attachment.string());
    const auto bytes = fs::file_size(path, failed);
    if (failed || bytes > kMostAttachmentBytes)
        return refusedAttachment(attachment, ErrorCode::Invalid, fmt::format("is larger than {} MiB", kMostAttachmentBytes >> 20U));
    return OpenedAttachment{*std::move(folder), path.filename().string(), bytes};
}

Result<AttachmentSize> sizeOfFolder(const fs::path& attachment)
{
    const auto folder = Folder::open(attachment);
    if (!folder)
        return folder.error();
    AttachmentSize size;
    const TreeRules rules{.mostFileBytes = kMostAttachmentBytes};
    auto walked = folder->walk("", [&](const Folder::Entry& entry) {
        if (!reasonToLeaveOut(entry, rules).empty())
            return Folder::Walk::Skip;
        if (entry.kind == Folder::Kind::File)
            add(size, *folder, entry.path, entry.bytes);
        return size.files > kMostAttachedFiles ? Folder::Walk::Stop : Folder::Walk::Into;
    });
    if (!walked)
        return std::move(walked).error().during("look through the attachment " + attachment.string());
    if (size.files > kMostAttachedFiles)
        return refusedAttachment(attachment, ErrorCode::Invalid, fmt::format("holds more than {} files", kMostAttachedFiles));
    return size;
}

Result<std::vector<std::string>> copyOne(const fs::path& attachment, const std::string& path, const Folder& workspace, const CopyRules& rules,
                                         const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while attachments were copied"};
    if (workspace.stat(path))
        return refusedAttachment(attachment, ErrorCode::Invalid, fmt::format("cannot be {}: the project has something there", path));
    std::error_code failed;
    if (fs::is_directory(attachment, failed)) {
        if (auto fits = sizeOfFolder(attachment); !fits)
            return std::move(fits).error();
        const auto from = Folder::open(attachment);
        return from ? copyTree(*from, workspace, path, rules, stop) : Result<std::vector<std::string>>(from.error());
    }
    const auto file = openedAttachment(attachment);
    if (!file)
        return file.error();
    const auto content = readFile(file->folder.path() / file->name, kMostAttachmentBytes);
    if (!content)
        return content.error();
    if (auto written = workspace.write(path, *content, {.owner = rules.owner}); !written)
        return std::move(written).error();
    return std::vector<std::string>();
}

} // namespace

std::vector<std::string> attachmentPaths(const std::vector<fs::path>& attachments)
{
    std::set<std::string> taken;
    std::vector<std::string> paths;
    for (const auto& attachment : attachments) {
        const fs::path name = attachedName(attachment);
        auto free = name.string();
        for (int number = 2; !taken.insert(free).second; ++number)
            free = fmt::format("{}-{}{}", name.stem().string(), number, name.extension().string());
        paths.push_back(fmt::format("{}/{}", kAttachmentsFolder, free));
    }
    return paths;
}

Result<AttachmentSize> sizeOfAttachment(const fs::path& attachment)
{
    std::error_code failed;
    if (fs::is_directory(attachment, failed))
        return sizeOfFolder(attachment);
    const auto file = openedAttachment(attachment);
    if (!file)
        return file.error();
    AttachmentSize size;
    add(size, file->folder, file->name, file->bytes);
    return size;
}

Result<std::vector<std::string>> copyAttachments(const std::vector<fs::path>& attachments, const Folder& workspace,
                                                 std::optional<std::pair<unsigned, unsigned>> owner, const std::stop_token& stop)
{
    const CopyRules rules{.tree = {.mostFileBytes = kMostAttachmentBytes}, .owner = owner};
    const auto paths = attachmentPaths(attachments);
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        auto left = copyOne(attachments[i], "repo/" + paths[i], workspace, rules, stop);
        if (!left)
            return std::move(left).error();
        for (const auto& note : *left)
            notes.push_back(paths[i] + "/" + note);
    }
    return notes;
}

} // namespace aap
