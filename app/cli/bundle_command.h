#pragma once

#include <filesystem>
#include <ostream>

#include "app/cli/options.h"
#include "core/store/journal.h"

namespace aap {

// Runs to hand on, signed with the key of this user. Each writes to `out`, complaints to `err`, and returns the program's exit code.

/// bundle ID --to FILE
int bundleCommand(const Options& options, Journal& journal, const std::filesystem::path& keyFile, std::ostream& out, std::ostream& err);
/// bundle verify FILE: 1 when something of it is not as it was, or the signature is not good.
int verifyBundleCommand(const Options& options, const std::filesystem::path& keyFile, std::ostream& out, std::ostream& err);

} // namespace aap
