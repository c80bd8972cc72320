#include "core/project/pipeline_templates.h"

#include <algorithm>

#include "core/base/files.h"

namespace aap {
namespace {

constexpr std::size_t kLongestTemplateName = 80;
constexpr std::uintmax_t kLargestTemplate = 1U << 20U;
constexpr auto kTemplateEnding = ".json";

bool isTemplateName(const std::string& name)
{
    const bool isPlain = std::ranges::none_of(name, [](unsigned char c) { return c < ' ' || c == '/' || c == 0x7f; });
    return isPlain && !name.empty() && name.size() <= kLongestTemplateName && name.front() != '.' && name.front() != ' ' && name.back() != ' ';
}

} // namespace

std::vector<PipelineTemplate> pipelineTemplates(const std::filesystem::path& folder)
{
    std::vector<PipelineTemplate> found;
    std::error_code failed;
    for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
        if (at->path().extension() == kTemplateEnding && isTemplateName(at->path().stem().string()) && at->is_regular_file(failed))
            found.push_back({at->path().stem().string(), at->path()});
    std::ranges::sort(found, {}, &PipelineTemplate::name);
    return found;
}

Result<PipelineSpec> readTemplate(const std::filesystem::path& file, const PipelineSpec& defaults)
{
    const auto text = readFile(file, kLargestTemplate);
    if (!text)
        return Error(text.error()).during("read the template");
    auto spec = parsePipelineSpec(*text, [&defaults](RunMode) { return defaults; });
    if (!spec)
        return std::move(spec).error().during("template " + file.stem().string()).advise("Correct that place in " + file.string() + ", or remove the file.");
    spec->mode = defaults.mode;
    return spec;
}

Result<PipelineTemplate> saveTemplate(const std::filesystem::path& folder, const std::string& name, const PipelineSpec& spec)
{
    if (!isTemplateName(name))
        return Error{ErrorCode::Invalid, "a template cannot be called '" + name.substr(0, kLongestTemplateName) + "'", {},
                     "Choose a name without slashes that does not begin with a dot."};
    const auto file = folder / (name + kTemplateEnding);
    if (auto written = writeFileAtomically(file, toJson(spec).dump(2, ' ', false, Json::error_handler_t::replace) + "\n"); !written)
        return std::move(written).error().during("save the template");
    return PipelineTemplate{name, file};
}

Result<void> removeTemplate(const PipelineTemplate& saved)
{
    std::error_code failed;
    std::filesystem::remove(saved.file, failed);
    return failed ? Result<void>(Error{ErrorCode::Io, "the template " + saved.name + " cannot be removed: " + failed.message()}) : Result<void>();
}

} // namespace aap
