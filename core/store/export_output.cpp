#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "core/store/copy_tree.h"
#include "core/store/new_target.h"
#include "core/store/output_folder.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostBytes = 1ULL << 30U; ///< of one file
const CopyRules kEverything{.tree = {.mostFileBytes = kMostBytes, .byproducts = true}, .mostBytes = 64ULL << 30U};

struct ArchiveFree {
    void operator()(archive* it) const { archive_write_free(it); }
    void operator()(archive_entry* it) const { archive_entry_free(it); }
};
using Archive = std::unique_ptr<archive, ArchiveFree>;

/// A new ZIP file; removed again unless it was completed.
class ZipFile {
public:
    explicit ZipFile(const std::filesystem::path& path)
        : m_path(path), m_fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644))
    {
        if (m_fd < 0)
            return;
        m_archive.reset(archive_write_new());
        m_isGood = archive_write_set_format_zip(m_archive.get()) == ARCHIVE_OK
            && archive_write_set_options(m_archive.get(), "hdrcharset=UTF-8") >= ARCHIVE_WARN && archive_write_open_fd(m_archive.get(), m_fd) == ARCHIVE_OK;
    }
    ZipFile(const ZipFile&) = delete;
    ZipFile& operator=(const ZipFile&) = delete;
    ~ZipFile()
    {
        m_archive.reset();
        if (m_fd < 0)
            return;
        ::close(m_fd);
        if (!m_isComplete)
            ::unlink(m_path.c_str());
    }

    bool isOpen() const { return m_fd >= 0; }
    Result<void> add(const std::string& name, const Folder::Entry& from, const std::string& content)
    {
        const std::unique_ptr<archive_entry, ArchiveFree> entry(archive_entry_new());
        archive_entry_copy_pathname(entry.get(), name.c_str());
        archive_entry_set_mtime(entry.get(), time_t(from.modifiedNs / 1'000'000'000), 0);
        const bool isLink = from.kind == Folder::Kind::Link;
        archive_entry_set_filetype(entry.get(), isLink ? AE_IFLNK : AE_IFREG);
        archive_entry_set_perm(entry.get(), isLink ? 0777 : (from.mode & 0100U) != 0 ? 0755 : 0644);
        archive_entry_set_size(entry.get(), isLink ? 0 : la_int64_t(content.size()));
        if (isLink)
            archive_entry_copy_symlink(entry.get(), from.target.c_str());
        const bool isWritten = m_isGood && archive_write_header(m_archive.get(), entry.get()) >= ARCHIVE_WARN
            && (isLink || archive_write_data(m_archive.get(), content.data(), content.size()) == la_ssize_t(content.size()));
        return isWritten ? Result<void>() : failure();
    }
    Result<void> complete()
    {
        m_isComplete = m_isGood && archive_write_close(m_archive.get()) == ARCHIVE_OK && ::fsync(m_fd) == 0;
        return m_isComplete ? Result<void>() : failure();
    }

private:
    Error failure() const
    {
        const char* said = archive_error_string(m_archive.get());
        return Error{ErrorCode::Io, "cannot write " + m_path.string() + ": " + (said ? said : std::strerror(errno))};
    }

    std::filesystem::path m_path;
    int m_fd;
    Archive m_archive{};
    bool m_isGood = false;
    bool m_isComplete = false;
};

Result<std::vector<Folder::Entry>> sortedEntries(const Folder& folder)
{
    std::vector<Folder::Entry> entries;
    auto walked = folder.walk("", [&](const Folder::Entry& entry) {
        const bool isKept = reasonToLeaveOut(entry, kEverything.tree).empty();
        if (isKept && entry.kind != Folder::Kind::Folder)
            entries.push_back(entry);
        return isKept ? Folder::Walk::Into : Folder::Walk::Skip;
    });
    if (!walked)
        return std::move(walked).error();
    std::ranges::sort(entries, {}, &Folder::Entry::path);
    return entries;
}

Result<void> exportZip(const Folder& folder, const std::filesystem::path& target)
{
    const auto entries = sortedEntries(folder);
    if (!entries)
        return entries.error();
    ZipFile zip(target);
    if (!zip.isOpen())
        return refusedTarget(target);
    const auto above = std::filesystem::canonical(folder.path()).filename().string() + "/";
    for (const auto& entry : *entries) {
        auto content = entry.kind == Folder::Kind::Link ? Result<std::string>(std::string()) : folder.read(entry.path, kMostBytes, Folder::Links::Refuse);
        if (!content)
            return std::move(content).error();
        if (auto added = zip.add(above + entry.path, entry, *content); !added)
            return added;
    }
    return zip.complete();
}

Result<void> exportFolder(const Folder& folder, const std::filesystem::path& target)
{
    if (auto made = makeNewFolder(target); !made)
        return made;
    const auto into = Folder::open(target);
    if (!into)
        return into.error();
    auto rules = kEverything;
    rules.except = target; // it may lie in what is copied
    const auto copied = copyTree(folder, *into, "", rules, {});
    return copied ? Result<void>() : copied.error();
}

} // namespace

Result<void> exportOutput(const std::filesystem::path& folder, const std::filesystem::path& target)
{
    const auto from = Folder::open(folder);
    if (!from)
        return Error(from.error()).during("export the results");
    auto exported = target.extension() == ".zip" ? exportZip(*from, target) : exportFolder(*from, target);
    return exported ? Result<void>() : std::move(exported).error().during("export " + folder.string());
}

} // namespace aap
