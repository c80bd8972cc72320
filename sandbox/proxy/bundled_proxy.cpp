#include "sandbox/proxy/bundled_proxy.h"

#include "sandbox/bundled_program.h"

asm(".section .rodata\n"
    "aap_proxy_begin: .incbin \"" AAP_PROXY_FILE "\"\n"
    "aap_proxy_end: .byte 0\n"
    ".previous\n");
extern "C" const char aap_proxy_begin[];
extern "C" const char aap_proxy_end[];

namespace aap {

Result<std::filesystem::path> placeProxy(const std::filesystem::path& folder)
{
    return placeProgram(folder, "proxy", {aap_proxy_begin, std::size_t(aap_proxy_end - aap_proxy_begin)});
}

} // namespace aap
