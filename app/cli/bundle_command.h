#pragma once

#include <filesystem>
#include <ostream>
#include <stop_token>

#include "app/cli/options.h"
#include "core/store/journal.h"

namespace aap {

class SecretStore;

// Runs to hand on, signed with the key of this user. Each writes to `out`, complaints to `err`, and returns the program's exit code.

/// bundle ID --to FILE. Where the key is kept:
struct KeyPlace {
    std::filesystem::path file{};
    SecretStore* keychain = nullptr; ///< null: none is to be asked
};
int bundleCommand(const Options& options, Journal& journal, const KeyPlace& place, std::ostream& out, std::ostream& err);
/// bundle verify FILE: 1 when something of it is not as it was, or the signature is not good.
int verifyBundleCommand(const Options& options, const std::filesystem::path& keyFile, std::ostream& out, std::ostream& err);
/// import FILE: into a folder below `into`, and the history.
int importCommand(const Options& options, Journal& journal, const std::filesystem::path& into, const std::filesystem::path& keyFile, const std::stop_token& stop,
                  std::ostream& out, std::ostream& err);

} // namespace aap
