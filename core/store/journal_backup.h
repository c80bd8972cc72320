#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace aap {

// Copies of the whole history, and its shortening. Each opens the journal for itself; runs may go on meanwhile.

/// Writes a complete, consistent copy of the journal, whatever is written to it meanwhile. `target` must not exist (Invalid); only
/// its owner can read it.
Result<void> backUpJournal(const std::filesystem::path& journal, const std::filesystem::path& target);

/// Replaces the history by that of a backup, all or nothing. How many runs it has. Invalid: the file is no intact journal, or of a newer
/// version; the history is then as it was. No run may be going on: the caller sees to that.
Result<int> restoreJournal(const std::filesystem::path& journal, const std::filesystem::path& backup);

/// Forgets these runs; ids that are not there are ignored.
Result<void> forgetRuns(const std::filesystem::path& journal, const std::vector<std::string>& runIds);

} // namespace aap
