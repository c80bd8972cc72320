#include "sandbox/docker/refused_starts.h"

#include <charconv>

#include <fmt/format.h>

#include "core/base/files.h"

namespace aap {
namespace {

constexpr std::size_t kMostOfEvents = 4096;

/// By the first and second version of cgroups, each as the engine itself or systemd names them.
constexpr const char* kPlaces[] = {"/sys/fs/cgroup/pids/docker/{}/pids.events", "/sys/fs/cgroup/system.slice/docker-{}.scope/pids.events",
                                   "/sys/fs/cgroup/pids/system.slice/docker-{}.scope/pids.events", "/sys/fs/cgroup/docker/{}/pids.events"};

} // namespace

std::uint64_t refusedStarts(const std::string& containerId)
{
    for (const auto* place : kPlaces) {
        const auto events = readFile(fmt::format(fmt::runtime(place), containerId), kMostOfEvents);
        if (!events)
            continue;
        const auto at = events->find("max ");
        std::uint64_t count = 0;
        if (at != std::string::npos)
            (void)std::from_chars(events->data() + at + 4, events->data() + events->size(), count);
        return count;
    }
    return 0;
}

} // namespace aap
