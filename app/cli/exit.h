#pragma once

#include <string>

#include "core/base/result.h"

namespace aap {

/// "error: what happened. What to do." on standard error, one line.
void complain(const std::string& what, const std::string& remedy);
/// Complains and hands the exit code on.
int failed(const Error& error, int exitCode);
/// The exit code for an error before a run began: PIPELINE's endings.
int exitCodeOf(const Error& error);

} // namespace aap
