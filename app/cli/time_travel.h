#pragma once

#include <ostream>

#include "app/cli/options.h"
#include "core/store/journal.h"

namespace aap {

class Prices;

// A run as it stood after one of its events. Each writes to `out`, complaints to `err`, and returns the program's exit code as the
// commands in history.h do. The project is that of the newest snapshot by then.

/// show ID --at N: the state, and the files of the project; with --events the events up to then.
int showAtCommand(const Options& options, Journal& journal, const Prices& prices, std::ostream& out, std::ostream& err);
/// diff ID N M: what changed in the project between two events, as a unified diff; 0 stands for the time before the first stage.
/// `forTerminal`: nothing is printed that a terminal would obey.
int diffCommand(const Options& options, Journal& journal, bool forTerminal, std::ostream& out, std::ostream& err);
/// restore ID --at N --to FOLDER: the files of the project, into a new folder.
int restoreCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err);

} // namespace aap
