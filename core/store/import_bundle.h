#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "core/base/result.h"

namespace aap {

class Journal;

/// A run from elsewhere, to be taken into the history and read there.
struct ImportWish {
    std::filesystem::path bundle{};
    std::filesystem::path into{}; ///< holds the folders of imported runs and nothing else; made (0700) when it is not there
};

struct ImportedRun {
    std::string runId{};
    std::string publicKey{}; ///< it was signed with, Base64; whose that is, only people know
    std::size_t files = 0;
};

/// Unpacks a bundle into `<into>/<run id>` and writes its events into the journal, with the key in RunStarted::signedBy: such a run is
/// shown, compared, replayed and exported, and never carried on. All or nothing, also when the program is killed meanwhile. The bytes
/// are a stranger's: nothing is written outside of that folder, no link leads out of it, no git folder is made, and no more than
/// 200 000 files, 1 GiB each and 4 GiB together. Blocks; for a worker thread.
/// Invalid: it is no bundle, not as it was signed, its events are those of no run that has ended, or the history has a run of that id.
/// Unavailable: another import is going on. Stopped, Io.
Result<ImportedRun> importBundle(const ImportWish& wish, Journal& journal, const std::stop_token& stop);

} // namespace aap
