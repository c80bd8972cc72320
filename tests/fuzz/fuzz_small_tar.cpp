#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sandbox/archive/small_tar.h"

/// An archive that the engine sends out of a container that foreign code was in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto content = aap::onlyFileOf(std::string_view(reinterpret_cast<const char*>(data), size));
    if (content && content->size() > (1U << 20U))
        std::abort();
    return 0;
}
