#pragma once

#include "core/base/json.h"
#include "core/domain/usage.h"

namespace aap {

/// Takes over what the Messages API's `usage` object says; figures are cumulative, so a member replaces what was known and an
/// absent or null one leaves it. Does not touch `calls`.
void updateFromApi(Usage& usage, const Json& api);
/// The same object for files of ours.
Json toApi(const Usage& usage);

} // namespace aap
