#pragma once

#include <string>

#include "core/base/result.h"
#include "core/domain/run_event.h"

namespace aap {

class Journal;
class Redactor;

/// Answers the gate at which a run ended waiting, so that it goes on there when it is resumed: approved, or sent back with the
/// comment. Returns the gate. Invalid: the run waits at none, or a rejection says nothing.
Result<GateOpened> decideGate(const std::string& runId, const GateDecided& decision, Journal& journal, const Redactor& redactor);

} // namespace aap
