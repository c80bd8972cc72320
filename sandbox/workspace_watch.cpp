#include "sandbox/workspace_watch.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace aap {
namespace {

constexpr Milliseconds kGlance{100};
constexpr Milliseconds kCloseGlance{10}; ///< while it is too big already
constexpr Milliseconds kMeasureEvery{1000};
constexpr int kRestPerWork = 20;
constexpr int kDeepestFolder = 128;
constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kBeyond = 4;
constexpr std::uint64_t kNoise = 16U << 20U; // of a disk that others write to

/// Walks by descriptors: a link that takes a folder's place is not followed.
class Measuring {
public:
    Measuring(const WorkspaceLimits& limits, const std::stop_token& stop) : m_limits(limits), m_stop(stop) {}

    void walk(int folder, int depth)
    {
        DIR* const entries = ::fdopendir(folder);
        if (entries == nullptr) {
            ::close(folder);
            return;
        }
        while (!isEnough())
            if (const auto* entry = ::readdir(entries); entry == nullptr)
                break;
            else if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
                count(::dirfd(entries), entry->d_name, depth);
        ::closedir(entries);
    }
    const WorkspaceUse& use() const { return m_use; }

private:
    bool isEnough() const
    {
        return m_use.bytes / kBeyond > m_limits.bytes || m_use.files / kBeyond > m_limits.files || m_use.isTooDeep || m_stop.stop_requested();
    }
    void count(int folder, const char* name, int depth)
    {
        struct stat status{};
        if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return; // gone
        ++m_use.files;
        const bool isCounted = status.st_nlink > 1 && !S_ISDIR(status.st_mode) && !m_linked.insert(status.st_ino).second;
        if (!isCounted)
            m_use.bytes += std::uint64_t(status.st_blocks) * kBlock;
        if (!S_ISDIR(status.st_mode))
            return;
        if (depth >= kDeepestFolder) {
            m_use.isTooDeep = true;
            return;
        }
        if (const int inside = ::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK); inside >= 0)
            walk(inside, depth + 1);
    }

    const WorkspaceLimits& m_limits;
    const std::stop_token& m_stop;
    WorkspaceUse m_use{};
    std::set<ino_t> m_linked{}; ///< files with several names
};

std::uint64_t megabytes(std::uint64_t bytes)
{
    return bytes >> 20U;
}

} // namespace

WorkspaceUse measureWorkspace(const std::filesystem::path& folder, const WorkspaceLimits& limits, const std::stop_token& stop)
{
    Measuring measuring(limits, stop);
    if (const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); fd >= 0)
        measuring.walk(fd, 0);
    return measuring.use();
}

WorkspaceWatch::WorkspaceWatch(std::filesystem::path folder, WorkspaceLimits limits, std::function<void()> endJobs) :
    m_folder(std::move(folder)), m_limits(limits), m_endJobs(std::move(endJobs)), m_used(measureWorkspace(m_folder, m_limits, {})),
    m_freeThen(freeBytes()), m_thread([this](const std::stop_token& stop) { watch(stop); })
{
}

WorkspaceWatch::~WorkspaceWatch() = default; // the thread is told to stop, and waited for

void WorkspaceWatch::begin(std::function<void()> endIt)
{
    const std::lock_guard lock(m_mutex);
    m_endIt = std::move(endIt);
    m_isFresh = isTooBig(m_used, m_limits);
    m_freeFirst = freeBytes();
    m_changed.notify_all();
}

std::optional<std::string> WorkspaceWatch::end()
{
    Lock lock(m_mutex);
    m_endIt = {};
    const auto freeNow = freeBytes();
    const auto lost = m_freeThen > freeNow ? m_freeThen - freeNow : 0;
    if (m_complaint.empty() && !m_isFresh && lost > m_allowed.bytes - std::min(m_used.bytes, m_allowed.bytes)) { // it was quicker than our glances
        measure(lock, {});
        (void)judge(freeNow);
    }
    auto complaint = std::exchange(m_complaint, {});
    return complaint.empty() ? std::nullopt : std::optional(std::move(complaint));
}

