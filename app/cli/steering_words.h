#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/domain/run_event.h"

namespace aap {

/// A limit as somebody types it: "usd 8", "turns 40", "coding turns 40"; of a stage when it begins with one.
struct TypedLimit {
    std::optional<StageId> stage{};
    LimitRaised raised{};
};
/// Invalid, with what can be typed.
Result<TypedLimit> parseTypedLimit(std::string_view line);

/// "coding": a stage and, behind it, words of whatever kind; the stage is `running` when the line does not begin with one.
struct TypedStage {
    std::optional<StageId> stage{};
    std::string rest{};
};
TypedStage parseTypedStage(std::string_view line, std::optional<StageId> running);

} // namespace aap
