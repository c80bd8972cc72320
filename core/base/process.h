#pragma once

namespace aap {

/// Keeps other processes of the same user from reading our memory and environment, where keys are, and the kernel from writing
/// them to a core file. Call it first in main. Debuggers cannot attach any more; /proc/self/fd and the like become root's.
void protectProcess();

} // namespace aap
