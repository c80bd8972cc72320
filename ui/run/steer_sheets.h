#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <QString>

#include "core/domain/run_state.h"

class QWidget;

namespace aap {

// What a user can wish of a run beyond a word to its agent. Each opens a sheet, a child of `owner`, and returns; `chosen` is called when
// the user has.

/// Which limit shall be what. False, and nothing is opened, when the run has none.
bool askForLimit(QWidget& owner, const RunState& state, const QString& verb, std::function<void(std::optional<StageId>, LimitRaised)> chosen);
/// Stages that have not passed.
bool askWhatToSkip(QWidget& owner, const RunState& state, std::function<void(StageId)> chosen);
/// A stage that has begun, and what shall change.
bool askWhatToSendBack(QWidget& owner, const RunState& state, std::function<void(StageId, const QString&)> chosen);

/// The limits that hold now, as raising them wants them: a run's first.
struct HeldLimit {
    std::optional<StageId> stage{};
    LimitRaised now{};
};
std::vector<HeldLimit> heldLimits(const RunState& state);
/// "Budget of the run: $5.00"
QString limitWords(const HeldLimit& limit);

} // namespace aap
