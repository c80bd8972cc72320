#pragma once

#include <functional>

#include "core/domain/run_state.h"
#include "core/store/fork_run.h"

class QWidget;

namespace aap {

struct TimeStop;

/// Asks what shall be different in a run that goes its own way from a moment of another: a note, the model, files. Opens a sheet, a
/// child of `owner`, and returns. `ForkWish::runId` is left empty.
void askHowToForkAt(QWidget& owner, const RunState& state, const TimeStop& stop, std::function<void(const ForkWish&)> chosen);

} // namespace aap
