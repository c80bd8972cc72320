#pragma once

namespace aap {

/// What the user wants of the desktop while the window is not in front.
struct DesktopWishes {
    bool tellNeedsYou = true;
    bool tellFinished = true;
    bool tellFailed = true;
    bool tellBudget = true; ///< most of it, and all of it
    bool tellEngine = true; ///< a run has lost what it needs
    bool keepAwake = true;
};

} // namespace aap
