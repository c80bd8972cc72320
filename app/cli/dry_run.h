#pragma once

#include <stop_token>

#include "core/pipeline/run_request.h"

namespace aap {

class Composition;

/// Checks everything a run would need and forecasts what it will take, without beginning one. 0 when it could begin; else the exit code
/// it would end with.
int dryRun(const RunRequest& request, bool asJson, const Composition& composition, const std::stop_token& stop);

} // namespace aap
