#pragma once

#include <stop_token>

#include "core/base/time.h"

namespace aap {

/// While one lives, what libgit2 does on the network from this thread ends when `stop` is requested or the deadline has passed,
/// a silent server notwithstanding: libgit2 itself waits for ever. One a thread; only looking a name up is not cut short.
class GitPatience {
public:
    GitPatience(std::stop_token stop, Deadline deadline);
    GitPatience(const GitPatience&) = delete;
    GitPatience& operator=(const GitPatience&) = delete;
    ~GitPatience();

    bool isOver() const { return m_stop.stop_requested() || m_deadline.hasPassed(); }

private:
    std::stop_token m_stop;
    Deadline m_deadline;
};

} // namespace aap
