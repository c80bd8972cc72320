#pragma once

#include <ostream>

#include "app/cli/options.h"
#include "core/store/journal.h"

namespace aap {

class Prices;

// What became of earlier runs. Each writes to `out`, complaints to `err`, and returns the program's exit code: 0, 1 when
// something is wrong with the results, 2 for what was typed. With --json every line is one JSON document.

/// All runs, newest first.
int runsCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err);
/// What a run has come to, for a person; `unended` is what is said of one that has no end.
void showRun(const RunState& state, const Prices& prices, std::ostream& out, std::string_view unended = "Interrupted");
/// One line an event, with its number; "*" marks those that left a snapshot of the project.
void showEvents(const std::vector<RunEvent>& events, bool asJson, std::ostream& out);
/// One run: its stages, what is wrong and what it cost; with --events every event; with --at as it stood after one of them.
int showCommand(const Options& options, Journal& journal, const Prices& prices, std::ostream& out, std::ostream& err);
/// Its output folder as a ZIP file or a folder.
int exportCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err);
/// Runs side by side: stages, verdicts, time, tokens, cost, tests, coverage, files.
int compareCommand(const Options& options, Journal& journal, std::ostream& out, std::ostream& err);
/// An output folder against its manifest; 1 when they differ.
int verifyCommand(const Options& options, std::ostream& out, std::ostream& err);

} // namespace aap
