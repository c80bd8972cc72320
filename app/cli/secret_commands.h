#pragma once

#include <iosfwd>

#include "app/cli/options.h"

namespace aap {

class Composition;

/// 'secret set', 'secret list' and 'secret remove': which secrets of the project sandboxes are given, and where their values are kept. A
/// value is read from `in` alone, goes into the keychain and nowhere else, and is never shown.
int secretCommand(const Options& options, const Composition& composition, std::istream& in, std::ostream& out);

} // namespace aap
