#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/engine/run_recorder.h"
#include "core/store/run_facts.h"

namespace aap {

/// Watches a replay and compares it with what the recorded run came to, fact by fact; the first difference ends it. Shows everything to
/// another observer, too.
class ExpectedRun final : public RunObserver {
public:
    /// `differs` is called on the run's thread at the first difference. `inner` outlives this.
    ExpectedRun(std::vector<RunFact> expected, RunObserver& inner, std::function<void()> differs);

    void happened(const RunEvent& event, const RunState& state) override;
    void live(const LiveEvent& event) override { m_inner.live(event); }

    /// When the run is over. Facts that never came are a difference, too.
    std::optional<FactDifference> difference() const;
    std::size_t same() const { return m_same; } ///< facts that were as expected

private:
    void compare(const RunFact& actual);

    const std::vector<RunFact> m_expected;
    RunObserver& m_inner;
    const std::function<void()> m_differs;
    std::optional<FactReader> m_reader{};
    std::optional<FactDifference> m_difference{};
    std::size_t m_same = 0;
};

} // namespace aap
