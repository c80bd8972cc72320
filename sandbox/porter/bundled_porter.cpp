#include "sandbox/porter/bundled_porter.h"

#include "sandbox/bundled_program.h"

asm(".section .rodata\n"
    "aap_porter_begin: .incbin \"" AAP_PORTER_FILE "\"\n"
    "aap_porter_end: .byte 0\n"
    ".previous\n");
extern "C" const char aap_porter_begin[];
extern "C" const char aap_porter_end[];

namespace aap {

std::string_view bundledPorter()
{
    return {aap_porter_begin, std::size_t(aap_porter_end - aap_porter_begin)};
}

Result<std::filesystem::path> placePorter(const std::filesystem::path& folder)
{
    return placeProgram(folder, "porter", bundledPorter());
}

} // namespace aap
