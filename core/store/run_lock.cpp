#include "core/store/run_lock.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/ids.h"
#include "core/base/paths.h"

namespace aap {
namespace {

std::filesystem::path lockFile(const std::filesystem::path& journalFile, const std::string& runId)
{
    return journalFile.parent_path() / "locks" / (runId + ".lock");
}

/// The whole file, held by the open file: children that run another program do not keep it.
struct ::flock wholeFile()
{
    struct ::flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return whole;
}

/// An owner that went removes its file: a lock on that one would be worth nothing.
bool isStill(int descriptor, const std::filesystem::path& file)
{
    struct stat ours{};
    struct stat there{};
    return ::fstat(descriptor, &ours) == 0 && ::stat(file.c_str(), &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

} // namespace

Result<RunLock> RunLock::take(const std::filesystem::path& journalFile, const std::string& runId)
{
    if (!isRunId(runId))
        return Error{ErrorCode::Invalid, "'" + runId + "' is not the id of a run"};
    const auto file = lockFile(journalFile, runId);
    if (auto made = makePrivateFolder(file.parent_path()); !made)
        return std::move(made).error().during("lock the run");
    for (;;) {
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0)
            return Error{ErrorCode::Io, "cannot make " + file.string() + ": " + std::strerror(errno)};
        RunLock lock(file, descriptor);
        auto whole = wholeFile();
        if (::fcntl(descriptor, F_OFD_SETLK, &whole) == 0) {
            if (isStill(descriptor, file))
                return lock;
            ::close(std::exchange(lock.m_descriptor, -1));
            continue;
        }
        const int why = errno;
        ::close(std::exchange(lock.m_descriptor, -1));
        if (why != EAGAIN && why != EACCES)
            return Error{ErrorCode::Io, "cannot lock " + file.string() + ": " + std::strerror(why)};
        return Error{ErrorCode::Invalid, "another program is working on run " + runId, {}, "Wait until it ends, or stop it first."};
    }
}

bool RunLock::isHeld(const std::filesystem::path& journalFile, const std::string& runId)
{
    if (!isRunId(runId))
        return false;
    const int descriptor = ::open(lockFile(journalFile, runId).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        return false;
    auto whole = wholeFile();
    const bool isHeld = ::fcntl(descriptor, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    ::close(descriptor);
    return isHeld;
}

RunLock::RunLock(RunLock&& other) noexcept : m_file(std::move(other.m_file)), m_descriptor(std::exchange(other.m_descriptor, -1)) {}

RunLock::~RunLock()
{
    if (m_descriptor < 0)
        return;
    ::unlink(m_file.c_str()); // while we hold it, so that nobody holds another one of this name
    ::close(m_descriptor);
}

} // namespace aap
