#include "core/engine/gate_desk.h"

namespace aap {

GateDesk::GateDesk(std::function<void(const GateOpened&)> opened) :
    m_opened(std::move(opened))
{
}

Approver::Answer GateDesk::ask(const GateOpened& gate, const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_isOpen = true;
    m_answer.reset();
    if (m_opened) {
        lock.unlock();
        m_opened(gate);
        lock.lock();
    }
    m_decided.wait(lock, stop, [this] { return m_answer.has_value(); });
    m_isOpen = false;
    // Stopped while it waited: the run ends by its stop_token, nobody has decided anything.
    return m_answer.value_or(Answer{.decision = Decision::Waiting, .by = {}, .comment = {}});
}

bool GateDesk::decide(Answer answer)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isOpen)
            return false;
        m_answer = std::move(answer);
    }
    m_decided.notify_all();
    return true;
}

} // namespace aap
