#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/pipeline_spec.h"

namespace aap {

/// A pipeline that was saved under a name: a pipeline file in the user's folder of templates, which --pipeline takes, too.
struct PipelineTemplate {
    std::string name{};
    std::filesystem::path file{};
};

/// By name; none when there is no folder.
std::vector<PipelineTemplate> pipelineTemplates(const std::filesystem::path& folder);
/// What it says, over `defaults` where it says nothing. Invalid names the place.
Result<PipelineSpec> readTemplate(const std::filesystem::path& file, const PipelineSpec& defaults);
/// Written whole, so that it stays as it is when settings change; one of that name is replaced. Invalid: no file can be called that.
Result<PipelineTemplate> saveTemplate(const std::filesystem::path& folder, const std::string& name, const PipelineSpec& spec);
Result<void> removeTemplate(const PipelineTemplate& saved);

} // namespace aap
