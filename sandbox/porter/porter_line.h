#pragma once

#include <functional>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace aap {

/// The stream both ways to a porter, wherever that runs. Belongs to one thread. Destroying it ends the porter and whatever it runs.
class PorterLine {
public:
    PorterLine() = default;
    PorterLine(const PorterLine&) = delete;
    PorterLine& operator=(const PorterLine&) = delete;
    virtual ~PorterLine() = default;

    /// Sends what goes of `words` (and drops that from the view), hands over what the porter has written, and returns as soon as
    /// something moved, or after `wait`. Any error: what comes is not the porter's.
    virtual Result<void> step(std::string_view& words, Milliseconds wait, const std::function<void(std::string_view)>& onBytes) = 0;
    virtual bool hasEnded() const = 0;
    /// Whether the porter itself stands still because of a signal; asked of somebody who sees it from outside.
    virtual bool isPorterStopped() = 0;
};

} // namespace aap
