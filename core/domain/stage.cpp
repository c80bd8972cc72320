#include "core/domain/stage.h"

#include <algorithm>
#include <cctype>

namespace aap {
namespace {

struct Names {
    StageId stage;
    std::string_view slug;
    std::string_view title;
    std::string_view alias;
};

constexpr std::array kNames{
    Names{StageId::Architecture, "architecture", "Architecture", "architect"},
    Names{StageId::Coding, "coding", "Coding", "code"},
    Names{StageId::Testing, "testing", "Testing", "test"},
    Names{StageId::Deployment, "deployment", "Deployment", "deploy"},
    Names{StageId::Monitoring, "monitoring", "Monitoring", "monitor"},
    Names{StageId::ArchitectureReview, "architecture-review", "Architecture review", "architecture_review"},
    Names{StageId::CodeReview, "code-review", "Code review", "code_review"},
    Names{StageId::QualityReview, "qa", "Quality review", "quality-review"},
};

const Names& namesOf(StageId stage)
{
    return *std::ranges::find(kNames, stage, &Names::stage);
}

} // namespace

std::string_view slug(StageId stage)
{
    return namesOf(stage).slug;
}

std::string_view title(StageId stage)
{
    return namesOf(stage).title;
}

std::optional<StageId> parseStage(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    for (const auto& names : kNames)
        if (lower == names.slug || lower == names.alias)
            return names.stage;
    return std::nullopt;
}

} // namespace aap
