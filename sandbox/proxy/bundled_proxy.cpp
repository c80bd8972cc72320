#include "sandbox/proxy/bundled_proxy.h"

#include <string>
#include <string_view>

#include "core/base/files.h"

asm(".section .rodata\n"
    "aap_proxy_begin: .incbin \"" AAP_PROXY_FILE "\"\n"
    "aap_proxy_end: .byte 0\n"
    ".previous\n");
extern "C" const char aap_proxy_begin[];
extern "C" const char aap_proxy_end[];

namespace aap {

Result<std::filesystem::path> placeProxy(const std::filesystem::path& folder)
{
    const std::string_view program(aap_proxy_begin, std::size_t(aap_proxy_end - aap_proxy_begin));
    const auto file = folder / ("proxy-" + sha256(program).substr(0, 16));
    const auto there = readFile(file);
    if (there && *there == program)
        return file;
    if (auto written = writeFileAtomically(file, program, FileMode::Executable); !written)
        return std::move(written).error().during("put down the proxy for sandboxes");
    return file;
}

} // namespace aap
