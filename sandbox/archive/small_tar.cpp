#include "sandbox/archive/small_tar.h"

#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

namespace aap {
namespace {

constexpr la_int64_t kMostBytes = 1 << 20;

la_ssize_t collectInto(archive* /*archive*/, void* buffer, const void* bytes, std::size_t size)
{
    static_cast<std::string*>(buffer)->append(static_cast<const char*>(bytes), size);
    return la_ssize_t(size);
}

} // namespace

std::string tarOfFolder(const std::string& name, unsigned uid, unsigned gid)
{
    std::string bytes;
    const std::unique_ptr<archive, decltype(&archive_write_free)> tar(archive_write_new(), archive_write_free);
    archive_write_set_format_ustar(tar.get());
    archive_write_set_bytes_per_block(tar.get(), 0);
    archive_write_open(tar.get(), &bytes, nullptr, collectInto, nullptr);
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> folder(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(folder.get(), name.c_str());
    archive_entry_set_filetype(folder.get(), S_IFDIR);
    archive_entry_set_perm(folder.get(), 0755);
    archive_entry_set_uid(folder.get(), uid);
    archive_entry_set_gid(folder.get(), gid);
    archive_write_header(tar.get(), folder.get());
    archive_write_close(tar.get());
    return bytes;
}

std::string tarOfFiles(const std::vector<std::pair<std::string, std::string>>& files)
{
    std::string bytes;
    const std::unique_ptr<archive, decltype(&archive_write_free)> tar(archive_write_new(), archive_write_free);
    archive_write_set_format_ustar(tar.get());
    archive_write_set_bytes_per_block(tar.get(), 0);
    archive_write_open(tar.get(), &bytes, nullptr, collectInto, nullptr);
    for (const auto& [name, content] : files) {
        const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> file(archive_entry_new(), archive_entry_free);
        archive_entry_set_pathname(file.get(), name.c_str());
        archive_entry_set_filetype(file.get(), S_IFREG);
        archive_entry_set_perm(file.get(), 0400);
        archive_entry_set_size(file.get(), la_int64_t(content.size()));
        archive_write_header(tar.get(), file.get());
        archive_write_data(tar.get(), content.data(), content.size());
    }
    archive_write_close(tar.get());
    return bytes;
}

std::optional<std::string> onlyFileOf(std::string_view tar)
{
    const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(), archive_read_free);
    archive_read_support_format_tar(reader.get());
    archive_entry* header = nullptr;
    if (archive_read_open_memory(reader.get(), tar.data(), tar.size()) != ARCHIVE_OK
        || archive_read_next_header(reader.get(), &header) != ARCHIVE_OK || archive_entry_filetype(header) != S_IFREG
        || archive_entry_hardlink(header) != nullptr || archive_entry_size(header) < 0 || archive_entry_size(header) > kMostBytes)
        return {};
    std::string content(std::size_t(archive_entry_size(header)), '\0');
    if (archive_read_data(reader.get(), content.data(), content.size()) != la_ssize_t(content.size()))
        return {};
    return content;
}

} // namespace aap
