#include "core/engine/steering.h"

#include <utility>

namespace aap {

void Steering::pause(std::string reason)
{
    const std::lock_guard lock(m_mutex);
    m_pausedFor = reason.empty() ? "paused" : std::move(reason);
}

void Steering::goOn()
{
    {
        const std::lock_guard lock(m_mutex);
        m_pausedFor.clear();
    }
    m_goesOn.notify_all();
}

bool Steering::isPaused() const
{
    return !pausedFor().empty();
}

void Steering::say(std::string text)
{
    wish({}, SteeringMessage{std::move(text)});
}

void Steering::raise(std::optional<StageId> stage, LimitRaised raised)
{
    wish(stage, std::move(raised));
}

void Steering::skip(StageId stage, std::string reason)
{
    wish(stage, SkipAsked{std::move(reason)});
}

void Steering::sendBack(StageId stage, std::string comment)
{
    wish(stage, StageSentBack{std::move(comment)});
}

std::vector<Steering::Wish> Steering::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_wishes, {});
}

std::string Steering::pausedFor() const
{
    const std::lock_guard lock(m_mutex);
    return m_pausedFor;
}

void Steering::waitUntilGoesOn(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_goesOn.wait(lock, stop, [this] { return m_pausedFor.empty(); });
}

void Steering::wish(std::optional<StageId> stage, Payload payload)
{
    const std::lock_guard lock(m_mutex);
    m_wishes.push_back({stage, std::move(payload)});
}

} // namespace aap
