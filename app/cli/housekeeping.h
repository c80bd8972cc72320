#pragma once

#include <filesystem>
#include <ostream>

#include "app/cli/options.h"
#include "core/base/time.h"
#include "core/config/app_config.h"
#include "core/store/journal.h"

namespace aap {

// Keeping things small and safe. Each writes to `out`, complaints to `err`, and returns the program's exit code.

/// Forgets runs that have ended and removes their output folders: those older than --older-than ("30d"), but never the --keep
/// newest; one of the two must be given. With --dry-run nothing is removed. Runs that go on, wait or were interrupted stay.
int pruneRunsCommand(const Options& options, Journal& journal, const std::filesystem::path& journalFile, TimePoint at, std::ostream& out, std::ostream& err);
/// The history as one file.
int backupCommand(const Options& options, const std::filesystem::path& journalFile, std::ostream& out, std::ostream& err);
/// The history from such a file, in place of what is there.
int restoreBackupCommand(const Options& options, const std::filesystem::path& journalFile, std::ostream& out, std::ostream& err);
/// What was set anywhere, without secrets, to a file or, as "-", to `out`.
int exportConfigCommand(const Options& options, const AppConfig& config, std::ostream& out, std::ostream& err);
/// Checks a file and makes it the user's configuration; one with a secret in it is refused.
int importConfigCommand(const Options& options, const std::filesystem::path& configFolder, std::ostream& out, std::ostream& err);

/// "30d", "12h", "2w", "90m". Invalid for anything else, and beyond a hundred years.
Result<Milliseconds> parseSpan(std::string_view text);

} // namespace aap
