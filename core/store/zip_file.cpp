#include "core/store/zip_file.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

namespace aap {

struct ZipFile::Entry {
    const std::string& name;
    std::string_view content{};
    const std::string* target = nullptr; ///< of a link
    std::time_t modified = 0;
    bool isExecutable = false;
};

ZipFile::ZipFile(const std::filesystem::path& path) : m_path(path), m_fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644))
{
    if (m_fd < 0)
        return;
    m_archive = archive_write_new();
    m_isGood = archive_write_set_format_zip(m_archive) == ARCHIVE_OK && archive_write_set_options(m_archive, "hdrcharset=UTF-8") >= ARCHIVE_WARN
        && archive_write_open_fd(m_archive, m_fd) == ARCHIVE_OK;
}

ZipFile::~ZipFile()
{
    if (m_archive != nullptr)
        archive_write_free(m_archive);
    if (m_fd < 0)
        return;
    ::close(m_fd);
    if (!m_isComplete)
        ::unlink(m_path.c_str());
}

Result<void> ZipFile::addFile(const std::string& name, std::string_view content, std::time_t modified, bool isExecutable)
{
    return add({.name = name, .content = content, .modified = modified, .isExecutable = isExecutable});
}

Result<void> ZipFile::addLink(const std::string& name, const std::string& target, std::time_t modified)
{
    return add({.name = name, .target = &target, .modified = modified});
}

Result<void> ZipFile::add(const Entry& added)
{
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), &archive_entry_free);
    archive_entry_copy_pathname(entry.get(), added.name.c_str());
    archive_entry_set_mtime(entry.get(), added.modified, 0);
    archive_entry_set_filetype(entry.get(), added.target ? AE_IFLNK : AE_IFREG);
    archive_entry_set_perm(entry.get(), added.target ? 0777 : added.isExecutable ? 0755 : 0644);
    archive_entry_set_size(entry.get(), la_int64_t(added.content.size()));
    if (added.target)
        archive_entry_copy_symlink(entry.get(), added.target->c_str());
    const bool isWritten = m_isGood && archive_write_header(m_archive, entry.get()) >= ARCHIVE_WARN
        && (added.target || archive_write_data(m_archive, added.content.data(), added.content.size()) == la_ssize_t(added.content.size()));
    return isWritten ? Result<void>() : failure();
}

Result<void> ZipFile::complete()
{
    m_isComplete = m_isGood && archive_write_close(m_archive) == ARCHIVE_OK && ::fsync(m_fd) == 0;
    return m_isComplete ? Result<void>() : failure();
}

Error ZipFile::failure() const
{
    const char* said = archive_error_string(m_archive);
    return Error{ErrorCode::Io, "cannot write " + m_path.string() + ": " + (said ? said : std::strerror(errno)), {}, "Look whether the disk is full."};
}

} // namespace aap
