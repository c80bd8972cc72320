#include "core/observe/log_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aap {
namespace {

namespace fs = std::filesystem;

fs::path numbered(const fs::path& path, int number)
{
    return number == 0 ? path : fs::path(path.string() + "." + std::to_string(number));
}

} // namespace

Result<std::shared_ptr<LogFile>> LogFile::open(fs::path path, std::uintmax_t mostBytes)
{
    const std::shared_ptr<LogFile> log(new LogFile(std::move(path), mostBytes));
    if (!log->reopen())
        return Error{ErrorCode::Io, "cannot write the log " + log->m_path.string() + ": " + std::strerror(errno), {},
                     "Set logging.file to a file that you can write."};
    return log;
}

LogFile::~LogFile()
{
    if (m_file >= 0)
        ::close(m_file);
}

bool LogFile::reopen()
{
    const int file = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    struct stat status {};
    if (file < 0 || ::fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || ::fchmod(file, 0600) != 0) {
        const auto why = errno == 0 ? EINVAL : errno;
        if (file >= 0)
            ::close(file);
        errno = why;
        return false;
    }
    if (m_file >= 0)
        ::close(m_file);
    m_file = file;
    return true;
}

/// Another process may have rotated the file away, or somebody removed it.
bool LogFile::isStillThere() const
{
    struct stat named {}, held {};
    return ::stat(m_path.c_str(), &named) == 0 && ::fstat(m_file, &held) == 0 && named.st_ino == held.st_ino && named.st_dev == held.st_dev;
}

void LogFile::rotate()
{
    std::error_code ignored; // what cannot be moved is written on
    for (int number = kMostFiles - 1; number > 0; --number)
        fs::rename(numbered(m_path, number - 1), numbered(m_path, number), ignored);
    reopen(); // the lock on the old file goes with it
}

void LogFile::sink_it_(const spdlog::details::log_msg& message)
{
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    // A lock counts only when what was locked is still the file of that name; whoever rotates meanwhile lets us try again.
    for (int attempt = 0; attempt < 3; ++attempt) {
        while (::flock(m_file, LOCK_EX) != 0 && errno == EINTR) { }
        if (isStillThere() || !reopen())
            break;
    }
    struct stat status {};
    if (::fstat(m_file, &status) == 0 && status.st_size > 0 && std::uintmax_t(status.st_size) + line.size() > m_mostBytes)
        rotate();
    const auto before = ::lseek(m_file, 0, SEEK_END);
    const auto written = ::write(m_file, line.data(), line.size());
    const bool isTorn = written >= 0 && std::size_t(written) < line.size(); // the disk is full
    [[maybe_unused]] const auto mended = isTorn ? ::ftruncate(m_file, before) : 0;
    ::flock(m_file, LOCK_UN);
}

} // namespace aap
