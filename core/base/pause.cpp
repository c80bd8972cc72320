#include "core/base/pause.h"

#include <condition_variable>
#include <mutex>

namespace aap {

bool pause(Milliseconds span, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, span, [] { return false; });
    return !stop.stop_requested();
}

} // namespace aap
