#include "core/base/files.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCryptographicHash>
#include <QFile>

namespace aap {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }
    bool isOpen() const { return m_fd >= 0; }

private:
    int m_fd;
};

Error systemError(std::string_view verb, const std::filesystem::path& path)
{
    const auto code = errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io;
    return Error{code, std::string(verb) + " " + path.string() + ": " + std::strerror(errno)};
}

Result<void> writeAll(int fd, std::string_view content, const std::filesystem::path& path)
{
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return systemError("cannot write", path);
        content.remove_prefix(std::size_t(written));
    }
    return {};
}

void syncFolder(const std::filesystem::path& folder)
{
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.isOpen())
        ::fsync(opened.get()); // some file systems cannot; the rename itself has been done
}

} // namespace

Result<std::string> readFile(const std::filesystem::path& path, std::uintmax_t limit)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.isOpen())
        return systemError("cannot open", path);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        return systemError("cannot read", path);
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::Invalid, path.string() + " is not a regular file"};
    if (std::uintmax_t(status.st_size) > limit)
        return Error{ErrorCode::Limit, path.string() + " has more than " + std::to_string(limit) + " bytes"};
    std::string content;
    char block[65536];
    for (;;) {
        const auto got = ::read(file.get(), block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError("cannot read", path);
        if (got == 0)
            return content;
        content.append(block, std::size_t(got));
        if (content.size() > limit)
            return Error{ErrorCode::Limit, path.string() + " has more than " + std::to_string(limit) + " bytes"};
    }
}

Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content, FileMode mode)
{
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return Error{ErrorCode::Io, "cannot make the folder " + folder.string() + ": " + failed.message()};

    // The process's id tells what nobody writes any more.
    std::string temporary = (folder / ("." + path.filename().string() + "." + std::to_string(::getpid()) + ".XXXXXX")).string();
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file.isOpen())
        return systemError("cannot write in", folder);
    auto written = writeAll(file.get(), content, path);
    if (written && (::fchmod(file.get(), mode_t(mode)) != 0 || ::fsync(file.get()) != 0))
        written = systemError("cannot write", path);
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
        written = systemError("cannot replace", path);
    if (!written)
        ::unlink(temporary.c_str());
    else
        syncFolder(folder);
    return written;
}

void removeHalfWritten(const std::filesystem::path& path)
{
    const auto prefix = "." + path.filename().string() + ".";
    std::error_code failed;
    std::vector<std::filesystem::path> left;
    for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), failed)) {
        const auto name = entry.path().filename().string();
        const auto writer = name.starts_with(prefix) ? std::atoi(name.c_str() + prefix.size()) : 0;
        if (writer > 0 && ::kill(writer, 0) != 0 && errno == ESRCH)
            left.push_back(entry.path());
    }
    for (const auto& file : left)
        std::filesystem::remove(file, failed);
}

std::string sha256(std::string_view bytes)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(bytes.data(), qsizetype(bytes.size())));
    return hash.result().toHex().toStdString();
}

Result<std::string> sha256OfFile(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return Error{ErrorCode::Io, "cannot read " + path.string() + ": " + file.errorString().toStdString()};
    return hash.result().toHex().toStdString();
}

} // namespace aap
