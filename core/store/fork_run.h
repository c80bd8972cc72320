#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/domain/stage.h"

namespace aap {

class Journal;

/// A new run that shares the past of another up to a stage, and goes its own way from there.
struct ForkWish {
    std::string from{};      ///< id of the other run
    std::string runId{};     ///< of the new one
    StageId stage{};         ///< the first one that is done anew
    std::string note{};      ///< for that stage's agent; may be empty
    std::string model{};     ///< of the stages that name none; empty: as before
};

/// Writes the new run's past into the journal and copies what lies in the output folder, beside which its own is made; the new run is
/// then like one that was interrupted before the stage, and is resumed. The other run stays as it is. Invalid: it never came to
/// that stage; Io: its output folder, with the snapshots, is gone or cannot be copied; no folder is left then.
Result<void> forkRun(const ForkWish& wish, Journal& journal);

} // namespace aap
