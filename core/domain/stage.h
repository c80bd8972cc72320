#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace aap {

/// The five stages of the pipeline, in their fixed order, and the three of a review.
enum class StageId {
    Architecture,
    Coding,
    Testing,
    Deployment,
    Monitoring,
    ArchitectureReview,
    CodeReview,
    QualityReview,
};

inline constexpr std::array kPipelineStages{StageId::Architecture, StageId::Coding, StageId::Testing,
                                            StageId::Deployment, StageId::Monitoring};
inline constexpr std::array kReviewStages{StageId::ArchitectureReview, StageId::CodeReview, StageId::QualityReview};

/// "coding": in files, on the command line and in object names.
std::string_view slug(StageId stage);
/// "Coding": to people.
std::string_view title(StageId stage);
/// Takes slugs in any case and the plan's names ("architect", "code", "test", "deploy", "monitor").
std::optional<StageId> parseStage(std::string_view text);

} // namespace aap
