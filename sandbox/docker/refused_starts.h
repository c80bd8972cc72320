#pragma once

#include <cstdint>
#include <string>

namespace aap {

/// How often the kernel has refused a process or thread of this container because of its limit, as this machine's cgroups say: no word of
/// what runs inside counts. 0 where they cannot be read, as with an engine in a machine of its own.
std::uint64_t refusedStarts(const std::string& containerId);

} // namespace aap
