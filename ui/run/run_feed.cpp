#include "ui/run/run_feed.h"

#include <QTimer>

namespace aap {

RunFeed::RunFeed(QObject* parent) :
    QObject(parent)
{
}

void RunFeed::happened(const RunEvent& event, const RunState& state)
{
    std::unique_lock lock(m_mutex);
    const bool first = m_waiting.events.empty() && m_waiting.live.empty();
    m_waiting.events.push_back(event);
    m_waiting.state = state;
    lock.unlock();
    ring(first);
}

void RunFeed::live(const LiveEvent& event)
{
    std::unique_lock lock(m_mutex);
    const bool first = m_waiting.events.empty() && m_waiting.live.empty();
    auto& pieces = m_waiting.live;
    const bool goesOn = !pieces.empty() && pieces.back().kind == event.kind && pieces.back().stage == event.stage
        && pieces.back().callId == event.callId;
    if (goesOn)
        pieces.back().text += event.text; // a flood of small pieces stays one row of work
    else
        pieces.push_back(event);
    lock.unlock();
    ring(first);
}

void RunFeed::ring(bool first)
{
    if (!first)
        return; // the first of a batch rings the bell, the others just queue up
    QMetaObject::invokeMethod(
        this, [this] { QTimer::singleShot(33, this, &RunFeed::deliver); }, Qt::QueuedConnection);
}

void RunFeed::deliver()
{
    RunBatch batch;
    {
        const std::lock_guard lock(m_mutex);
        batch.events.swap(m_waiting.events);
        batch.live.swap(m_waiting.live);
        batch.state = m_waiting.state;
    }
    if (!batch.events.empty() || !batch.live.empty())
        emit arrived(batch); // never while holding the lock
}

} // namespace aap
