#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace aap {

/// A folder that foreign code writes into, opened once; everything below it is reached through openat2 and never leaves it,
/// whatever links, pipes, devices and races the foreign code prepares. Paths are relative, '/'-separated; NUL, empty, absolute
/// and '..' are Invalid. Copyable handle; any threads may use it at the same time.
class Folder {
    struct Descriptor;

public:
    /// How the names of files begin that are being written; they are renamed when they are whole.
    static constexpr std::string_view kTemporary = ".aap-";

    enum class Kind { File, Folder, Link, Other };
    struct Entry {
        std::string path{}; ///< relative to this folder
        Kind kind{};
        std::uint64_t bytes = 0;
        unsigned mode = 0; ///< permission bits
        unsigned uid = 0;
        std::int64_t modifiedNs = 0;
        std::int64_t changedNs = 0; ///< ctime: of content or mode, and nobody can set it back
        std::uint64_t inode = 0;
        std::string target{}; ///< of a link
    };
    /// Whether reading may go through links that stay below the folder.
    enum class Links { Refuse, FollowBelow };

    struct WriteOptions {
        unsigned mode = 0644;
        /// Owner of the file and of folders made for it; the process's own when unset or not permitted.
        std::optional<std::pair<unsigned, unsigned>> owner{};
    };

    /// A regular file with one name, opened: read from front to end in pieces. Copyable handle, one position.
    class File {
    public:
        std::uint64_t bytes() const { return m_bytes; } ///< when it was opened; it may grow or shrink meanwhile
        unsigned mode() const { return m_mode; }        ///< permission bits
        /// At most `most` bytes; empty at the end.
        Result<std::string> read(std::size_t most);

    private:
        friend class Folder;
        std::shared_ptr<Descriptor> m_descriptor{};
        std::string m_path{};
        std::uint64_t m_bytes = 0;
        unsigned m_mode = 0;
    };

    static Result<Folder> open(const std::filesystem::path& path);

    Folder(const Folder&) = default;
    Folder& operator=(const Folder&) = default;
    Folder(Folder&&) noexcept = default;
    Folder& operator=(Folder&&) noexcept = default;
    ~Folder();

    const std::filesystem::path& path() const { return m_path; }

    /// A folder below this one.
    Result<Folder> folder(std::string_view path) const;
    /// Regular files with one name only: a second hard link may lead anywhere. Links by `links`; special files are refused at once.
    Result<File> openFile(std::string_view path, Links links = Links::FollowBelow) const;
    /// The same, read at once.
    Result<std::string> read(std::string_view path, std::uint64_t limit = 64U << 20U, Links links = Links::FollowBelow) const;
    /// Old content or new content: written beside and renamed. Makes missing folders. A link in the way is replaced, never followed.
    Result<void> write(std::string_view path, std::string_view content) const;
    Result<void> write(std::string_view path, std::string_view content, const WriteOptions& options) const;
    /// A symbolic link, in the same manner. Its target is text; Invalid when it does not stay below (see linkStaysBelow).
    Result<void> writeLink(std::string_view path, std::string_view target, const WriteOptions& options) const;
    /// Makes it and what is missing above it.
    Result<void> makeFolder(std::string_view path) const;
    Result<void> makeFolder(std::string_view path, const WriteOptions& options) const;
    /// What stands there; a link is not followed.
    Result<Entry> stat(std::string_view path) const;
    /// Sorted by name; "" or "." is the folder itself.
    Result<std::vector<Entry>> list(std::string_view path) const;
    /// A file, a link, or a folder with everything in it. What is not there is no error.
    Result<void> remove(std::string_view path) const;

    enum class Walk { Into, Skip, Stop };
    /// Everything below `path`, folders before what is in them, sorted; the visitor's answer for a folder decides whether to go in.
    /// Deeper than 64 or more than `mostEntries`: Error Limit.
    Result<void> walk(std::string_view path, const std::function<Walk(const Entry&)>& visit, std::size_t mostEntries = 200'000) const;

private:
    struct Place;
    Result<Place> placeFor(std::string_view path, const WriteOptions& options) const;
    Folder(std::filesystem::path path, std::shared_ptr<Descriptor> descriptor);
    Result<int> openBelow(std::string_view path, int flags, Links links) const;

    std::filesystem::path m_path;
    std::shared_ptr<Descriptor> m_descriptor;
};

/// Whether a link at `path` (relative to a folder) with this target stays below that folder, whatever other such links there are.
bool linkStaysBelow(std::string_view path, std::string_view target);

} // namespace aap
