#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/domain/run_state.h"
#include "core/store/journal.h"
#include "core/store/output_folder.h"

namespace aap {

// What the commands about the past have in common. They write to streams, complaints to `err`, and return the program's exit code.

/// Says what is wrong and what to do; 2 for what was typed, else 1.
int refused(const Error& error, std::ostream& err);

/// One JSON document on a line.
void writeLine(std::ostream& out, const Json& document);

/// Foreign text on one line of a table.
std::string cell(const std::string& text, std::size_t columns);

/// What is not as a list of files says, one on a line.
void listDifferences(const Verification& found, std::ostream& out);

/// A run of the history.
struct KnownRun {
    RunState state{};
    std::vector<RunEvent> events{};
    int exitCode = 0; ///< 1 when a part of it cannot be read any more

    std::string snapshots() const { return state.started.output + "/snapshots.git"; }
};

/// By its id, the beginning of it, or "last". Of a journal that is damaged, what can still be read; that is said on `err`.
Result<KnownRun> knownRun(const std::string& text, Journal& journal, std::ostream& err);

} // namespace aap
