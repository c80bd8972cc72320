#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace aap {

/// A process as /proc shows it from outside.
struct ProcessRow {
    pid_t pid = 0;
    pid_t parent = 0;
    char state = '?';
    std::string name{};
    std::uint64_t cpuTicks = 0; ///< sysconf(_SC_CLK_TCK) to the second
    std::uint64_t residentBytes = 0;
    std::string words{}; ///< the command line, raw, words apart by spaces; empty where nobody may see it
};

/// What it has in memory, of what it shares its part only; residentBytes where we may not look.
std::uint64_t proportionalBytes(const ProcessRow& row);

/// All descendants of `ancestor`, without itself. What ends meanwhile may be missing.
std::vector<ProcessRow> descendantsOf(pid_t ancestor);

} // namespace aap
