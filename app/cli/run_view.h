#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string_view>

#include "core/engine/run_recorder.h"

namespace aap {

/// How much the plain and the live view say.
struct ViewOptions {
    bool colour = true;
    bool verbose = false; ///< tool output and thinking too
    bool quiet = false;   ///< nothing but the end
    bool takesKeys = false; ///< somebody can steer: the live view says how
};

/// Shows a run in the terminal while it goes: RunObserver's calls come from the run's thread.
class RunView : public RunObserver {
public:
    /// Clears the way for a question or the last words: nothing is drawn until resume().
    virtual void suspend() {}
    virtual void resume() {}
    /// A sentence for whoever watches. Any thread.
    virtual void note(std::string_view /*sentence*/) {}
    /// The stage whose agent is at work. Any thread.
    virtual std::optional<StageId> runningStage() const { return std::nullopt; }
};

/// One JSON object per durable event on `out`, nothing else.
std::unique_ptr<RunView> makeJsonView(std::ostream& out);
/// Plain lines, for pipes and logs.
std::unique_ptr<RunView> makePlainView(std::ostream& out, ViewOptions options);
/// The agents' text above, one line per stage below; needs a terminal on standard output.
std::unique_ptr<RunView> makeLiveView(std::ostream& out, ViewOptions options);

} // namespace aap
