#pragma once

#include <string>

#include "core/base/result.h"

namespace aap {

/// A filter of system calls in the form that Docker reads (JSON), made into the program that the kernel runs (BPF, raw bytes). Names
/// that the library does not know stay forbidden. Invalid: the profile makes no sense.
Result<std::string> seccompProgram(const std::string& profile);

} // namespace aap
