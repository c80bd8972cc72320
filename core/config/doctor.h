#pragma once

#include <string>

#include "core/base/time.h"

namespace aap {

/// What the doctor says about one thing that a run needs.
struct Finding {
    enum class Status {
        Ok,
        Warn, ///< a run can start, but people should know
        Fail, ///< a run cannot start
    };
    std::string id{};         ///< "docker": stable, for programs
    std::string title{};      ///< "Docker engine"
    Status status{};
    std::string detail{};     ///< what was found
    std::string remedy{};     ///< what to do about it, a whole sentence; empty when there is nothing to do
    std::string fixCommand{}; ///< a shell command that mends it, when there is one
    Milliseconds duration{};  ///< how long it took to look
};

} // namespace aap
