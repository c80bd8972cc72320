#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/domain/run_event.h"

namespace aap {

class Journal;
class Redactor;

/// Adds something to a run's history that happened outside of any program that carries it out, such as an alert of what it has deployed.
/// False: a program works on the run now, whose own events must not be disturbed; nothing was added. Blocks. Errors are the journal's;
/// NotFound: there is no such run. `journalFile`: beside which the locks of runs lie.
Result<bool> recordLate(const std::filesystem::path& journalFile, Journal& journal, const Redactor& redactor, const std::string& runId, std::optional<StageId> stage,
                        Payload payload);

} // namespace aap
