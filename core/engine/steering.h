#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/domain/run_event.h"

namespace aap {

/// What the user wants of a run while it goes. Any thread wishes; the run's thread takes it up between two turns, between two
/// stages and after a gate, and records what it then does. Thread-safe; outlives the run.
class Steering {
public:
    /// A wish is the event it becomes: SteeringMessage, LimitRaised, SkipAsked or StageSentBack.
    struct Wish {
        std::optional<StageId> stage{};
        Payload payload{};
    };

    /// From the next turn on nothing happens and nothing is paid, until goOn().
    void pause(std::string reason = "paused by the user");
    void goOn();
    /// Wished, at least: what is under way is brought to its end first.
    bool isPaused() const;
    /// To the agent that is running, or the next one; it reads it with its next turn.
    void say(std::string text);
    /// Of a stage, or of the run: see LimitRaised.
    void raise(std::optional<StageId> stage, LimitRaised raised);
    /// Without effect on a stage that has passed.
    void skip(StageId stage, std::string reason = "not wanted by the user");
    /// The run goes back to `stage`, which reads the comment. To the stage that is running it is a message.
    void sendBack(StageId stage, std::string comment);

    // ── the run's side ──
    std::vector<Wish> take();
    /// The reason of a pause; empty: there is none.
    std::string pausedFor() const;
    /// Blocks until goOn() or `stop`.
    void waitUntilGoesOn(const std::stop_token& stop);

private:
    void wish(std::optional<StageId> stage, Payload payload);

    mutable std::mutex m_mutex;
    std::condition_variable_any m_goesOn;
    std::string m_pausedFor;     // guarded by m_mutex
    std::vector<Wish> m_wishes;  // guarded by m_mutex
};

} // namespace aap
