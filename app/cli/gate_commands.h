#pragma once

#include <ostream>

#include "app/cli/options.h"
#include "core/base/redact.h"
#include "core/store/journal.h"

namespace aap {

/// approve and reject: answers the gate at which a run waits; 'resume' carries it on. Returns the program's exit code.
int decideCommand(const Options& options, Journal& journal, const Redactor& redactor, std::ostream& out, std::ostream& err);

} // namespace aap
