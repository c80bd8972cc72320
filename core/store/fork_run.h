#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/domain/stage.h"

namespace aap {

class Journal;

/// A new run that shares the past of another, and goes its own way from there.
struct ForkWish {
    std::string from{};  ///< id of the other run
    std::string runId{}; ///< of the new one

    // Where the ways part: one of the two.
    std::optional<StageId> stage{};   ///< before this stage began for the first time
    std::optional<std::int64_t> at{}; ///< after this event

    std::string note{};                           ///< for the agent that works on: that of the stage, or of the dialogue that was going on; may be empty
    std::string model{};                          ///< of the stages that name none; empty: as before
    std::map<std::string, std::string> files{};   ///< edited by the user: path below repo/ -> content
};

/// Writes the new run's past into the journal and copies what belongs to it from the output folder, beside which its own is made; the
/// new run is then like one that was interrupted there, and is resumed. The other run stays as it is. Invalid: it never came to that
/// stage or event, had ended by then, or has nobody left whom the note could reach; a file that cannot be edited. NotFound: it had no
/// snapshot yet that could be edited. Io: its output folder, with the snapshots, is gone or cannot be copied; no folder is left then.
Result<void> forkRun(const ForkWish& wish, Journal& journal);

} // namespace aap
