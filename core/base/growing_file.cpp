#include "core/base/growing_file.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace aap {
namespace {

Error failed(std::string_view name)
{
    const auto code = errno == ENOENT || errno == ENOTDIR ? ErrorCode::NotFound : errno == ELOOP || errno == EXDEV ? ErrorCode::Invalid : ErrorCode::Io;
    return Error{code, std::string(name) + ": " + std::strerror(errno)};
}

int openBeneath(int folder, const std::string& path)
{
    open_how how{};
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    for (;;) {
        const auto fd = int(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how));
        if (fd >= 0 || errno != EAGAIN) // EAGAIN: something was renamed meanwhile, ask again
            return fd;
    }
}

} // namespace

struct GrowingFile::Opened {
    explicit Opened(int handle) : fd(handle) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() { ::close(fd); }
    const int fd;
};

Result<GrowingFile> GrowingFile::open(const std::filesystem::path& folder, std::string_view relative)
{
    const auto root = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return failed(folder.string());
    const Opened rootCloses(root);
    const auto fd = openBeneath(root, std::string(relative));
    if (fd < 0)
        return failed(relative);
    auto opened = std::make_shared<const Opened>(fd);
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        return failed(relative);
    if (!S_ISREG(status.st_mode) || status.st_nlink > 1)
        return Error{ErrorCode::Invalid, std::string(relative) + " is no plain file"};
    return GrowingFile(std::move(opened));
}

std::uint64_t GrowingFile::bytes() const
{
    struct stat status {};
    return ::fstat(m_opened->fd, &status) == 0 ? std::uint64_t(status.st_size) : 0;
}

Result<std::size_t> GrowingFile::readAt(std::uint64_t offset, std::span<char> into) const
{
    std::size_t done = 0;
    while (done < into.size()) {
        const auto got = ::pread(m_opened->fd, into.data() + done, into.size() - done, off_t(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed("read the file");
        if (got == 0)
            break;
        done += std::size_t(got);
    }
    return done;
}

} // namespace aap
