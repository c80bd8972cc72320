#pragma once

#include <map>
#include <string>

#include "core/base/json.h"

namespace aap {

/// How our things in the engine are told from those of others and of the dead: aap.app, aap.host, aap.boot and aap.pid name the
/// program that made them.
using Labels = std::map<std::string, std::string>;
Labels ownLabels();
/// Whether what has these labels was made on this machine by a process that is gone. False where that cannot be known.
bool isOrphan(const Labels& labels);
/// "Labels" of what the engine lists or inspects.
Labels labelsOf(const Json& object);

} // namespace aap
