#include "core/base/beneath.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QRandomGenerator>

namespace aap {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostInFolder = 200'000;
constexpr std::size_t kRemovedAtOnce = 4096;
constexpr int kMostRemovals = 2500; // times the above in one folder: nobody shall keep us busy by adding files
constexpr int kMostTries = 100;

class Handle {
public:
    explicit Handle(int fd) : m_fd(fd) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

/// "a/./b//c" becomes "a/b/c"; what could leave the folder or confuse a reader is an error.
Result<std::string> normalized(std::string_view path)
{
    const auto invalid = [&](std::string_view why) {
        return Error{ErrorCode::Invalid, "the path '" + std::string(path.substr(0, 200)) + "' " + std::string(why)};
    };
    if (path.find('\0') != std::string_view::npos)
        return invalid("contains a NUL byte");
    if (path.size() > 4096)
        return invalid("is longer than 4096 bytes");
    if (path.starts_with('/'))
        return invalid("is absolute; write it relative to the workspace");
    std::string clean;
    for (std::size_t at = 0; at <= path.size();) {
        const auto slash = std::min(path.find('/', at), path.size());
        const auto part = path.substr(at, slash - at);
        if (part == "..")
            return invalid("leaves the workspace");
        if (part.size() > 255)
            return invalid("has a part of more than 255 bytes");
        if (!part.empty() && part != ".")
            clean.append(clean.empty() ? "" : "/").append(part);
        at = slash + 1;
    }
    return clean.empty() ? std::string(".") : clean;
}

Error systemError(std::string_view path)
{
    const std::string name(path);
    switch (errno) {
    case ENOENT:
    case ENOTDIR: return Error{ErrorCode::NotFound, name + ": there is no such file"};
    case ELOOP:
    case EXDEV: return Error{ErrorCode::Invalid, name + ": a link leaves the workspace or is not allowed here"};
    case EISDIR: return Error{ErrorCode::Invalid, name + " is a folder"};
    case EACCES: return Error{ErrorCode::Unauthorized, name + ": it is closed to everybody, or to us"};
    case EAGAIN: return Error{ErrorCode::Io, name + ": somebody holds it or changes it all the time"};
    default: return Error{ErrorCode::Io, name + ": " + std::strerror(errno)};
    }
}

int openat2(int folder, const std::string& path, std::uint64_t flags, std::uint64_t mode, std::uint64_t resolve)
{
    open_how how{};
    how.flags = flags | O_CLOEXEC | ((flags & O_PATH) == 0 ? O_NONBLOCK : 0U); // which a bare path cannot be opened with
    how.mode = mode;
    how.resolve = resolve;
    int fd = -1;
    for (int tries = 0; tries < kMostTries && fd < 0; ++tries) {
        fd = int(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how));
        if (fd < 0 && errno != EAGAIN) // EAGAIN: something was renamed meanwhile, ask again; or somebody has a lease on it, and keeps it
            break;
    }
    return fd;
}

std::string parentOf(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string nameOf(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

Folder::Entry entryFrom(int folder, const char* name, std::string path, const struct stat& status)
{
    Folder::Entry entry;
    entry.path = std::move(path);
    entry.kind = S_ISREG(status.st_mode) ? Folder::Kind::File
        : S_ISDIR(status.st_mode)        ? Folder::Kind::Folder
        : S_ISLNK(status.st_mode)        ? Folder::Kind::Link
                                         : Folder::Kind::Other;
    entry.bytes = entry.kind == Folder::Kind::File ? std::uint64_t(status.st_size) : 0;
    entry.mode = status.st_mode & 07777U;
    entry.uid = status.st_uid;
    entry.modifiedNs = std::int64_t(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    entry.changedNs = std::int64_t(status.st_ctim.tv_sec) * 1'000'000'000 + status.st_ctim.tv_nsec;
    entry.inode = status.st_ino;
    if (entry.kind == Folder::Kind::Link) {
        char target[4096];
        const auto length = ::readlinkat(folder, name, target, sizeof target);
        entry.target.assign(target, std::size_t(std::max<ssize_t>(length, 0)));
    }
    return entry;
}

Result<void> writeAll(int fd, std::string_view content, std::string_view path)
{
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return systemError(path);
        content.remove_prefix(std::size_t(written));
    }
    return {};
}

void own(int fd, const Folder::WriteOptions& options)
{
    // Not permitted to anyone but root, and then the process's own user is the right owner anyway.
    if (options.owner && ::geteuid() == 0)
        (void)!::fchown(fd, options.owner->first, options.owner->second);
}

/// Names in an open folder, sorted; no more than `most` of them.
std::vector<std::string> namesIn(int folder, std::size_t most)
{
    std::vector<std::string> names;
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* stream = copy < 0 ? nullptr : ::fdopendir(copy); // owns the copy from here on
    if (stream == nullptr)
        return names;
    while (const auto* item = names.size() < most ? ::readdir(stream) : nullptr) // NOLINT(concurrency-mt-unsafe): a stream of our own
        if (std::string_view name = item->d_name; name != "." && name != "..")
            names.emplace_back(name);
    ::closedir(stream);
    std::ranges::sort(names);
    return names;
}

std::string freshName()
{
    return std::string(Folder::kTemporary) + std::to_string(QRandomGenerator::system()->generate64());
}

/// Removes one entry of an open folder with everything in it, however deep that is.
class Removal {
public:
    explicit Removal(int folder) : m_top(folder) {}

    Result<void> remove(const std::string& name)
    {
        auto removed = removeFrom(m_top, name, 0);
        while (removed && !m_lifted.empty()) {
            const auto next = std::move(m_lifted.back());
            m_lifted.pop_back();
            removed = removeFrom(m_top, next, 0);
        }
        return removed;
    }

private:
    Result<void> removeFrom(int folder, const std::string& name, int depth)
    {
        if (::unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT)
            return {};
        if (errno != EISDIR && errno != EPERM)
            return systemError(name);
        const Handle inside(openClosed(folder, name));
        if (inside.get() < 0)
            return systemError(name);
        if (depth == kDeepest)
            return lift(folder, name);
        if (auto emptied = empty(inside.get(), depth); !emptied)
            return emptied;
        if (::unlinkat(folder, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
            return systemError(name);
        return {};
    }
    Result<void> empty(int folder, int depth)
    {
        for (int times = 0; times < kMostRemovals; ++times) {
            const auto names = namesIn(folder, kRemovedAtOnce);
            if (names.empty())
                return {};
            for (const auto& name : names)
                if (auto removed = removeFrom(folder, name, depth + 1); !removed)
                    return removed;
        }
        return Error{ErrorCode::Limit, "a folder has too many files to be removed"};
    }
    /// Too deep to go on with open folders all the way: it becomes a neighbour of what is removed.
    Result<void> lift(int folder, const std::string& name)
    {
        auto fresh = freshName();
        if (::renameat(folder, name.c_str(), m_top, fresh.c_str()) != 0)
            return systemError(name);
        m_lifted.push_back(std::move(fresh));
        return {};
    }
    /// Opens a folder though its mode keeps its owner out; by the descriptor, so that no link can put another one in its place.
    static int openClosed(int folder, const std::string& name)
    {
        constexpr auto kResolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
        const Handle found(openat2(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0, kResolve));
        struct stat status {};
        if (found.get() < 0 || ::fstat(found.get(), &status) != 0)
            return -1;
        if ((status.st_mode & 0700U) != 0700U)
            (void)!::chmod(("/proc/self/fd/" + std::to_string(found.get())).c_str(), 0700);
        return openat2(found.get(), ".", O_RDONLY | O_DIRECTORY, 0, kResolve);
    }

    int m_top;
    std::vector<std::string> m_lifted{};
};

} // namespace

struct Folder::Descriptor {
    explicit Descriptor(int opened) : handle(opened) {}
    Handle handle;
};

Folder::Folder(std::filesystem::path path, std::shared_ptr<Descriptor> descriptor) : m_path(std::move(path)), m_descriptor(std::move(descriptor)) {}

Folder::~Folder() = default;

Result<Folder> Folder::open(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return systemError(path.string()).during("open the folder");
    return Folder(path, std::make_shared<Descriptor>(fd));
}

Result<int> Folder::openBelow(std::string_view path, int flags, Links links) const
{
    auto clean = normalized(path);
    if (!clean)
        return std::move(clean).error();
    auto resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    if (links == Links::Refuse) {
        resolve |= RESOLVE_NO_SYMLINKS;
        flags |= O_NOFOLLOW;
    }
    const int fd = openat2(m_descriptor->handle.get(), *clean, std::uint64_t(flags), 0, resolve);
    if (fd < 0)
        return systemError(*clean);
    return fd;
}

Result<Folder> Folder::folder(std::string_view path) const
{
    auto opened = openBelow(path, O_RDONLY | O_DIRECTORY, Links::Refuse);
    if (!opened)
        return std::move(opened).error();
    return Folder(m_path / path, std::make_shared<Descriptor>(*opened));
}

Result<Folder::File> Folder::openFile(std::string_view path, Links links) const
{
    auto opened = openBelow(path, O_RDONLY, links);
    if (!opened)
        return std::move(opened).error();
    File file;
    file.m_descriptor = std::make_shared<Descriptor>(*opened);
    file.m_path = path;
    struct stat status {};
    if (::fstat(*opened, &status) != 0)
        return systemError(path);
    if (S_ISDIR(status.st_mode))
        return Error{ErrorCode::Invalid, file.m_path + " is a folder"};
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::Invalid, file.m_path + " is no regular file"};
    if (status.st_nlink > 1)
        return Error{ErrorCode::Invalid, file.m_path + " has a second name (hard link), which may lie outside the workspace"};
    file.m_bytes = std::uint64_t(status.st_size);
    file.m_mode = status.st_mode & 07777U;
    return file;
}

Result<std::string> Folder::File::read(std::size_t most)
{
    std::string piece(most, '\0');
    for (;;) {
        const auto got = ::read(m_descriptor->handle.get(), piece.data(), most);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(m_path);
        piece.resize(std::size_t(got));
        return piece;
    }
}

Result<std::string> Folder::read(std::string_view path, std::uint64_t limit, Links links) const
{
    auto file = openFile(path, links);
    if (!file)
        return std::move(file).error();
    std::string content;
    for (;;) {
        if (std::max<std::uint64_t>(file->bytes(), content.size()) > limit) // it may grow while we read
            return Error{ErrorCode::Limit, std::string(path) + " has more than " + std::to_string(limit) + " bytes"};
        auto piece = file->read(65536);
        if (!piece)
            return std::move(piece).error();
        if (piece->empty())
            return content;
        content += *piece;
    }
}

Result<void> Folder::write(std::string_view path, std::string_view content) const
{
    return write(path, content, WriteOptions{});
}

/// Where a file is about to stand: its open parent, its name, and a free name beside it.
struct Folder::Place {
    std::shared_ptr<Descriptor> parent{};
    std::string path{};
    std::string name{};
    std::string temporary{};

    int folder() const { return parent->handle.get(); }
    Result<void> moveIn() const
    {
        if (::renameat(folder(), temporary.c_str(), folder(), name.c_str()) == 0)
            return {};
        auto error = systemError(path);
        ::unlinkat(folder(), temporary.c_str(), 0);
        return error;
    }
};

Result<Folder::Place> Folder::placeFor(std::string_view path, const WriteOptions& options) const
{
    const auto clean = normalized(path);
    if (!clean)
        return clean.error();
    if (*clean == ".")
        return Error{ErrorCode::Invalid, "the path '" + std::string(path) + "' names no file"};
    const auto above = parentOf(*clean);
    if (auto made = makeFolder(above, options); !made)
        return std::move(made).error();
    auto opened = openBelow(above, O_RDONLY | O_DIRECTORY, Links::Refuse);
    if (!opened)
        return std::move(opened).error();
    return Place{.parent = std::make_shared<Descriptor>(*opened),
                 .path = *clean,
                 .name = nameOf(*clean),
                 .temporary = freshName()};
}

Result<void> Folder::write(std::string_view path, std::string_view content, const WriteOptions& options) const
{
    const auto place = placeFor(path, options);
    if (!place)
        return place.error();
    const Handle file(::openat(place->folder(), place->temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.get() < 0)
        return systemError(place->path);
    own(file.get(), options);
    auto written = writeAll(file.get(), content, place->path);
    if (written && ::fchmod(file.get(), options.mode) != 0)
        written = systemError(place->path);
    if (written)
        return place->moveIn();
    ::unlinkat(place->folder(), place->temporary.c_str(), 0);
    return written;
}

Result<void> Folder::writeLink(std::string_view path, std::string_view target, const WriteOptions& options) const
{
    const auto place = placeFor(path, options);
    if (!place)
        return place.error();
    if (!linkStaysBelow(place->path, target))
        return Error{ErrorCode::Invalid, place->path + ": the link leaves the folder"};
    if (::symlinkat(std::string(target).c_str(), place->folder(), place->temporary.c_str()) != 0)
        return systemError(place->path);
    if (options.owner && ::geteuid() == 0)
        (void)!::fchownat(place->folder(), place->temporary.c_str(), options.owner->first, options.owner->second, AT_SYMLINK_NOFOLLOW);
    return place->moveIn();
}

Result<void> Folder::makeFolder(std::string_view path) const
{
    return makeFolder(path, WriteOptions{});
}

Result<void> Folder::makeFolder(std::string_view path, const WriteOptions& options) const
{
    const auto clean = normalized(path);
    if (!clean)
        return clean.error();
    if (*clean == ".")
        return {};
    for (std::size_t at = 0; at != std::string::npos;) {
        at = clean->find('/', at + 1);
        const auto part = clean->substr(0, at);
        auto above = openBelow(parentOf(part), O_RDONLY | O_DIRECTORY, Links::Refuse);
        if (!above)
            return std::move(above).error();
        const Handle parent(*above);
        const auto name = nameOf(part);
        if (::mkdirat(parent.get(), name.c_str(), 0755) == 0) {
            const Handle made(::openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            if (made.get() >= 0)
                own(made.get(), options);
        } else if (errno != EEXIST) {
            return systemError(part);
        }
    }
    auto opened = openBelow(*clean, O_RDONLY | O_DIRECTORY, Links::Refuse);
    if (!opened)
        return std::move(opened).error();
    const Handle proof(*opened);
    return {};
}

Result<Folder::Entry> Folder::stat(std::string_view path) const
{
    const auto clean = normalized(path);
    if (!clean)
        return clean.error();
    auto opened = openBelow(*clean == "." ? "." : parentOf(*clean), O_RDONLY | O_DIRECTORY, Links::Refuse);
    if (!opened)
        return std::move(opened).error();
    const Handle parent(*opened);
    const auto name = *clean == "." ? std::string(".") : nameOf(*clean);
    struct stat status {};
    if (::fstatat(parent.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        return systemError(*clean);
    return entryFrom(parent.get(), name.c_str(), *clean, status);
}

Result<std::vector<Folder::Entry>> Folder::list(std::string_view path) const
{
    const auto clean = normalized(path.empty() ? "." : path);
    if (!clean)
        return clean.error();
    auto opened = openBelow(*clean, O_RDONLY | O_DIRECTORY, Links::Refuse);
    if (!opened)
        return std::move(opened).error();
    const Handle folder(*opened);
    const auto names = namesIn(folder.get(), kMostInFolder + 1);
    if (names.size() > kMostInFolder)
        return Error{ErrorCode::Limit, *clean + " has more than " + std::to_string(kMostInFolder) + " entries"};
    std::vector<Entry> entries;
    for (const auto& name : names) {
        struct stat status {};
        if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) // gone meanwhile: it is not there
            entries.push_back(entryFrom(folder.get(), name.c_str(), *clean == "." ? name : *clean + "/" + name, status));
    }
    return entries;
}

Result<void> Folder::remove(std::string_view path) const
{
    const auto clean = normalized(path);
    if (!clean)
        return clean.error();
    if (*clean == ".")
        return Error{ErrorCode::Invalid, "the folder itself is not removed"};
    auto opened = openBelow(parentOf(*clean), O_RDONLY | O_DIRECTORY, Links::Refuse);
    if (!opened)
        return opened.error().code == ErrorCode::NotFound ? Result<void>() : std::move(opened).error();
    const Handle parent(*opened);
    return Removal(parent.get()).remove(nameOf(*clean));
}

Result<void> Folder::walk(std::string_view path, const std::function<Walk(const Entry&)>& visit, std::size_t mostEntries) const
{
    auto first = list(path);
    if (!first)
        return std::move(first).error();
    struct Level {
        std::vector<Entry> entries;
        std::size_t next = 0;
    };
    std::vector<Level> levels;
    levels.push_back({std::move(*first)});
    for (std::size_t seen = 0; !levels.empty();) {
        auto& level = levels.back();
        if (level.next == level.entries.size()) {
            levels.pop_back();
            continue;
        }
        const auto entry = level.entries[level.next++];
        if (++seen > mostEntries)
            return Error{ErrorCode::Limit, "there are more than " + std::to_string(mostEntries) + " files"};
        const auto answer = visit(entry);
        if (answer == Walk::Stop)
            return {};
        if (answer == Walk::Skip || entry.kind != Kind::Folder)
            continue;
        if (levels.size() >= kDeepest)
            return Error{ErrorCode::Limit, entry.path + ": folders are nested more than " + std::to_string(kDeepest) + " deep"};
        if (auto below = list(entry.path))
            levels.push_back({std::move(*below)});
        else if (below.error().code != ErrorCode::NotFound && below.error().code != ErrorCode::Unauthorized) // removed, replaced or closed: nothing to walk
            return std::move(below).error();
    }
    return {};
}

bool linkStaysBelow(std::string_view path, std::string_view target)
{
    if (target.empty() || target.starts_with('/') || target.find('\0') != std::string_view::npos)
        return false;
    // The link's own folder is a real one. '..' counts only before any name: behind a name that may be a link again it could
    // mean another place than it says.
    auto depth = std::ranges::count(path, '/');
    bool named = false;
    for (std::size_t at = 0; at < target.size();) {
        const auto slash = std::min(target.find('/', at), target.size());
        const auto part = target.substr(at, slash - at);
        if (part == ".." && (named || --depth < 0))
            return false;
        named = named || (!part.empty() && part != "." && part != "..");
        at = slash + 1;
    }
    return true;
}

} // namespace aap