Result<CommandResult> WorkspaceWatch::around(const std::function<Result<CommandResult>(const std::stop_token&)>& run, const std::stop_token& stop)
{
    std::stop_source end;
    const std::stop_callback passOn(stop, [&end] { end.request_stop(); });
    begin([&end] { end.request_stop(); });
    auto result = run(end.get_token());
    auto complaint = this->end();
    if (!result || !complaint)
        return result;
    if (result->ending == Ending::Stopped && !stop.stop_requested())
        result->ending = Ending::DiskLimit;
    result->notices.push_back({.kind = "limit", .subject = "disk", .text = *std::move(complaint)});
    return result;
}

void WorkspaceWatch::watchJobs(bool areThere)
{
    const std::lock_guard lock(m_mutex);
    m_hasJobs = areThere;
    m_changed.notify_all();
}

void WorkspaceWatch::watch(const std::stop_token& stop)
{
    Lock lock(m_mutex);
    while (!stop.stop_requested()) {
        if (!m_changed.wait(lock, stop, [this] { return isActive(); }))
            return;
        const auto glance = isTooBig(m_used, m_limits) ? kCloseGlance : kGlance;
        m_changed.wait_for(lock, stop, glance, [this] { return m_isFresh || !isActive(); });
        if (isActive() && !stop.stop_requested())
            look(lock, stop);
    }
}

bool WorkspaceWatch::mustMeasure(std::uint64_t freeNow) const
{
    const auto lost = m_freeThen > freeNow ? m_freeThen - freeNow : 0;
    const auto left = m_allowed.bytes - std::min(m_used.bytes, m_allowed.bytes);
    return m_isFresh || m_since.elapsed() >= std::max(kMeasureEvery, m_took * kRestPerWork) || (lost > left && m_since.elapsed() >= m_took * 2);
}

void WorkspaceWatch::look(Lock& lock, const std::stop_token& stop)
{
    const auto freeNow = freeBytes();
    if (mustMeasure(freeNow)) {
        measure(lock, stop);
        if (std::exchange(m_isFresh, false)) {
            m_allowed.bytes = std::max(m_limits.bytes, m_used.bytes);
            m_allowed.files = std::max(m_limits.files, m_used.files);
            return;
        }
        if (!isTooBig(m_used, m_limits))
            m_allowed = m_limits;
    }
    if (judge(freeNow))
        stopAll(lock);
}

void WorkspaceWatch::measure(Lock& lock, const std::stop_token& stop)
{
    lock.unlock();
    const Stopwatch watch;
    const auto free = freeBytes();
    const auto use = measureWorkspace(m_folder, m_limits, stop);
    lock.lock();
    m_used = use;
    m_freeThen = free;
    m_took = watch.elapsed();
    m_since = {};
}

bool WorkspaceWatch::judge(std::uint64_t freeNow)
{
    std::string complaint;
    if (freeNow < m_limits.reserve && freeNow + kNoise < m_freeFirst)
        complaint = fmt::format("The disk has only {} MB left, and {} MB stay free. Remove what you do not need, and write less.", megabytes(freeNow), megabytes(m_limits.reserve));
    else if (m_used.isTooDeep)
        complaint = fmt::format("Folders of the workspace are nested deeper than {}. Remove them: rm -rf.", kDeepestFolder);
    else if (m_used.bytes > m_allowed.bytes)
        complaint = fmt::format("The workspace holds {} MB and may hold {} MB. Remove what you do not need (du -sm /workspace/repo/* shows it); big files that are "
                                  "not part of the project belong in /tmp.",
                                  megabytes(m_used.bytes), megabytes(m_limits.bytes));
    else if (m_used.files > m_allowed.files)
        complaint = fmt::format("The workspace holds {} files and may hold {}. Remove what you do not need.", m_used.files, m_limits.files);
    if (complaint.empty())
        return false;
    m_complaint = std::move(complaint);
    return true;
}

void WorkspaceWatch::stopAll(Lock& lock)
{
    m_allowed.bytes = std::max(m_limits.bytes, m_used.bytes); // whoever grows it further is ended again
    m_allowed.files = std::max(m_limits.files, m_used.files);
    if (m_endIt)
        std::exchange(m_endIt, {})();
    if (!m_hasJobs)
        return;
    lock.unlock(); // this asks the engine
    m_endJobs();
    lock.lock();
}

std::uint64_t WorkspaceWatch::freeBytes() const
{
    struct statvfs space{};
    return ::statvfs(m_folder.c_str(), &space) == 0 ? std::uint64_t(space.f_bavail) * space.f_frsize : ~std::uint64_t(0);
}

} // namespace aap
