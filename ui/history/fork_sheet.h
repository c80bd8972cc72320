#pragma once

#include <functional>

#include "core/domain/run_state.h"
#include "core/store/fork_run.h"

class QWidget;

namespace aap {

/// Asks from which stage a run shall be gone through again, and what shall be different. Opens a sheet, a child of `owner`, and returns;
/// false, and nothing is opened, when no stage of the run has begun. `ForkWish::runId` is left empty.
bool askWhereToFork(QWidget& owner, const RunState& state, std::function<void(const ForkWish&)> chosen);

/// What a run used from a stage on, as what it will use again: "Last time these stages cost $1.20 and took 4 min 5 s."
QString costFrom(const RunState& state, StageId stage);

} // namespace aap
