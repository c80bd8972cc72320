#pragma once

#include "core/base/json.h"
#include "core/base/redact.h"

namespace aap {

/// Every text in it, redacted; keys are ours and stay.
void redactTexts(Json& json, const Redactor& redactor);

} // namespace aap
