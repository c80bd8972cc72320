#include <cstdint>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "core/store/bundle.h"

/// A bundle that somebody sent: whatever is in it, it is looked at, nothing is unpacked, and only one that is signed as it stands is good.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const int file = ::memfd_create("bundle", MFD_CLOEXEC);
    if (file < 0 || ::write(file, data, size) != ssize_t(size))
        std::abort(); // memory of our own
    const auto found = aap::verifyBundle("/proc/self/fd/" + std::to_string(file));
    ::close(file);
    if (found && found->isGood() && (found->runId.empty() || found->publicKey.empty()))
        std::abort();
    if (!found && (found.error().detail.empty() || found.error().remedy.empty()))
        std::abort();
    return 0;
}
