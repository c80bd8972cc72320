#include "sandbox/bundled_program.h"

#include "core/base/files.h"

namespace aap {

Result<std::filesystem::path> placeProgram(const std::filesystem::path& folder, const std::string& name, std::string_view program)
{
    const auto file = folder / (name + "-" + sha256(program).substr(0, 16));
    const auto there = readFile(file);
    if (there && *there == program)
        return file;
    if (auto written = writeFileAtomically(file, program, FileMode::Executable); !written)
        return std::move(written).error().during("put down the " + name + " for sandboxes");
    return file;
}

} // namespace aap
