#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/domain/run_event.h"
#include "core/llm/language_model.h"

namespace aap {

/// What a dialogue that goes on has behind it: everything recorded before it was interrupted, each handed out once and in order.
/// Whoever takes from it decides as it did then, so that every count and every message is what it was. One thread.
class DialoguePast {
public:
    /// What is known of a call of the turn that was taken last.
    struct Call {
        const ToolFinished* finished = nullptr; ///< null: it had begun, and what became of it is not known
    };

    DialoguePast() = default;
    /// The events of one visit of a stage, interruptions included. Turns that came to nothing are left out.
    explicit DialoguePast(std::vector<RunEvent> events);

    bool isOver() const { return m_next == m_events.size(); }
    bool isUserTurnNext() const { return nextIs<UserTurn>(); }

    // What comes next, if it is of that kind.
    const UserTurn* userTurn();
    std::optional<ModelReply> reply();
    bool submitted();

    /// What the user said that never reached the agent; handed out once.
    std::vector<std::string> takeUnheard() { return std::exchange(m_unheard, {}); }

    /// Null for a call that had not begun.
    const Call* call(const std::string& id) const;

private:
    template <typename P>
    bool nextIs() const
    {
        return !isOver() && std::holds_alternative<P>(m_events[m_next].payload);
    }
    void takeCalls();

    std::vector<RunEvent> m_events{};
    std::size_t m_next = 0;
    std::map<std::string, Call> m_calls{};
    std::vector<std::string> m_unheard{};
};

} // namespace aap
