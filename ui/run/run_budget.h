#pragma once

#include <optional>

#include "core/domain/run_state.h"

namespace aap {

/// What the run may cost; none: it has no such limit. Quick enough to be asked with every event.
inline std::optional<Money> budgetOf(const RunState& state)
{
    const auto& pipeline = state.started.pipeline;
    const auto limits = pipeline.is_object() ? pipeline.find("limits") : pipeline.end();
    if (limits == pipeline.end() || !limits->is_object())
        return std::nullopt;
    const auto usd = limits->find("usd");
    return usd != limits->end() && usd->is_number() ? std::optional(Money::usd(usd->get<double>())) : std::nullopt;
}

} // namespace aap
