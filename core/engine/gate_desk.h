#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "core/pipeline/run_request.h"

namespace aap {

/// Where a run waits at a gate until somebody decides: the run's thread asks, any other thread answers.
class GateDesk final : public Approver {
public:
    /// `opened` is called on the run's thread when a gate opens; may be empty.
    explicit GateDesk(std::function<void(const GateOpened&)> opened = {});

    Answer ask(const GateOpened& gate, const std::stop_token& stop) override;
    /// Answers the gate that is open; false, and without effect, when none is. Thread-safe.
    bool decide(Answer answer);

private:
    std::function<void(const GateOpened&)> m_opened;
    std::mutex m_mutex;
    std::condition_variable_any m_decided;
    bool m_isOpen = false;          // guarded by m_mutex
    std::optional<Answer> m_answer; // guarded by m_mutex
};

} // namespace aap
