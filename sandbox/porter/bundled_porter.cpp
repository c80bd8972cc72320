#include "sandbox/porter/bundled_porter.h"

#include <string>

#include "core/base/files.h"

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
    const auto file = folder / ("porter-" + sha256(bundledPorter()).substr(0, 16));
    const auto there = readFile(file);
    if (there && *there == bundledPorter())
        return file;
    if (auto written = writeFileAtomically(file, bundledPorter(), FileMode::Executable); !written)
        return std::move(written).error().during("put down the porter for sandboxes");
    return file;
}

} // namespace aap
